public import ReplanPlants

/// What goes wrong in a run, and when: the content of a fault file.
public struct FaultSchedule: Sendable, Equatable {
  /// Draws what is drawn by probability.
  public var seed: UInt64
  /// In the order of the file.
  public private(set) var faults: [Fault]

  public static let mostFaults = 64

  /// The names of all faults that a file may have.
  public static var names: [String] { FaultForm.all.map(\.name) }

  /// A schedule of faults that were made in the program.
  ///
  /// - Precondition: at most `mostFaults`, within the bounds of the fault file.
  public init(seed: UInt64 = 1, _ faults: [Fault]) {
    precondition(faults.count <= FaultSchedule.mostFaults, "a schedule has at most 64 faults")
    self.seed = seed
    self.faults = faults
  }

  /// Whether some fault has no meaning in lockstep.
  public var needsRealTime: Bool { faults.contains(where: \.needsRealTime) }

  /// The faults that only a simulated plant can have, not the link layer before a real one.
  public var faultsNotInjectable: [Fault] { faults.filter { !$0.isInjectable } }

  /// When the first fault begins and the last one ends, in seconds; `nil` without faults.
  public var span: (begin: Double, end: Double)? {
    guard let begin = faults.map(\.window.begin).min(),
      let end = faults.map({ $0.kind == .plantReset ? $0.window.begin : $0.window.end }).max()
    else { return nil }
    return (begin, end)
  }
}

/// The channels of a plant, for faults that name one.
public struct FaultChannels: Sendable, Equatable {
  public struct Sensor: Sendable, Equatable {
    public var name: String
    /// Readings wrap into (-pi, pi].
    public var isAngle: Bool

    public init(_ name: String, isAngle: Bool = false) {
      self.name = name
      self.isAngle = isAngle
    }
  }

  public var sensors: [Sensor]
  public var actuatorCount: Int

  public init(sensors: [Sensor], actuatorCount: Int) {
    self.sensors = sensors
    self.actuatorCount = actuatorCount
  }

  /// Those of a simulated plant.
  public init(_ kind: PlantKind) {
    let facts = kind.facts
    sensors = (0..<facts.observationCount).map {
      Sensor("\(facts.sensors[$0].name)", isAngle: facts.sensors[$0].isAngle)
    }
    actuatorCount = facts.actionCount
  }
}
