public import ReplanHIL
public import ReplanRobot

/// The plant that a scenario needs, for whoever can bring one.
public struct PlantRequest: Sendable {
  public enum Place: Sendable, Equatable {
    case device(String)
    case simulated(SimulatedPlant)
  }

  /// How firmware-sim is started.
  public struct SimulatedPlant: Sendable, Equatable {
    public var name: String
    public var settings: Scenario.Plant
    /// The plant measures its cost, for a robot that learns it.
    public var sendsCost: Bool
    /// The fault file; nil without faults.
    public var faultPath: String?
    /// Where it says how often each of them has acted.
    public var countsPath: String?
    /// Where the plant's log goes.
    public var logPath: String
  }

  public var robot: RobotDescription
  public var place: Place
  public var isLockstep: Bool
  /// For an observation in lockstep before the action is repeated, s.
  public var exchange: Double
  /// Transmissions of an action in lockstep, and of a command.
  public var tries: Int
}

/// Brings a plant, has `body` use the session with it on a thread of its own, disarms, and returns
/// when a simulated plant has closed its log.
///
/// - Throws: what `body` throws, `HILError` if there is no session, anything else if there is no
///   plant.
public typealias PlantConnector =
  @Sendable (
    _ request: PlantRequest, _ body: @escaping @Sendable (Session) throws -> Void
  ) async throws -> Void
