public import ReplanNumerics

/// A term over the state that a user writes, beside the kinds of `Term`.
///
/// A value is made from its parameters wherever it is needed, so it may keep what follows from
/// them. The planners are concrete and know no type of the user's; they reach the term through two
/// functions of the user's module, which name the type, so that the compiler inlines the term into
/// them: one call for sixteen candidates and tick, no witness table.
///
/// ```swift
/// struct Bowl: CostTerm {
///   static var parameterCount: Int { 1 }
///   let centre: Float
///   init(parameters: UnsafePointer<Float>) { centre = parameters[0] }
///   …
/// }
/// objective.append(
///   CustomTerm(
///     bowl, cost: { Bowl.evaluate($0, $1, $2, $3) },
///     derivatives: { Bowl.differentiate($0, $1, $2, $3, $4, $5) }))
/// ```
public protocol CostTerm {
  /// At most 16.
  static var parameterCount: Int { get }

  /// - Shapes: parameters [P].
  init(parameters: UnsafePointer<Float>)

  /// Writes the parameters that `init(parameters:)` reads.
  func store(into parameters: UnsafeMutablePointer<Float>)

  /// The cost of sixteen states side by side; it neither allocates nor locks.
  ///
  /// - Shapes: channel i of the state is `state[i * stride]`.
  func cost(_ state: UnsafePointer<Lanes>, stride: Int) -> Lanes

  /// Adds gradient and curvature at one state, `factor` times.
  ///
  /// - Shapes: state [S], gradient [n >= S], curvature [n × n] row-major; what is added to the
  ///   curvature is symmetric and positive semidefinite, such as Gauss and Newton's.
  func addDerivatives(
    _ state: UnsafePointer<Float>, factor: Float, gradient: UnsafeMutablePointer<Float>,
    curvature: UnsafeMutablePointer<Float>, n: Int)
}

extension CostTerm {
  /// What a `CustomTerm` calls for the cost: parameters, state, stride, result.
  @inlinable
  public static func evaluate(
    _ parameters: UnsafeRawPointer, _ state: UnsafeRawPointer, _ stride: Int,
    _ result: UnsafeMutableRawPointer
  ) {
    // SAFETY: `CostTable` passes its own parameters, a block of states, and one vector.
    let term = Self(parameters: parameters.assumingMemoryBound(to: Float.self))
    result.assumingMemoryBound(to: Lanes.self).pointee = term.cost(
      state.assumingMemoryBound(to: Lanes.self), stride: stride)
  }

  /// What a `CustomTerm` calls for the derivatives: parameters, state, factor, gradient, curvature,
  /// n.
  @inlinable
  public static func differentiate(
    _ parameters: UnsafePointer<Float>, _ state: UnsafePointer<Float>, _ factor: Float,
    _ gradient: UnsafeMutablePointer<Float>, _ curvature: UnsafeMutablePointer<Float>, _ n: Int
  ) {
    Self(parameters: parameters).addDerivatives(
      state, factor: factor, gradient: gradient, curvature: curvature, n: n)
  }
}

/// A user's term as the objective keeps it: its parameters, and how to reach its functions.
public struct CustomTerm: Sendable, BitwiseCopyable {
  /// Parameters, state, stride, result; see `CostTerm.evaluate`.
  public typealias Cost =
    @convention(c) (UnsafeRawPointer, UnsafeRawPointer, Int, UnsafeMutableRawPointer) -> Void
  /// Parameters, state, factor, gradient, curvature, n; see `CostTerm.differentiate`.
  public typealias Derivatives =
    @convention(c) (
      UnsafePointer<Float>, UnsafePointer<Float>, Float, UnsafeMutablePointer<Float>,
      UnsafeMutablePointer<Float>, Int
    ) -> Void

  static var parameterCapacity: Int { 16 }

  let parameters: InlineArray<16, Float>
  let cost: Cost
  let derivatives: Derivatives

  /// - Precondition: both functions are those of the term's own type.
  public init<T: CostTerm>(_ term: T, cost: @escaping Cost, derivatives: @escaping Derivatives) {
    precondition(T.parameterCount <= 16, "a term of the cost has at most 16 parameters")
    var parameters = InlineArray<16, Float>(repeating: 0)
    var span = parameters.mutableSpan
    span.withUnsafeMutableBufferPointer { buffer in
      // SAFETY: an inline array of 16 has a first element.
      term.store(into: buffer.baseAddress!)
    }
    self.parameters = parameters
    self.cost = cost
    self.derivatives = derivatives
  }
}
