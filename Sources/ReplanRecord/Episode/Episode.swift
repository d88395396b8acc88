/// A recorded episode: what was observed, what was sent, and what the controller did.
public struct Episode: Sendable, Equatable {
  public var header: EpisodeHeader
  /// nil if the writer was cut off before it closed the episode.
  public var outcome: EpisodeOutcome?
  public var observations: [ObservationRecord] = []
  public var actions: [ActionRecord] = []
  public var ticks: [TickRecord] = []
  /// The state estimate of each tick; empty in files of format 1.
  public var states: [TickValues] = []
  /// The action that each tick decided; empty in files of format 1.
  public var decisions: [TickValues] = []
  /// The model files that the episode brings with it, by their generation: 0 for one that was in use
  /// at its start and is stored nowhere else, from 1 on the refits that were adopted in it.
  public var models: [UInt32: [UInt8]] = [:]
  /// Bytes at the end of a file that was cut off, which hold no whole chunk.
  public var droppedBytes = 0

  /// True if the file was closed by its writer and is whole.
  public var isComplete: Bool { outcome != nil && droppedBytes == 0 }

  /// The log time of the first record, from which tables and plots count. The header's start is that
  /// of the file: until the first sample the plant is reset and armed, which may take a minute.
  public var firstTime: UInt64 {
    let first = min(
      observations.first?.logTime ?? .max, actions.first?.logTime ?? .max,
      ticks.first?.logTime ?? .max)
    return first == .max ? header.startTime : first
  }
}

extension Episode {
  /// An episode without messages, to be filled while it happens.
  public init(header: EpisodeHeader) { self.init(header: header, outcome: nil) }
}

/// A decoded measurement and what the plant said with it.
public struct ObservationRecord: Sendable, Equatable {
  /// Bits of `flags`, as in the wire's OBSERVATION.
  public enum Flag {
    public static let armed: UInt8 = 1
    public static let watchdog: UInt8 = 2
    public static let resetting: UInt8 = 4
    public static let fault: UInt8 = 8
    public static let episodeEnd: UInt8 = 16
  }

  /// Nanoseconds since 1970, or any other clock that goes with the episode's `startTime`.
  public var logTime: UInt64
  public var sequence: UInt32
  /// The action in force at the sample; 0: the safe action.
  public var actionSequence: UInt32
  /// Microseconds of the plant's clock.
  public var plantTime: UInt64
  public var flags: UInt8
  /// The plant's own cost; not a number if it tells none.
  public var cost: Float
  /// One value a channel, in the channel's SI unit.
  public var values: [Float]

  public init(
    logTime: UInt64, sequence: UInt32, actionSequence: UInt32, plantTime: UInt64, flags: UInt8,
    cost: Float, values: [Float]
  ) {
    self.logTime = logTime
    self.sequence = sequence
    self.actionSequence = actionSequence
    self.plantTime = plantTime
    self.flags = flags
    self.cost = cost
    self.values = values
  }
}

/// An action as it was sent.
public struct ActionRecord: Sendable, Equatable {
  /// That of its tick.
  public var logTime: UInt64
  /// When it was sent, on the clock of the log times; the message's publish time.
  public var sentTime: UInt64
  /// From 1; never reused in a session.
  public var sequence: UInt32
  /// The tick that decided it.
  public var tick: UInt32
  /// As in the wire's ACTION: 1 fallback.
  public var flags: UInt8
  public var values: [Float]

  /// - Parameter sentTime: nil for the log time.
  public init(
    logTime: UInt64, sentTime: UInt64? = nil, sequence: UInt32, tick: UInt32, flags: UInt8,
    values: [Float]
  ) {
    self.logTime = logTime
    self.sentTime = sentTime ?? logTime
    self.sequence = sequence
    self.tick = tick
    self.flags = flags
    self.values = values
  }
}

