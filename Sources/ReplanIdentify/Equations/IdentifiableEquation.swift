/// A differential equation whose parameters can be fitted: ẋ = f(x, u; p) in double precision, over
/// numbers that carry derivatives.
///
/// The loop runs the same physics by a `DifferentialEquation` of the core: sixteen candidates side by
/// side in single precision, parameters fixed. A fit wants one plant, double precision and derivatives
/// by the parameters; the two are held together by a test. Write your own and fit it with `GreyBoxFit`:
///
/// ```swift
/// enum Decay: IdentifiableEquation {
///   static var stateCount: Int { 1 }
///   static var actionCount: Int { 1 }
///   static var parameterCount: Int { 1 }
///   static func rate<N: EquationNumber>(
///     at x: UnsafePointer<N>, under u: UnsafePointer<Double>, _ p: UnsafePointer<N>,
///     into rate: UnsafeMutablePointer<N>
///   ) { rate[0] = N(u[0]) - p[0] * x[0] }
/// }
/// ```
public protocol IdentifiableEquation {
  static var stateCount: Int { get }
  static var actionCount: Int { get }
  /// With the states at most `Dual.width`.
  static var parameterCount: Int { get }

  /// - Shapes: x and rate [S], u [A], p [P]; `rate` is not `x`.
  static func rate<N: EquationNumber>(
    at x: UnsafePointer<N>, under u: UnsafePointer<Double>, _ p: UnsafePointer<N>,
    into rate: UnsafeMutablePointer<N>)

  /// What is left over of the equation at a state with a known rate of change: zero for the right
  /// parameters. By default the rate less f; where that is not linear in the parameters, as a mass
  /// matrix makes it, state the balance of forces instead, so that a fit finds its start from anywhere.
  ///
  /// - Shapes: x, known and left [S].
  static func balance<N: EquationNumber>(
    at x: UnsafePointer<N>, known rate: UnsafePointer<Double>, under u: UnsafePointer<Double>,
    _ p: UnsafePointer<N>, into left: UnsafeMutablePointer<N>)
}

extension IdentifiableEquation {
  public static func balance<N: EquationNumber>(
    at x: UnsafePointer<N>, known rate: UnsafePointer<Double>, under u: UnsafePointer<Double>,
    _ p: UnsafePointer<N>, into left: UnsafeMutablePointer<N>
  ) {
    self.rate(at: x, under: u, p, into: left)
    for i in 0..<stateCount { left[i] = N(rate[i]) - left[i] }
  }
}
