import Foundation
import ReplanBench
import ReplanCore
import ReplanHIL
import ReplanLoop
import ReplanRealtime
import ReplanRecord
import ReplanRobot
import ReplanWire

/// Times the loop from a sensor's frame to the action's frame over a pseudo-terminal, in slices that
/// alternate with such of a minimal C program that has the same stimulus.
@main
enum LoopLatency {
  static let usage = """
    usage: loop-latency PEER [--pairs N] [--seconds S] [--cpu N] [--json]
      PEER: the program loop-peer; S: length of a slice
    """

  static func main() {
    do {
      guard let comparison = Comparison(Array(CommandLine.arguments.dropFirst())) else {
        FileHandle.standardError.write(Data((usage + "\n").utf8))
        exit(64)
      }
      try comparison.run()
    } catch {
      FileHandle.standardError.write(Data("loop-latency: \(error)\n".utf8))
      exit(1)
    }
  }
}

/// One side's answer times, in µs.
struct Answers: Encodable {
  var count: Int
  var unanswered: Int
  var p50Us: Double
  var p99Us: Double
  var maxUs: Double

  init(_ stimulus: Stimulus) throws {
    guard !stimulus.latencies.isEmpty else {
      throw Comparison.Problem(description: "no observation was answered")
    }
    let times = TickTimes(nanoseconds: stimulus.latencies)
    count = times.count
    unanswered = stimulus.unanswered
    (p50Us, p99Us, maxUs) = (times.p50, times.p99, times.max)
  }
}

/// What is run.
struct Comparison {
  struct Problem: Error, CustomStringConvertible { var description: String }

  struct Pair: Encodable {
    let event = "latency_slice"
    var index: Int
    var loop: Answers
    var peer: Answers
    var ratio: Double
  }

  struct Summary: Encodable {
    let event = "latency"
    var slices: Int
    var sliceSeconds: Double
    var cpu: Int
    var plantCpu: Int?
    var loopP50Us: Double
    var peerP50Us: Double
    var ratio: Spread
  }

  var peer: String
  var pairs = 12
  var seconds = 2.5
  var cpu: Int
  var plantCPU: Int?
  var isJSON = false
  private static let priority = 80
  private static let plantPriority = 70

  /// nil where the arguments are wrong.
  init?(_ arguments: [String]) {
    guard let last = Processors.allowed.last else { return nil }
    cpu = last
    var rest = arguments[...]
    guard let peer = rest.popFirst(), !peer.hasPrefix("-") else { return nil }
    self.peer = peer
    while let word = rest.popFirst() {
      switch word {
      case "--json": isJSON = true
      case "--pairs":
        guard let value = rest.popFirst().flatMap(Int.init), value > 0 else { return nil }
        pairs = value
      case "--seconds":
        guard let value = rest.popFirst().flatMap(Double.init), value >= 0.3 else { return nil }
        seconds = value
      case "--cpu":
        guard let value = rest.popFirst().flatMap(Int.init) else { return nil }
        cpu = value
      default: return nil
      }
    }
    plantCPU = Processors.allowed.last { [cpu] in $0 != cpu }
  }

  func run() throws {
    let robot = try LoopRobot.description(output: .immediate)
    let host = LoopRobot.host(robot)
    let schedule = SliceSchedule(total: seconds * Double(pairs), pairs: pairs)
    var figures: [Pair] = []
    for index in 1...pairs {
      var ours: Answers?
      var theirs: Answers?
      for side in schedule.order(ofPair: index - 1) {
        switch side {
        case .ours: ours = try measureLoop(robot, host)
        case .theirs: theirs = try measurePeer(robot)
        }
      }
      guard let ours, let theirs else { continue }
      let pair = Pair(index: index, loop: ours, peer: theirs, ratio: ours.p50Us / theirs.p50Us)
      figures.append(pair)
      show(pair)
    }
    guard let ratio = Spread(figures.map(\.ratio)),
      let ourMedian = Spread(figures.map(\.loop.p50Us)),
      let theirMedian = Spread(figures.map(\.peer.p50Us))
    else { return }
    show(
      Summary(
        slices: pairs, sliceSeconds: seconds, cpu: cpu, plantCpu: plantCPU,
        loopP50Us: ourMedian.median, peerP50Us: theirMedian.median, ratio: ratio))
  }

