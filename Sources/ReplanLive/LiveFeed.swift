import Foundation
import ReplanCore
import ReplanLoop
import ReplanRealtime
import ReplanRecord
import ReplanRobot

/// What a workspace has to tell to whoever looks: the robot, the journal, and the newest frame.
///
/// All clients share it. It works only when somebody asks, and no more than thirty times a second.
public actor LiveFeed {
  public nonisolated let workspace: String
  private let reader: LiveReader
  private let journal: JournalTail
  private var robot: RobotDescription
  private var robotNode: UInt64 = 0
  /// Rises when another workspace has taken the place of this one.
  private var robotGeneration = 0
  private var fan: (shape: LiveShape, fan: Fan?)?
  private var model: UInt64 = 0
  private var seen: UInt64 = 0
  private var process: ProcessIdentity?
  private var frameText = ""
  private var frameNumber = 0
  private var frameTime: Int64 = 0
  private var outcome: EmergencyStop.Outcome?

  static let frameInterval: Int64 = 33_000_000
  /// Ticks in a frame; of more than these some are left out.
  static let mostSamples = 24

  /// - Throws: `noWorkspace`, or `robot` for a robot file that this version cannot read.
  public init(workspace: String) throws(LiveError) {
    self.workspace = workspace
    let path = workspace + "/robot.yaml"
    guard FileManager.default.fileExists(atPath: path) else {
      throw .noWorkspace(path: workspace)
    }
    do throws(RobotError) {
      robot = try RobotDescription.load(path: path)
    } catch {
      throw .robot(error)
    }
    robotNode = Self.node(path)
    reader = LiveReader(workspace: workspace)
    journal = JournalTail(path: workspace + "/journal.jsonl")
  }

  /// A text that changes with the workspace behind the path.
  private var generation: String { "\(robotGeneration).\(journal.generation)" }

  /// What a client has not been told yet.
  ///
  /// - Returns: events of the stream, as the standard writes them, empty if there is nothing new; and
  ///   what the client knows then.
  func news(after client: Client) -> (text: String, client: Client) {
    refresh()
    var client = client
    var text = ""
    if client.generation != generation {
      client = Client()
      client.generation = generation
      text += Self.event("session", Self.json(PageRobot(robot, workspace: workspace)))
    }
    let (lines, next) = journal.lines(from: client.journalLine)
    if !lines.isEmpty {
      text += Self.event("journal", "[" + lines.joined(separator: ",") + "]")
    }
    client.journalLine = next
    if client.frame != frameNumber { text += Self.event("frame", frameText) }
    client.frame = frameNumber
    return (text, client)
  }

  /// What a client knows.
  struct Client: Sendable {
    fileprivate var generation = ""
    fileprivate var journalLine = 0
    fileprivate var frame = -1
  }

  /// Shows all clients what became of a stop.
  func show(_ outcome: EmergencyStop.Outcome) {
    self.outcome = outcome
    frameTime = 0
  }

  /// The processor of the control thread that runs now; nil if there is none or it is bound to none.
  public func controlProcessor() -> Int? {
    guard let view = try? reader.view(), view.process.isAlive, view.head.cpu >= 0 else {
      return nil
    }
    return Int(view.head.cpu)
  }

  private func refresh() {
    let now = MonotonicClock.nanoseconds
    guard now - frameTime >= Self.frameInterval else { return }
    frameTime = now
    frameNumber += 1
    journal.follow()
    reloadRobot()
    frameText = Self.json(frame())
  }

  private func frame() -> Frame {
    do throws(RecordError) {
      guard let view = try reader.view() else { return note(Frame(number: frameNumber)) }
      // A stop belongs to the session that it ended.
      if view.process != process { (process, seen, model) = (view.process, 0, 0) }
      let new = newSamples(view)
      seen = view.head.samples
      return note(
        Frame(
          number: frameNumber, view, isAlive: view.process.isAlive, samples: new,
          rollouts: rollouts(view)))
    } catch {
      var frame = Frame(number: frameNumber)
      frame.problem = error.description
      return note(frame)
    }
  }

  private func note(_ frame: Frame) -> Frame {
    var frame = frame
    // What became of an earlier session's stop is over once another one runs.
    if frame.isAlive && frame.arming != "stopped" && frame.phase == "\(LivePhase.running)" {
      if let outcome, outcome.process != process?.number { self.outcome = nil }
    }
    frame.stop = outcome
    return frame
  }

  private func newSamples(_ view: LiveView) -> [LiveSample] {
    let new = view.samples.suffix(Int(min(view.head.samples - min(seen, view.head.samples), 256)))
    guard new.count > Self.mostSamples else { return Array(new) }
    let stride = (new.count + Self.mostSamples - 1) / Self.mostSamples
    // The newest is always among them.
    return new.reversed().enumerated().filter { $0.offset.isMultiple(of: stride) }
      .map(\.element).reversed()
  }

  private func rollouts(_ view: LiveView) -> Fan.Rollouts? {
    guard view.head.hasPlan else { return nil }
    if fan?.shape != view.shape {
      fan = (view.shape, Fan(robot, view.shape))
      model = 0
    }
    guard let fan = fan?.fan else { return nil }
    if let (number, values) = reader.parameters(after: model) {
      fan.adopt(values)
      model = number
    }
    return fan.rollouts(view)
  }

  /// A fresh workspace may have taken the place of the one that was there.
  private func reloadRobot() {
    let path = workspace + "/robot.yaml"
    let node = Self.node(path)
    guard node != 0, node != robotNode, let loaded = try? RobotDescription.load(path: path) else {
      return
    }
    robotNode = node
    robot = loaded
    robotGeneration += 1
    fan = nil
  }

  private static func node(_ path: String) -> UInt64 {
    var status = stat()
    return stat(path, &status) == 0 ? UInt64(status.st_ino) : 0
  }

  private static func event(_ name: String, _ data: String) -> String {
    "event: \(name)\ndata: \(data)\n\n"
  }

  private static func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    // Nothing in these values can fail to encode; a page without a frame says so by itself.
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
