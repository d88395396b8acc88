public import ReplanFaults
public import ReplanHIL
import ReplanLoop
public import ReplanRobot

/// What is done to a robot, and what must come of it.
///
/// ```swift
/// let scenario = try Scenario.load(path: "hil/scenarios/cart-pole-swing-up.yaml")
/// ```
/// A value of this type is valid: it comes from `load` and `parse` only, which give all faults of
/// a file at once otherwise. hil/SCENARIOS.md describes the file.
public struct Scenario: Sendable {
  /// Settings of a simulated plant; a real one has its own.
  public struct Plant: Sendable, Equatable {
    public var seed: UInt64
    public var noise: Double
    public var actuationDelay: Int
  }

  /// The path as it was given.
  public let file: String
  public let name: String
  /// For people; means nothing to the program.
  public let description: String
  public let robot: RobotDescription
  /// nil: the base policy drives the plant.
  public let modelPath: String?
  public let initial: InitialState
  /// Armed time, s.
  public let duration: Double
  public let plant: Plant
  /// Why it means nothing in lockstep, if the file says so.
  public let needsRealTime: String?
  public let faults: FaultSchedule
  public let controllerFaults: [ControllerFault]
  public let expectations: [Expectation]
  /// The text that all was read from.
  public let source: String
}

extension Scenario {
  /// Why it cannot be run in lockstep; nil if it can.
  public var lockstepObstacle: String? {
    if let needsRealTime { return needsRealTime }
    let kinds =
      faults.faults.filter(\.needsRealTime).map(\.name)
      + controllerFaults.filter(\.needsRealTime).map(\.name)
    if let kind = kinds.first { return "\(kind) needs real time" }
    if expectations.contains(where: \.needsRealTime) { return "no_overruns needs real time" }
    return nil
  }

  /// Why it cannot be run with a real device; nil if it can.
  public var deviceObstacle: String? {
    let missing = faults.faultsNotInjectable.map(\.name)
    guard !missing.isEmpty else { return nil }
    return "only a simulated plant can have " + missing.joined(separator: ", ")
  }

  /// When the first fault begins, s; 0 without faults.
  var firstBegin: Double {
    (faults.faults.map(\.window.begin) + controllerFaults.map(\.begin)).min() ?? 0
  }

  /// When the last fault is over, s: those that last are not waited for.
  var lastEnd: Double {
    let ends =
      faults.faults.map { $0.kind == .plantReset ? $0.window.begin : $0.window.end }
      + controllerFaults.compactMap(\.end)
    return ends.filter(\.isFinite).max() ?? firstBegin
  }

  /// Otherwise the episode goes on when the task is done.
  var mayEndAtSuccess: Bool {
    expectations.contains { expectation in
      if case .ends(let words) = expectation {
        words.contains(Word.of(LoopEnd.success))
      } else {
        false
      }
    }
  }

  /// What must be true of it, and where the file does not say otherwise, that its faults have acted:
  /// one that never does tests nothing.
  var allExpectations: [Expectation] {
    let isSaid = expectations.contains {
      if case .faultsAct(of: nil, _) = $0 { true } else { false }
    }
    let hasFaults = !faults.faults.isEmpty || !controllerFaults.isEmpty
    return expectations + (hasFaults && !isSaid ? [.faultsAct(of: nil, atLeast: 1)] : [])
  }

  var expectsRefusal: Bool { expectations.contains(where: \.expectsRefusal) }
}