  private func stimulus(_ robot: RobotDescription, asksArmedOnly: Bool) -> Stimulus {
    Stimulus(
      rate: robot.rate, asksArmedOnly: asksArmedOnly, capacity: Int(2 * seconds * robot.rate) + 1000
    )
  }

  private func measureLoop(_ robot: RobotDescription, _ host: ControllerHost) throws -> Answers {
    let folder = NSTemporaryDirectory() + "loop-latency-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let stimulus = stimulus(robot, asksArmedOnly: true)
    let thread = try stimulus.start(priority: Self.plantPriority, cpu: plantCPU)
    let outcome = Result { try runEpisode(robot, host, stimulus.path, folder: folder) }
    stimulus.stop()
    thread.join()
    let result = try outcome.get()
    guard result.end == .timeUp else { throw Problem(description: "ended: \(result.end.rawValue)") }
    return try Answers(stimulus)
  }

  private func runEpisode(
    _ robot: RobotDescription, _ host: ControllerHost, _ path: String, folder: String
  ) throws -> EpisodeResult {
    let session = try Session(
      path: path, baud: robot.link.baud,
      configuration: SessionConfiguration(
        channels: ChannelCounts(
          observations: robot.observation.count, actions: robot.action.count),
        clock: .streaming, rate: robot.rate))
    let workspace = try Workspace(path: folder, robotText: robot.source) { _ in nil }
    let runner = EpisodeRunner(
      robot: robot, session: session, host: host, workspace: workspace,
      options: LoopOptions(priority: Self.priority, cpu: cpu), seed: 1, build: "loop-latency")
    return try runner.run(
      EpisodeOptions(
        kind: .mpc, mode: .plan, maximumTicks: Int(seconds * robot.rate) + Stimulus.warmUp,
        stopsOnSuccess: false))
  }

  private func measurePeer(_ robot: RobotDescription) throws -> Answers {
    let stimulus = stimulus(robot, asksArmedOnly: false)
    let thread = try stimulus.start(priority: Self.plantPriority, cpu: plantCPU)
    let process = Process()
    process.executableURL = URL(filePath: peer)
    process.arguments = [stimulus.path, "\(cpu)", "\(Self.priority)", answer(robot)]
    let outcome = Result { try process.run() }
    let wanted = Int(seconds * robot.rate)
    let deadline = MonotonicClock.nanoseconds + Int64((seconds * 3 + 5) * 1e9)
    while stimulus.answered < wanted && process.isRunning
      && MonotonicClock.nanoseconds < deadline
    {
      usleep(20_000)
    }
    stimulus.stop()
    thread.join()
    try outcome.get()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Problem(description: "\(peer) ended with code \(process.terminationStatus)")
    }
    return try Answers(stimulus)
  }

  /// An action's frame in hexadecimal, as long as those of the loop.
  private func answer(_ robot: RobotDescription) -> String {
    let message = Message.action(
      ActionMessage(
        timeMicroseconds: UInt64(MonotonicClock.nanoseconds / 1000), sequence: 1, tick: 1,
        flags: ActionFlags(), count: UInt8(robot.action.count),
        values: ActionVector(repeating: 1)))
    let frame = [UInt8](unsafeUninitializedCapacity: Frame.maximumLength) { buffer, count in
      count = message.encode(
        sequence: 0, source: .controller, into: UnsafeMutableRawBufferPointer(buffer))
    }
    return frame.map { String(format: "%02x", $0) }.joined()
  }

  private func show(_ pair: Pair) {
    guard !object(pair) else { return }
    print(
      String(
        format: "slice %d: loop p50 %.1f us, C program %.1f us, ratio %.2f", pair.index,
        pair.loop.p50Us, pair.peer.p50Us, pair.ratio))
  }

  private func show(_ summary: Summary) {
    guard !object(summary) else { return }
    print(
      String(
        format: """
          frame to frame, p50: loop %.1f us, C program %.1f us
          ratio, median of %d pairs: %.2f (%.2f...%.2f); bar 1.5: %@
          """, summary.loopP50Us, summary.peerP50Us, summary.slices, summary.ratio.median,
        summary.ratio.low, summary.ratio.high,
        summary.ratio.median <= 1.5 ? "met" : "not met"))
  }

  /// - Returns: false where lines for people are wanted.
  private func object(_ value: some Encodable) -> Bool {
    guard isJSON else { return false }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.keyEncodingStrategy = .convertToSnakeCase
    if let data = try? encoder.encode(value) { print(String(decoding: data, as: UTF8.self)) }
    return true
  }
}
