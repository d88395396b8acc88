/// Which model a controller plans with, and its size.
public enum ModelConfiguration: Sendable, BitwiseCopyable {
  case ensemble(EnsembleShape)
  case linear
  case physics(PhysicsConfiguration)
  case hybrid(PhysicsConfiguration, EnsembleShape)

  /// Members that a particle can follow; 1 for a model that is certain of itself.
  public var memberCount: Int {
    switch self {
    case .ensemble(let shape), .hybrid(_, let shape): shape.memberCount
    case .linear, .physics: 1
    }
  }

  /// True if the model also predicts the cost that the plant measures.
  public var predictsCost: Bool {
    switch self {
    case .ensemble(let shape), .hybrid(_, let shape): shape.predictsCost
    case .linear, .physics: false
    }
  }

  /// Normal numbers that a prediction with sampled noise takes, for each lane.
  func noiseCount(_ structure: PlantStructure) -> Int {
    switch self {
    case .ensemble(let shape), .hybrid(_, let shape): shape.meanCount
    case .linear, .physics: structure.stateCount
    }
  }

  /// Floats in the model's parameter block; the layouts of the models say what lies where.
  public func parameterCount(_ structure: PlantStructure) -> Int {
    switch self {
    case .ensemble(let shape): ParameterLayout(shape).count
    case .linear:
      LinearLayout(stateCount: structure.stateCount, actionCount: structure.actionCount).count
    case .physics(let configuration): PhysicsLayout(configuration.equation).count
    case .hybrid(let configuration, let shape): HybridLayout(configuration.equation, shape).count
    }
  }
}

extension Model {
  /// Lays a model out in the arena.
  public init(
    _ configuration: ModelConfiguration, structure: PlantStructure, arena: inout Arena
  ) {
    switch configuration {
    case .ensemble(let shape):
      self = .ensemble(Ensemble(structure: structure, shape: shape, arena: &arena))
    case .linear:
      self = .linear(LinearModel(structure: structure))
    case .physics(let configuration):
      self = .physics(
        PhysicsModel(structure: structure, configuration: configuration, arena: &arena))
    case .hybrid(let configuration, let shape):
      self = .hybrid(
        HybridModel(
          structure: structure, configuration: configuration, shape: shape, arena: &arena))
    }
  }

  /// Fills tables; not on the tick.
  public func prepare(_ configuration: ModelConfiguration, structure: PlantStructure) {
    switch (self, configuration) {
    case (.ensemble(let ensemble), .ensemble(let shape)):
      ensemble.prepare(structure: structure, shape: shape)
    case (.hybrid(let hybrid), .hybrid(_, let shape)):
      hybrid.prepare(structure: structure, shape: shape)
    case (.linear, _), (.physics, _), (.ensemble, _), (.hybrid, _):
      break
    }
  }
}
