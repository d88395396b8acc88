public import ReplanNumerics

/// Two tanks, one above the other: a pump fills the upper one, which drains into the lower one, which
/// drains away. A tank that is full overflows; part of what the upper one spills falls into the lower.
///
/// State: level of the upper tank h₁ and of the lower one h₂, in m (or what a sensor makes of it).
/// Action: voltage of the pump (or any input proportional to its flow). With √ and the overflow
/// max(0, h − height) made smooth by `transition`:
///
///     ḣ₁ = gain u + offset − drain₁ − weir max(0, h₁ − upperHeight)
///     ḣ₂ = ratio drain₁ − drain₂ + spill weir max(0, h₁ − upperHeight) − weir max(0, h₂ − lowerHeight)
///     drainᵢ = outflowᵢ √hᵢ + lossᵢ hᵢ
///
/// The linear loss takes up what Torricelli's law leaves out of real outlets; it may be negative.
///
/// - Source: Schoukens, Mattsson, Wigren, Noël 2016, Cascaded tanks benchmark combining soft and hard
///   nonlinearities, eqs. 1-2; overflow as a weir instead of a case distinction, and the loss added.
public struct TwoTankEquation: DifferentialEquation, Sendable, BitwiseCopyable {
  /// Rise of the upper level for each unit of the action, m/(s·V), and without any, m/s.
  public var gain: Float
  public var offset: Float
  /// √m/s and 1/s.
  public var upperOutflow: Float
  public var upperLoss: Float
  public var lowerOutflow: Float
  public var lowerLoss: Float
  /// Levels at which the tanks overflow, m.
  public var upperHeight: Float
  public var lowerHeight: Float
  /// Part of the upper tank's overflow that falls into the lower one.
  public var spill: Float
  /// The upper tank's cross-section over the lower one's.
  public var ratio: Float
  /// How fast what stands above the brim runs off, 1/s.
  public var weir: Float
  /// Width of the smoothed kinks, m.
  public var transition: Float

  public init(
    gain: Float, offset: Float = 0, upperOutflow: Float, upperLoss: Float = 0,
    lowerOutflow: Float, lowerLoss: Float = 0, upperHeight: Float, lowerHeight: Float,
    spill: Float = 0, ratio: Float = 1, weir: Float = 0.5, transition: Float = 0.05
  ) {
    self.gain = gain
    self.offset = offset
    self.upperOutflow = upperOutflow
    self.upperLoss = upperLoss
    self.lowerOutflow = lowerOutflow
    self.lowerLoss = lowerLoss
    self.upperHeight = upperHeight
    self.lowerHeight = lowerHeight
    self.spill = spill
    self.ratio = ratio
    self.weir = weir
    self.transition = transition
  }

  public static var stateCount: Int { 2 }
  public static var actionCount: Int { 1 }
  public static var parameterCount: Int { 12 }

  public init(parameters: UnsafePointer<Float>) {
    self.init(
      gain: parameters[0], offset: parameters[1], upperOutflow: parameters[2],
      upperLoss: parameters[3], lowerOutflow: parameters[4], lowerLoss: parameters[5],
      upperHeight: parameters[6], lowerHeight: parameters[7], spill: parameters[8],
      ratio: parameters[9], weir: parameters[10], transition: parameters[11])
  }

  public func store(into parameters: UnsafeMutablePointer<Float>) {
    parameters[0] = gain
    parameters[1] = offset
    parameters[2] = upperOutflow
    parameters[3] = upperLoss
    parameters[4] = lowerOutflow
    parameters[5] = lowerLoss
    parameters[6] = upperHeight
    parameters[7] = lowerHeight
    parameters[8] = spill
    parameters[9] = ratio
    parameters[10] = weir
    parameters[11] = transition
  }

  @inline(always)
  public func rate(
    at x: UnsafePointer<Lanes>, under u: UnsafePointer<Lanes>,
    into rate: UnsafeMutablePointer<Lanes>
  ) {
    let upper = drain(x[0], upperOutflow, upperLoss).value
    let lower = drain(x[1], lowerOutflow, lowerLoss).value
    let over = overflow(x[0], upperHeight).value
    let lost = overflow(x[1], lowerHeight).value
    rate[0] = Lanes(repeating: offset).adding(gain, times: u[0]) - upper - over
    rate[1] = (Lanes(repeating: ratio) * upper).adding(spill, times: over) - lower - lost
  }

  @inline(always)
  public func linearize(
    at x: UnsafePointer<Lanes>, under u: UnsafePointer<Lanes>,
    into rate: UnsafeMutablePointer<Lanes>, jacobian: UnsafeMutablePointer<Lanes>
  ) {
    self.rate(at: x, under: u, into: rate)
    let upper = drain(x[0], upperOutflow, upperLoss).slope
    let lower = drain(x[1], lowerOutflow, lowerLoss).slope
    let over = overflow(x[0], upperHeight).slope
    let lost = overflow(x[1], lowerHeight).slope
    jacobian[0] = -upper - over
    jacobian[1] = Lanes(repeating: 0)
    jacobian[2] = Lanes(repeating: gain)
    jacobian[3] = (Lanes(repeating: ratio) * upper).adding(spill, times: over)
    jacobian[4] = -lower - lost
    jacobian[5] = Lanes(repeating: 0)
  }

  /// What runs out of a tank's outlet, and its derivative by the level. The root is
  /// h / (h² + transition²)^¼, which passes through 0 with a slope.
  @inlinable @inline(always)
  func drain(_ level: Lanes, _ outflow: Float, _ loss: Float) -> (value: Lanes, slope: Lanes) {
    let square = Lanes(repeating: transition * transition).addingProduct(level, level)
    let inverse = inverseSquareRoot(square)
    let fourth = inverseSquareRoot(square * inverse)
    let value = (level * Lanes(repeating: loss)).adding(outflow, times: level * fourth)
    let share = level * inverse
    let bend = Lanes(repeating: 1) - Lanes(repeating: 0.5) * share * share
    return (value, Lanes(repeating: loss).adding(outflow, times: fourth * bend))
  }

  /// What runs over the brim, and its derivative by the level.
  @inlinable @inline(always)
  func overflow(_ level: Lanes, _ height: Float) -> (value: Lanes, slope: Lanes) {
    let above = level - Lanes(repeating: height)
    let square = Lanes(repeating: transition * transition).addingProduct(above, above)
    let inverse = inverseSquareRoot(square)
    let half = Lanes(repeating: 0.5 * weir)
    return (half * (above + square * inverse), half + half * (above * inverse))
  }
}
