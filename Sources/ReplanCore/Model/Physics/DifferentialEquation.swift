public import ReplanNumerics

/// The physics of a plant, dx/dt = f(x, u), with its analytic Jacobian.
///
/// A value is made from the parameters for every batch of candidates, so it may keep what follows
/// from them. `RungeKutta` integrates it; because both are generic and inlinable, a concrete type
/// of the user's module instantiates them and pays no dynamic dispatch:
///
/// ```swift
/// struct Decay: DifferentialEquation {
///   static var stateCount: Int { 1 }
///   static var actionCount: Int { 1 }
///   static var parameterCount: Int { 1 }
///   let rate: Float
///   init(parameters: UnsafePointer<Float>) { rate = parameters[0] }
///   …
/// }
/// struct DecayModel {
///   let integrator: RungeKutta
///   let parameters: UnsafePointer<Float>
///   @_noAllocation @_noLocks
///   func predict(_ state: UnsafePointer<Lanes>, …) {
///     integrator.predict(Decay(parameters: parameters), state, action, vectors: 1, into: next)
///   }
/// }
/// ```
public protocol DifferentialEquation {
  static var stateCount: Int { get }
  static var actionCount: Int { get }
  static var parameterCount: Int { get }

  /// - Shapes: parameters [P].
  init(parameters: UnsafePointer<Float>)

  /// Writes the parameters that `init(parameters:)` reads.
  func store(into parameters: UnsafeMutablePointer<Float>)

  /// The rate of change of a state under an action, for one vector of candidates.
  ///
  /// - Shapes: x and rate [S], u [A]; `rate` is neither of the inputs.
  func rate(
    at x: UnsafePointer<Lanes>, under u: UnsafePointer<Lanes>,
    into rate: UnsafeMutablePointer<Lanes>)

  /// The rate of change and its derivatives by state and action.
  ///
  /// - Shapes: x and rate [S], u [A], jacobian [S × (S + A)] row-major, ∂f/∂x then ∂f/∂u; every
  ///   entry is written.
  func linearize(
    at x: UnsafePointer<Lanes>, under u: UnsafePointer<Lanes>,
    into rate: UnsafeMutablePointer<Lanes>, jacobian: UnsafeMutablePointer<Lanes>)
}
