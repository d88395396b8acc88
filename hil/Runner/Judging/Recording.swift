public import ReplanCore

/// An episode as the expectations see it: what happened at which time.
///
/// Times are seconds since sample 0 of the reset, counted in samples, so that they mean the same in
/// lockstep and in real time.
public struct Recording: Sendable, Equatable {
  public struct Tick: Sendable, Equatable {
    public var time: Double
    public var verdict: Verdict
    public var isOverrun: Bool

    public init(time: Double, verdict: Verdict, isOverrun: Bool = false) {
      self.time = time
      self.verdict = verdict
      self.isOverrun = isOverrun
    }
  }

  /// What the controller was told.
  public struct Observation: Sendable, Equatable {
    public var time: Double
    public var values: [Double]
    public var isArmed: Bool
    /// The plant's watchdog has given the controller up.
    public var isStarved: Bool

    public init(time: Double, values: [Double], isArmed: Bool = true, isStarved: Bool = false) {
      self.time = time
      self.values = values
      self.isArmed = isArmed
      self.isStarved = isStarved
    }
  }

  /// What the controller sent.
  public struct Action: Sendable, Equatable {
    /// The tick that decided it.
    public var tick: Int
    public var values: [Double]

    public init(tick: Int, values: [Double]) {
      self.tick = tick
      self.values = values
    }
  }

  /// What was true, from a simulated plant's log.
  public struct PlantSample: Sendable, Equatable {
    public var time: Double
    public var state: [Double]
    public var applied: [Double]
    public var isArmed: Bool
    public var isStarved: Bool

    public init(
      time: Double, state: [Double], applied: [Double], isArmed: Bool = true,
      isStarved: Bool = false
    ) {
      self.time = time
      self.state = state
      self.applied = applied
      self.isArmed = isArmed
      self.isStarved = isStarved
    }
  }

  /// A fault of the scenario, and how often it has acted: on how many frames, readings, samples or
  /// ticks, or how often it has happened.
  public struct Fault: Sendable, Equatable {
    public var name: String
    public var acted: Int

    public init(name: String, acted: Int) {
      self.name = name
      self.acted = acted
    }
  }

  /// Seconds of a sample.
  public var period: Double
  /// How it ended, by `Word`.
  public var end: String
  /// Whether the session was left stopped, until somebody has seen to the cause.
  public var isStopped = false
  /// Why it could not be run.
  public var refusal: String?
  public var ticks: [Tick] = []
  public var observations: [Observation] = []
  public var actions: [Action] = []
  /// nil with a real plant, which tells only what it observes.
  public var plant: [PlantSample]?
  /// In the order of the scenario, the controller's last.
  public var faults: [Fault] = []
  /// Whether the episode's file was closed and holds every record.
  public var isComplete = true
  /// What the file lacks, in words.
  public var loss: String?

  public init(period: Double, end: String) {
    self.period = period
    self.end = end
  }
}

extension Recording {
  /// States of the armed plant by time: the true ones if they are known, else the observed ones.
  var states: [(time: Double, values: [Double])] {
    if let plant {
      return plant.filter(\.isArmed).map { ($0.time, $0.state) }
    }
    // What a sensor has not told is no state.
    return observations.filter { $0.isArmed && $0.values.allSatisfy(\.isFinite) }
      .map { ($0.time, $0.values) }
  }
}
