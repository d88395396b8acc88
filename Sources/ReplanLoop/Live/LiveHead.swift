public import ReplanCore

/// What a session is doing.
public enum LivePhase: UInt8, Sendable, CaseIterable {
  /// Between two episodes; nothing is armed.
  case idle
  /// The plant goes back to its initial state.
  case resetting
  /// The loop runs; the plant is armed.
  case running
  case fitting
  /// The run is over.
  case ended
}

/// The state of a session, of fixed size.
///
/// Enumerations are numbers here: a file may say anything.
public struct LiveHead: BitwiseCopyable, Sendable {
  /// The process that runs the session, and when it started, in clock ticks since boot: a number may
  /// be given to another process later.
  public internal(set) var process: Int32 = 0
  public internal(set) var processStart: UInt64 = 0
  private var phaseNumber: UInt8 = 0
  private var armingNumber: UInt8 = 0
  /// Whether the plant confirmed that it disarmed after the last episode.
  public internal(set) var isDisarmed = true
  public internal(set) var isLockstep = false
  /// Whether the newest plan belongs to the newest tick.
  public internal(set) var hasPlan = false
  public internal(set) var isExploring = false
  /// The processor of the control thread; -1: any.
  public internal(set) var cpu: Int32 = -1
  /// Monotonic time of the last change, ns.
  public internal(set) var time: Int64 = 0
  /// The episode that runs or ran last; 0: none.
  public internal(set) var episode: UInt32 = 0
  public internal(set) var maximumTicks: UInt32 = 0
  public internal(set) var ticks: UInt32 = 0
  public internal(set) var overruns: UInt32 = 0
  public internal(set) var fallbacks: UInt32 = 0
  public internal(set) var episodeReturn: Double = 0
  /// The disagreement at which a prediction counts as known; infinite: all do.
  public internal(set) var gate: Float = .infinity
  /// Ticks ever told of in this file; the newest ones are there.
  public internal(set) var samples: UInt64 = 0
  public internal(set) var planTick: UInt32 = 0
  /// Progress of the fit that runs.
  public internal(set) var fitStep: UInt32 = 0
  public internal(set) var fitSteps: UInt32 = 0
  public internal(set) var fitTransitions: UInt32 = 0
  /// Ticks of the episode by the time that they took.
  public internal(set) var tickTimes = TickTimeCounts()

  init() {}

  public internal(set) var phase: LivePhase {
    get { LivePhase(rawValue: phaseNumber) ?? .idle }
    set { phaseNumber = newValue.rawValue }
  }

  public internal(set) var arming: ArmingState {
    get { ArmingState(rawValue: armingNumber) ?? .disarmed }
    set { armingNumber = newValue.rawValue }
  }
}

/// A histogram of fixed size, four bins an octave from about 1 µs to 67 ms.
public struct TickTimeCounts: BitwiseCopyable, Sendable {
  public static let count = 64
  private var counts = InlineArray<64, UInt32>(repeating: 0)

  public subscript(bin: Int) -> UInt32 { counts[bin] }

  mutating func add(nanoseconds: Int64) { counts[Self.bin(nanoseconds)] &+= 1 }

  static func bin(_ nanoseconds: Int64) -> Int {
    guard nanoseconds >= 1024 else { return 0 }
    let octave = 63 - nanoseconds.leadingZeroBitCount
    let quarter = Int(nanoseconds >> (octave - 2)) & 3
    return min(count - 1, 4 * (octave - 10) + quarter)
  }

  /// Where a bin begins, µs; the first begins at 0.
  public static func lowerEdge(_ bin: Int) -> Double {
    bin == 0 ? 0 : 1.024 * Double(1 << (bin / 4)) * (1 + Double(bin % 4) / 4)
  }
}
