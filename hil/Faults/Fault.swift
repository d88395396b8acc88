/// What goes wrong, with how much of it.
public enum FaultKind: Sendable, Equatable {
  // Frames on the line.
  /// One bit of a frame is the other one.
  case bitFlip
  case loss
  case duplicate
  /// A frame swaps places with the next.
  case reorder
  /// A frame is held up; what follows waits behind it.
  case delay(seconds: Double)
  /// A frame's end is missing.
  case truncate
  /// Bytes of no frame precede a frame.
  case garbage(bytes: Int)
  /// Nothing passes, then the whole backlog in one burst.
  case stall

  // Sensors.
  case sensorFrozen
  case sensorNaN
  case sensorJump(by: Double)
  /// Per second, from the fault's begin on.
  case sensorDrift(rate: Double)
  case sensorSaturated(low: Double, high: Double)

  // Actuators.
  /// `nil`: at the value in force when the fault begins.
  case actuatorStuck(value: Double?)
  case actuatorWeak(factor: Double)

  // The plant as a whole.
  /// Its processor restarts: disarmed, clock and sequence from 0; the physics go on.
  case plantReset
  /// Off for a while, then as `plantReset`; meanwhile the physics go on under the safe action.
  case brownOut
  /// The port vanishes and returns.
  case cableOut
  /// The plant's clock runs at this rate: its samples and its timestamps.
  case clockDrift(factor: Double)
  /// Timestamps run the wrong way.
  case clockBackwards

  /// As in a fault file.
  public var name: String {
    switch self {
    case .bitFlip: "bit-flip"
    case .loss: "loss"
    case .duplicate: "duplicate"
    case .reorder: "reorder"
    case .delay: "delay"
    case .truncate: "truncate"
    case .garbage: "garbage"
    case .stall: "stall"
    case .sensorFrozen: "sensor-frozen"
    case .sensorNaN: "sensor-nan"
    case .sensorJump: "sensor-jump"
    case .sensorDrift: "sensor-drift"
    case .sensorSaturated: "sensor-saturated"
    case .actuatorStuck: "actuator-stuck"
    case .actuatorWeak: "actuator-weak"
    case .plantReset: "plant-reset"
    case .brownOut: "brown-out"
    case .cableOut: "cable-out"
    case .clockDrift: "clock-drift"
    case .clockBackwards: "clock-backwards"
    }
  }

  /// What a fault acts upon, and with it where it can be injected.
  public var place: FaultPlace {
    switch self {
    case .bitFlip, .loss, .duplicate, .reorder, .delay, .truncate, .garbage, .stall: .line
    case .sensorFrozen, .sensorNaN, .sensorJump, .sensorDrift, .sensorSaturated: .sensor
    case .actuatorStuck, .actuatorWeak: .actuator
    case .plantReset, .brownOut, .cableOut, .clockDrift, .clockBackwards: .plant
    }
  }
}

/// What a fault acts upon.
public enum FaultPlace: Sendable {
  case line, sensor, actuator, plant
}

/// Which way frames travel.
public enum FaultDirection: String, Sendable, CaseIterable {
  case toPlant = "to-plant"
  case toController = "to-controller"
  case both
}

/// One entry of a fault file.
public struct Fault: Sendable, Equatable {
  public var kind: FaultKind
  public var window: FaultWindow
  /// On the line, of each frame; elsewhere, of each second from the window's begin on.
  public var probability: Double
  /// Of faults on the line.
  public var direction: FaultDirection
  /// Of a sensor, its name; of an actuator, its number from 0; `nil`: all.
  public var channel: String?
  /// Where it stands in its file, from 1; 0: it was not read.
  public var line: Int

  public init(
    _ kind: FaultKind, _ window: FaultWindow = FaultWindow(), probability: Double = 1,
    direction: FaultDirection = .both, channel: String? = nil, line: Int = 0
  ) {
    self.kind = kind
    self.window = window
    self.probability = probability
    self.direction = direction
    self.channel = channel
    self.line = line
  }

  public var name: String { kind.name }

  /// Whether the fault is about time that passes outside of the samples: in lockstep, where the
  /// plant waits for the controller, it has no meaning or another one.
  public var needsRealTime: Bool {
    switch kind {
    case .delay, .stall, .brownOut, .cableOut, .clockDrift: true
    default: false
    }
  }

  /// Whether the controller's own link layer can inject it, with any plant at the other end.
  public var isInjectable: Bool { kind.place == .line || kind.place == .sensor }

  /// Whether `probability` is drawn for each frame, not for each second.
  var isPerFrame: Bool { kind.place == .line && kind != .stall }
}
