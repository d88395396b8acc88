/// Shows that a component is there; sent once a second by both sides.
public struct Heartbeat: Sendable {
  /// MAV_TYPE.
  public var type: UInt8
  /// MAV_AUTOPILOT.
  public var autopilot: UInt8
  /// MAV_MODE_FLAG; 128: armed.
  public var baseMode: UInt8
  public var customMode: UInt32
  /// MAV_STATE.
  public var systemStatus: UInt8
  /// MAVLink's own version; 3 for every dialect that includes `common.xml`.
  public var mavlinkVersion: UInt8

  public init(
    type: UInt8, autopilot: UInt8 = 8, baseMode: UInt8 = 0, customMode: UInt32 = 0,
    systemStatus: UInt8 = 4, mavlinkVersion: UInt8 = 3
  ) {
    self.type = type
    self.autopilot = autopilot
    self.baseMode = baseMode
    self.customMode = customMode
    self.systemStatus = systemStatus
    self.mavlinkVersion = mavlinkVersion
  }

  /// MAV_TYPE_GENERIC, not an autopilot, active.
  public static func plant(armed: Bool) -> Heartbeat {
    Heartbeat(type: 0, baseMode: armed ? 128 : 0)
  }
  /// MAV_TYPE_GCS, not an autopilot, active.
  public static var controller: Heartbeat { Heartbeat(type: 6) }
}

/// A request (`tc1` 0) for the other side's clock, or its answer.
///
/// The answer repeats `ts1`, carries the answering clock in `tc1` and the asker as target.
public struct Timesync: Sendable {
  /// Answering clock, ns; 0 in a request.
  public var tc1: Int64
  /// Asking clock, ns.
  public var ts1: Int64
  public var target: Address

  public init(tc1: Int64, ts1: Int64, target: Address) {
    self.tc1 = tc1
    self.ts1 = ts1
    self.target = target
  }
}

/// A command with up to seven parameters; answered with a `CommandAck`.
public struct CommandLong: Sendable {
  public var command: Command
  public var target: Address
  /// 0 at first, counted up with each repetition.
  public var confirmation: UInt8
  public var parameters: InlineArray<7, Float>

  public init(
    _ command: Command, _ parameter1: Float = 0, _ parameter2: Float = 0, target: Address,
    confirmation: UInt8 = 0
  ) {
    self.command = command
    self.target = target
    self.confirmation = confirmation
    parameters = [parameter1, parameter2, 0, 0, 0, 0, 0]
  }
}

/// The result of a command.
public struct CommandAck: Sendable {
  public var command: Command
  public var result: CommandResult
  /// Per cent while in progress.
  public var progress: UInt8
  public var resultParameter: Int32
  /// Who sent the command.
  public var target: Address

  public init(
    _ command: Command, _ result: CommandResult, target: Address, progress: UInt8 = 0,
    resultParameter: Int32 = 0
  ) {
    self.command = command
    self.result = result
    self.progress = progress
    self.resultParameter = resultParameter
    self.target = target
  }
}

/// A line of text for people, in UTF-8, padded with zero bytes.
public struct StatusText: Sendable {
  /// MAV_SEVERITY: 0 emergency … 7 debug.
  public var severity: UInt8
  public var text: InlineArray<50, UInt8>
  /// 0: the text is complete in this message.
  public var id: UInt16
  public var chunk: UInt8

  public init(severity: UInt8, text: InlineArray<50, UInt8>, id: UInt16 = 0, chunk: UInt8 = 0) {
    self.severity = severity
    self.text = text
    self.id = id
    self.chunk = chunk
  }
}
