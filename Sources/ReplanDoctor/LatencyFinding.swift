/// What a probe found, next to what the robot file says.
public struct LatencyFinding: Sendable, Encodable {
  public let event = "latency"
  public var ticks: Int
  public var confidence: Double
  public var isClear: Bool
  public var residuals: [Double]
  public var transitions: Int
  /// Ticks that the link takes, not counted in `ticks`.
  public var transport: Int
  /// `latency` of the robot file.
  public var declared: Int
  /// Why the probe ended, in words.
  public var end: String
  private let isComplete: Bool

  private enum CodingKeys: String, CodingKey {
    case event, ticks, confidence, residuals, transitions, declared, end
    case isClear = "clear"
    case transport = "transport_ticks"
  }

  /// - Throws: `DoctorError.tooShort` if the probe gave too little.
  public init(
    _ record: LatencyProbe.Record, _ settings: ProbeSettings, declared: Int
  ) throws(DoctorError) {
    guard
      let estimate = LatencyEstimate(record.samples, isAngle: settings.channels.map(\.isAngle))
    else {
      throw .tooShort(
        transitions: max(0, record.samples.count - LatencyEstimate.longest - 1),
        needed: LatencyEstimate.needed(
          channels: settings.channels.count, actions: settings.actions.count),
        end: record.end)
    }
    ticks = estimate.ticks
    confidence = estimate.confidence
    isClear = estimate.isClear
    residuals = estimate.residuals
    transitions = estimate.transitions
    transport = record.transport
    self.declared = declared
    end = record.end.words
    isComplete = record.end == .timeUp
  }

  /// What the finding means for the robot file, with the change that it needs.
  ///
  /// - Parameters:
  ///   - file: path of the robot file.
  ///   - isWritten: whether the file has the key.
  public func checks(file: String, isWritten: Bool) -> [Check] {
    var checks = [latencyCheck(file, isWritten)]
    if transport > 0 { checks.append(transportCheck) }
    if !isComplete { checks.append(endCheck) }
    return checks
  }

  private func latencyCheck(_ file: String, _ isWritten: Bool) -> Check {
    let subject = Subject(
      name: "latency of the plant",
      why: "the plan starts where the plant will be when the action takes effect; with a wrong "
        + "latency it starts elsewhere, and the model learns from the wrong actions",
      remedy: "write `latency: \(ticks)` into \(file)",
      command: isWritten
        ? "sed -i 's/^latency:.*/latency: \(ticks)/' \(file)"
        : "echo 'latency: \(ticks)' >> \(file)")
    guard isClear else {
      return subject.unknown(
        "the probe does not tell: the action's effect is too small, or hidden by noise",
        remedy: "probe with a greater amplitude, and see that the actuators have power",
        command: "replan doctor \(file) --probe --amplitude 0.6")
    }
    return ticks == declared
      ? subject.ok("\(ticks) ticks, as the robot file says")
      : subject.problem("\(ticks) ticks, and the robot file says \(declared)")
  }

  private var transportCheck: Check {
    Subject(
      name: "transport of actions",
      why: "an action that reaches the plant after the next sample acts a tick later than planned",
      remedy: "raise the baud rate on both sides, and see to the USB-serial latency"
    ).warning("the plant has an action in force \(transport) ticks late")
  }

  private var endCheck: Check {
    Subject(
      name: "probe", why: "a shorter probe tells less",
      remedy: "choose a smaller --amplitude, or place the plant in the middle of its envelope"
    ).warning("it \(end)")
  }
}
