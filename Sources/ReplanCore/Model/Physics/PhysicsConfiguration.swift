/// A model by equations of motion.
public struct PhysicsConfiguration: Sendable, BitwiseCopyable {
  public var equation: PhysicsEquation
  /// Runge-Kutta steps a tick. 1 to 100.
  public var substeps: Int

  public init(equation: PhysicsEquation, substeps: Int = 1) {
    self.equation = equation
    self.substeps = substeps
  }
}

/// Where a physics model's parameters lie in one block of floats.
///
/// - Shapes: parameters of the equation [P], padded to a cache line; noise variance of the next
///   state [S].
public struct PhysicsLayout: Sendable, BitwiseCopyable {
  public let equation: PhysicsEquation
  let noise: Int
  /// Floats in the block.
  public let count: Int

  public init(_ equation: PhysicsEquation) {
    self.equation = equation
    noise = ParameterLayout.aligned(equation.parameterCount)
    count = noise + ParameterLayout.aligned(equation.stateCount)
  }

  /// Packs parameters in the equation's order.
  ///
  /// - Shapes: parameters [P], noiseVariance [S]; none if nil.
  public func pack(
    parameters: UnsafePointer<Float>, noiseVariance: UnsafePointer<Float>?,
    into block: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<equation.parameterCount { block[i] = parameters[i] }
    for i in 0..<equation.stateCount { block[noise + i] = noiseVariance?[i] ?? 0 }
  }

  /// Packs an equation that was made from physical quantities.
  ///
  /// - Precondition: it is of the layout's kind.
  public func pack<E: DifferentialEquation>(
    _ equation: E, noiseVariance: UnsafePointer<Float>?,
    into block: UnsafeMutablePointer<Float>
  ) {
    precondition(
      E.parameterCount == self.equation.parameterCount && E.stateCount == self.equation.stateCount,
      "the equation is not the one that the block was laid out for")
    equation.store(into: block)
    for i in 0..<E.stateCount { block[noise + i] = noiseVariance?[i] ?? 0 }
  }
}
