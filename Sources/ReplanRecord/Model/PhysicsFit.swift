public import ReplanCore

/// Equations of motion with identified parameters, as they are stored.
public struct PhysicsFit: Sendable {
  /// Where a parameter's value comes from.
  public enum Origin: String, Sendable, Codable {
    case fitted
    /// It was given.
    case fixed
    /// The data do not tell it, so that it stayed about where the fit began.
    case undetermined
  }

  public struct Parameter: Sendable, Equatable, Codable {
    /// As `PhysicsEquation.parameter` names it.
    public var name: String
    public var unit: String
    public var value: Double
    public var origin: Origin

    public init(name: String, unit: String, value: Double, origin: Origin = .fitted) {
      self.name = name
      self.unit = unit
      self.value = value
      self.origin = origin
    }
  }

  public var structure: PlantStructure
  /// Names of the state channels, then of the action channels, as in the robot file.
  public var channels: [String]
  public var equation: PhysicsEquation
  /// Runge-Kutta steps a tick.
  public var substeps: Int
  /// In the equation's order [P].
  public var parameters: [Parameter]
  /// Covariance of the parameters' estimates [P × P]; zero in rows and columns of those that were not
  /// fitted. Empty if it was not estimated.
  public var covariance: [Double]
  /// Variance of the next state about the prediction over one tick [S].
  public var noiseVariance: [Double]
  public var summary: IdentificationSummary

  public init(
    structure: PlantStructure, channels: [String], equation: PhysicsEquation, substeps: Int = 1,
    parameters: [Parameter], covariance: [Double] = [], noiseVariance: [Double]? = nil,
    summary: IdentificationSummary = IdentificationSummary()
  ) {
    self.structure = structure
    self.channels = channels
    self.equation = equation
    self.substeps = substeps
    self.parameters = parameters
    self.covariance = covariance
    self.noiseVariance = noiseVariance ?? [Double](repeating: 0, count: structure.stateCount)
    self.summary = summary
  }

  /// The equation with values, names and units from the core.
  ///
  /// - Shapes: values [P].
  /// - Precondition: there is one value for each parameter of the equation.
  public static func parameters(
    of equation: PhysicsEquation, values: [Double], origin: Origin = .fixed
  )
    -> [Parameter]
  {
    precondition(values.count == equation.parameterCount, "one value for each parameter")
    return values.enumerated().map { index, value in
      let facts = equation.parameter(index)
      return Parameter(name: "\(facts.name)", unit: "\(facts.unit)", value: value, origin: origin)
    }
  }

  public var configuration: PhysicsConfiguration {
    PhysicsConfiguration(equation: equation, substeps: substeps)
  }

  /// Standard deviation of a parameter's estimate; nil if there is none.
  public func deviation(_ index: Int) -> Double? {
    guard !covariance.isEmpty, parameters[index].origin == .fitted else { return nil }
    return covariance[index * (parameters.count + 1)].squareRoot()
  }
}

/// Equations of motion, and an ensemble that learned what they leave over: its outputs are changes
/// that are added to the state that the equations predict.
public struct HybridFit: Sendable {
  public var physics: PhysicsFit
  /// Of the same structure and channels; its training summary tells the errors of the whole.
  public var residual: EnsembleModel

  public init(physics: PhysicsFit, residual: EnsembleModel) {
    self.physics = physics
    self.residual = residual
  }
}