/// What the controller did in one tick.
public struct TickRecord: Sendable, Equatable {
  public var logTime: UInt64
  public var tick: UInt32
  /// The guard's verdict, by its raw value.
  public var verdict: UInt8
  /// Iterations that the planner ran.
  public var iterations: UInt32
  public var planCost: Float
  /// Variance across members.
  public var disagreement: Float
  /// Microseconds from the tick's due time to the wake-up.
  public var wakeMicroseconds: Double
  /// Microseconds that the tick took.
  public var tickMicroseconds: Double
  /// Microseconds from the taking of the observation, as far as the plant's clock is known, otherwise
  /// from its arrival, to the start of the tick.
  public var ageMicroseconds: Double
  /// Microseconds from the observation's arrival to the sending of the action planned from it.
  public var latencyMicroseconds: Double
  /// How often the model had been replaced in the episode.
  public var modelGeneration: UInt32
  /// True if the tick missed its deadline.
  public var isOverrun: Bool
  /// The arming state, by its raw value.
  public var state: UInt8
  /// Microseconds from sending an action to the arrival of the first observation that names it as the
  /// one in force; not a number in other ticks.
  public var transportMicroseconds: Double
  /// Ticks of the plan that lie within what the model knows.
  public var knownTicks: UInt32
  /// How far the tick is in step with the samples: 0 searching, 1 locked, 2 lost.
  public var lock: UInt8
  /// Observations that were recorded up to this tick; if it is fresh, the last of them is its own.
  /// What lies between that and the one of the tick before was overtaken, and no tick saw it.
  public var observations: UInt32
  /// True if an observation came in for this tick.
  public var isFresh: Bool
  /// Samples that the plant took since the observation of an earlier tick, this one included.
  public var elapsedSamples: UInt32
  /// True if the deadline, not the planner's settings, ended the planning.
  public var isCut: Bool
  /// Number of the action that was sent in this tick; 0: none.
  public var actionSequence: UInt32
  /// `ObservationChecksum` of the observations up to this tick.
  public var observationsChecksum: UInt32

  public init(
    logTime: UInt64, tick: UInt32, verdict: UInt8, iterations: UInt32, planCost: Float,
    disagreement: Float, wakeMicroseconds: Double, tickMicroseconds: Double,
    ageMicroseconds: Double, latencyMicroseconds: Double, modelGeneration: UInt32, isOverrun: Bool,
    state: UInt8 = 0, transportMicroseconds: Double = .nan, knownTicks: UInt32 = 0,
    lock: UInt8 = 1, observations: UInt32 = 0, isFresh: Bool = false, elapsedSamples: UInt32 = 0,
    isCut: Bool = false, actionSequence: UInt32 = 0, observationsChecksum: UInt32 = 0
  ) {
    self.logTime = logTime
    self.tick = tick
    self.verdict = verdict
    self.iterations = iterations
    self.planCost = planCost
    self.disagreement = disagreement
    self.wakeMicroseconds = wakeMicroseconds
    self.tickMicroseconds = tickMicroseconds
    self.ageMicroseconds = ageMicroseconds
    self.latencyMicroseconds = latencyMicroseconds
    self.modelGeneration = modelGeneration
    self.isOverrun = isOverrun
    self.state = state
    self.transportMicroseconds = transportMicroseconds
    self.knownTicks = knownTicks
    self.lock = lock
    self.observations = observations
    self.isFresh = isFresh
    self.elapsedSamples = elapsedSamples
    self.isCut = isCut
    self.actionSequence = actionSequence
    self.observationsChecksum = observationsChecksum
  }
}

/// One value a channel that belongs to a tick.
public struct TickValues: Sendable, Equatable {
  public var logTime: UInt64
  public var tick: UInt32
  /// One value a channel, in the channel's SI unit.
  public var values: [Float]

  public init(logTime: UInt64, tick: UInt32, values: [Float]) {
    self.logTime = logTime
    self.tick = tick
    self.values = values
  }
}
