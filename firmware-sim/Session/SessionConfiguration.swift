public import ReplanPlants

/// What a simulated plant is and how it behaves on the wire.
public struct SessionConfiguration: Sendable {
  public var kind: PlantKind
  /// Draws the plant's parameters, its sensors' noise and its own random resets.
  public var seed: PlantSeed
  /// The plant's own sample rate in Hz, 1 to 1000.
  public var sampleRate: Float
  /// Multiplies the sensors' noise; 0 for none.
  public var noiseScale: Float
  /// Whether the sensors have 12 bits.
  public var quantises: Bool
  /// Samples after which the actuator follows a command, 0 to `ActuatorDelay.maximumSamples`.
  public var actuationDelay: Int
  /// Streaming: the longest time in ms without a valid action.
  public var actionTimeout: UInt16

  /// Whether the plant measures its cost (`Plant.cost`) and sends it with each observation.
  public var sendsCost: Bool

  /// Whether the plant can bring itself to an initial state; otherwise it refuses to.
  public var resets = true

  /// True for sensors that the plant does not have; the wire carries the others, in their order.
  public var isHidden = InlineArray<8, Bool>(repeating: false)

  /// Whether frames leave with room for a signature, which the host fills in; it then hands over
  /// verified frames only.
  public var leavesRoomToSign: Bool

  public init(
    kind: PlantKind, seed: PlantSeed, sampleRate: Float? = nil, noiseScale: Float = 1,
    quantises: Bool = true, actuationDelay: Int = 0, actionTimeout: UInt16 = 100,
    sendsCost: Bool = false, leavesRoomToSign: Bool = false
  ) {
    self.kind = kind
    self.seed = seed
    self.sampleRate = sampleRate ?? kind.facts.sampleRate
    self.noiseScale = noiseScale
    self.quantises = quantises
    self.actuationDelay = actuationDelay
    self.actionTimeout = actionTimeout
    self.sendsCost = sendsCost
    self.leavesRoomToSign = leavesRoomToSign
  }

  /// Sensors that the plant has.
  var sensorCount: Int {
    var count = 0
    for i in 0..<kind.facts.observationCount where !isHidden[i] { count &+= 1 }
    return count
  }

  /// The sample rates that a clock can be set to.
  public static var sampleRates: ClosedRange<Float> { 1...1000 }
}

/// Who decides when the plant samples.
public enum PlantClock: Sendable {
  /// The plant, at its sample rate in real time.
  case streaming
  /// The controller: one sample for each action.
  case lockstep
}

/// What a session hands out.
public enum SessionOutput {
  /// The bytes of one frame, valid during the call.
  case frame(UnsafeRawBufferPointer)
  /// A sample was taken; its frame follows.
  case sample(Sample)
}

/// One sample as only the simulation knows it.
public struct Sample: Sendable {
  public var timeMicroseconds: UInt64
  public var sequence: UInt32
  public var state: PlantState
  public var measured: PlantState
  /// What would have been measured without a disturbance.
  public var good: PlantState
  /// The action that the controller has in force.
  public var commanded: PlantAction
  public var commandedSequence: UInt32
  /// What the actuator did up to this sample: `commanded`, an actuation delay ago, and what a
  /// disturbance made of it.
  public var applied: PlantAction
  /// What the actuator would have done without a disturbance.
  public var wanted: PlantAction
  public var isArmed: Bool
  public var isStarved: Bool
}
