import Foundation
import ReplanNumerics
import Testing

/// Error in units in the last place of the correctly rounded result.
private func ulps(_ found: Float, _ exact: Double) -> Double {
  abs(Double(found) - exact) / Double(Float(exact).ulp)
}

/// The largest error over a sweep, and whether scalar and lane agree bit for bit everywhere.
private func sweep(
  _ range: ClosedRange<Float>, step: Float, scalar: (Float) -> Float, lanes: (Lanes) -> Lanes,
  exact: (Double) -> Double
) -> (ulps: Double, agree: Bool) {
  var worst = 0.0
  var agree = true
  var x = range.lowerBound
  while x <= range.upperBound {
    let found = scalar(x)
    worst = max(worst, ulps(found, exact(Double(x))))
    if found.bitPattern != lanes(Lanes(repeating: x))[5].bitPattern { agree = false }
    x += step
  }
  return (worst, agree)
}

@Suite struct ElementaryFunctionTests {
  @Test func exponentialIsWithinTwoULP() {
    let result = sweep(
      -87...88.7, step: 0.00171, scalar: exponential, lanes: { exponential($0) }, exact: exp)
    #expect(result.ulps < 2 && result.ulps > 0.4)
    #expect(result.agree)
  }

  @Test func boundedExponentialIsWithinTwoULP() {
    let result = sweep(
      -87...87, step: 0.00171, scalar: boundedExponential, lanes: { boundedExponential($0) },
      exact: exp)
    #expect(result.ulps < 2 && result.ulps > 0.4)
    #expect(result.agree)
    #expect(boundedExponential(Float.nan).isNaN)
  }

  @Test func logisticIsWithinTwoULP() {
    let result = sweep(
      -86...90, step: 0.0017, scalar: logistic, lanes: { logistic($0) },
      exact: { 1 / (1 + exp(-$0)) })
    #expect(result.ulps < 2.5)
    #expect(result.agree)
  }

  @Test func hyperbolicTangentIsWithinThreeULP() {
    let result = sweep(
      -12...12, step: 0.000173, scalar: hyperbolicTangent, lanes: { hyperbolicTangent($0) },
      exact: tanh)
    #expect(result.ulps < 3)
    #expect(result.agree)
  }

  @Test func sigmoidLinearUnitAndSoftplusAreWithinThreeULP() {
    let silu = sweep(
      -80...80, step: 0.0013, scalar: { sigmoidLinearUnit(Lanes(repeating: $0))[0] },
      lanes: { sigmoidLinearUnit($0) }, exact: { $0 / (1 + exp(-$0)) })
    #expect(silu.ulps < 3)
    let plus = sweep(
      -80...80, step: 0.0013, scalar: { softplus(Lanes(repeating: $0))[0] },
      lanes: { softplus($0) }, exact: { $0 > 0 ? $0 + log1p(exp(-$0)) : log1p(exp($0)) })
    #expect(plus.ulps < 3)
  }

  @Test func sineAndCosineAreWithinTwoULPOfOne() {
    var worst = 0.0
    var x: Float = -8192
    while x <= 8192 {
      let found = sineCosine(x)
      let lane = sineCosine(Lanes(repeating: x))
      worst = max(worst, abs(Double(found.sine) - sin(Double(x))))
      worst = max(worst, abs(Double(found.cosine) - cos(Double(x))))
      #expect(found.sine == lane.sine[3] && found.cosine == lane.cosine[12])
      x += 0.377
    }
    #expect(worst < 2 * Double(Float(1).ulp))
  }

  @Test func wrappedAngleIsTheSameDirectionInsideHalfATurn() {
    var x: Float = -500
    while x <= 500 {
      let wrapped = Double(wrappedAngle(x))
      #expect(abs(wrapped) <= Double.pi + 1e-6)
      #expect(abs(remainder(wrapped - Double(x), 2 * .pi)) < 1e-5)
      #expect(wrappedAngle(Lanes(repeating: x))[9] == Float(wrapped))
      x += 0.0931
    }
  }

  @Test func logarithmAndSquareRootServeSampling() {
    var x: Float = 1e-7
    while x <= 1 {
      #expect(abs(Double(logarithm(x)) - log(Double(x))) < 2e-7 * max(1, abs(log(Double(x)))))
      #expect(ulps(squareRoot(x), Double(x).squareRoot()) <= 1)
      x *= 1.0017
    }
    #expect(squareRoot(0) == 0 && squareRoot(-1) == 0 && squareRoot(Float.nan).isNaN)
  }

  @Test func inputsThatAreNotFiniteAreDefined() {
    #expect(exponential(Float.infinity) == .infinity && exponential(-Float.infinity) == 0)
    #expect(exponential(Float.nan).isNaN && exponential(Lanes(repeating: .nan))[0].isNaN)
    #expect(exponential(Lanes(repeating: .infinity))[7] == .infinity)
    #expect(hyperbolicTangent(Float.infinity) == 1 && hyperbolicTangent(-Float.infinity) == -1)
    #expect(hyperbolicTangent(Lanes(repeating: .nan))[0].isNaN)
    #expect(abs(sigmoidLinearUnit(Lanes(repeating: -.infinity))[0]) < 1e-35)
    #expect(softplus(Lanes(repeating: -.infinity))[0] < 1e-37)
    #expect(softplus(Lanes(repeating: .infinity))[0] == .infinity)
  }

  @Test func lanesAreSummedInAFixedOrder() {
    var x = Lanes(repeating: 0)
    for i in 0..<16 { x[i] = Float(i) }
    #expect(x.orderedSum() == 120)
    x[0] = 1e8
    x[8] = -1e8
    // Halves meet first, so the large values cancel before the small ones are added.
    #expect(x.orderedSum() == 112)
  }
}
