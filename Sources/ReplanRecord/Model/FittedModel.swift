public import ReplanCore

/// The kinds of model that a file can hold.
public enum ModelKind: String, Sendable, CaseIterable, Codable {
  /// Neural networks that learned the dynamics.
  case ensemble
  /// s' = A s + B a + c.
  case linear
  /// Equations of motion with identified parameters.
  case physics
  /// Equations of motion and an ensemble that learned what they leave over.
  case hybrid

  /// The word in a file's header.
  var format: String { "replan-\(rawValue)" }

  init?(format: String) {
    guard let kind = Self.allCases.first(where: { $0.format == format }) else { return nil }
    self = kind
  }
}

/// A model of any kind, as it is fitted and stored: plain values in the layout of the model file.
public enum FittedModel: Sendable {
  case ensemble(EnsembleModel)
  case linear(LinearFit)
  case physics(PhysicsFit)
  case hybrid(HybridFit)

  public var kind: ModelKind {
    switch self {
    case .ensemble: .ensemble
    case .linear: .linear
    case .physics: .physics
    case .hybrid: .hybrid
    }
  }

  public var structure: PlantStructure {
    switch self {
    case .ensemble(let model): model.structure
    case .linear(let fit): fit.structure
    case .physics(let fit): fit.structure
    case .hybrid(let fit): fit.physics.structure
    }
  }

  /// Names of the state channels, then of the action channels, as in the robot file.
  public var channels: [String] {
    switch self {
    case .ensemble(let model): model.channels
    case .linear(let fit): fit.channels
    case .physics(let fit): fit.channels
    case .hybrid(let fit): fit.physics.channels
    }
  }

  /// The channels without those of memory.
  public var measuredChannels: [String] {
    Array(channels.prefix(structure.measuredCount) + channels.suffix(structure.actionCount))
  }

  /// What a controller that plans with the model is laid out for.
  public var configuration: ModelConfiguration {
    switch self {
    case .ensemble(let model): .ensemble(model.shape)
    case .linear: .linear
    case .physics(let fit): .physics(fit.configuration)
    case .hybrid(let fit): .hybrid(fit.physics.configuration, fit.residual.shape)
    }
  }

  /// The networks: of an ensemble itself, or of a hybrid's residual; nil for the other kinds, which
  /// have no members and hence no disagreement.
  public var ensemble: EnsembleModel? {
    switch self {
    case .ensemble(let model): model
    case .hybrid(let fit): fit.residual
    case .linear, .physics: nil
    }
  }

  /// Transitions that the model was fitted to.
  public var transitions: Int {
    switch self {
    case .ensemble(let model): model.training.transitions
    case .linear(let fit): fit.summary.transitions
    case .physics(let fit): fit.summary.transitions
    case .hybrid(let fit): fit.residual.training.transitions
    }
  }

  /// Root mean squared one-step error of each state channel, in its unit.
  public var rmse: [Float] {
    switch self {
    case .ensemble(let model): model.training.rmse
    case .linear(let fit): fit.summary.rmse
    case .physics(let fit): fit.summary.rmse
    case .hybrid(let fit): fit.residual.training.rmse
    }
  }

  /// SHA-256 of the data, in hexadecimal.
  public var dataHash: String {
    switch self {
    case .ensemble(let model): model.training.dataHash
    case .linear(let fit): fit.summary.dataHash
    case .physics(let fit): fit.summary.dataHash
    case .hybrid(let fit): fit.residual.training.dataHash
    }
  }
}
