import Foundation

/// The numbers that an equation of motion is written in, so that one text of it yields rates and
/// their derivatives.
public protocol EquationNumber: Sendable {
  init(_ value: Double)
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  static prefix func - (a: Self) -> Self
  static func * (a: Double, b: Self) -> Self
  static func sine(_ x: Self) -> Self
  static func cosine(_ x: Self) -> Self
  static func hyperbolicTangent(_ x: Self) -> Self
  static func exponential(_ x: Self) -> Self
  static func squareRoot(_ x: Self) -> Self
}

extension Double: EquationNumber {
  public static func sine(_ x: Double) -> Double { sin(x) }
  public static func cosine(_ x: Double) -> Double { cos(x) }
  public static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
  public static func exponential(_ x: Double) -> Double { exp(x) }
  public static func squareRoot(_ x: Double) -> Double { x.squareRoot() }
}

/// A value and its derivatives by up to sixteen parameters and initial states: forward-mode
/// differentiation, exact to rounding.
///
/// - Source: Griewank, Walther 2008, Evaluating Derivatives, section 3.1.
public struct Dual: EquationNumber {
  public var value: Double
  public var slope: SIMD16<Double>

  /// Derivatives that one evaluation carries.
  public static var width: Int { 16 }

  @inlinable @inline(always)
  public init(_ value: Double, slope: SIMD16<Double>) {
    self.value = value
    self.slope = slope
  }

  @inlinable @inline(always)
  public init(_ value: Double) { self.init(value, slope: .zero) }

  /// The variable that derivative `index` is taken by.
  @inlinable
  public init(_ value: Double, variable index: Int) {
    self.init(value)
    slope[index] = 1
  }

  @inlinable @inline(always)
  public static func + (a: Dual, b: Dual) -> Dual {
    Dual(a.value + b.value, slope: a.slope + b.slope)
  }

  @inlinable @inline(always)
  public static func - (a: Dual, b: Dual) -> Dual {
    Dual(a.value - b.value, slope: a.slope - b.slope)
  }

  @inlinable @inline(always)
  public static func * (a: Dual, b: Dual) -> Dual {
    let first: SIMD16<Double> = a.slope * b.value
    return Dual(a.value * b.value, slope: first + b.slope * a.value)
  }

  @inlinable @inline(always)
  public static func * (a: Double, b: Dual) -> Dual { Dual(a * b.value, slope: b.slope * a) }

  @inlinable @inline(always)
  public static func / (a: Dual, b: Dual) -> Dual {
    let inverse = 1 / b.value
    let quotient = a.value * inverse
    let difference: SIMD16<Double> = a.slope - b.slope * quotient
    return Dual(quotient, slope: difference * inverse)
  }

  @inlinable @inline(always)
  public static prefix func - (a: Dual) -> Dual { Dual(-a.value, slope: -1 * a.slope) }

  /// The function's value and derivative at the argument.
  @inline(always)
  private func chained(_ value: Double, _ derivative: Double) -> Dual {
    Dual(value, slope: slope * derivative)
  }

  public static func sine(_ x: Dual) -> Dual { x.chained(sin(x.value), cos(x.value)) }

  public static func cosine(_ x: Dual) -> Dual { x.chained(cos(x.value), -sin(x.value)) }

  public static func hyperbolicTangent(_ x: Dual) -> Dual {
    let value = tanh(x.value)
    return x.chained(value, 1 - value * value)
  }

  public static func exponential(_ x: Dual) -> Dual {
    let value = exp(x.value)
    return x.chained(value, value)
  }

  public static func squareRoot(_ x: Dual) -> Dual {
    let value = x.value.squareRoot()
    return x.chained(value, 0.5 / value)
  }
}
