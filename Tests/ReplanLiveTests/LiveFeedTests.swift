import Foundation
import PlantRig
import ReplanCore
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLive
@testable import ReplanLoop

/// What a client is told of a workspace.
@Suite(.serialized) struct LiveFeedTests {
  /// The events in a piece of the stream.
  private func events(_ text: String) throws -> [(name: String, value: Any)] {
    try text.components(separatedBy: "\n\n").filter { !$0.isEmpty }.map { event in
      let lines = event.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == 2 && lines[0].hasPrefix("event: ") && lines[1].hasPrefix("data: "))
      return (
        String(lines[0].dropFirst(7)),
        try JSONSerialization.jsonObject(with: Data(lines[1].dropFirst(6).utf8))
      )
    }
  }

  private func floats(_ text: Any?) throws -> [Float] {
    let encoded = try #require(text as? String)
    let data = try #require(Data(base64Encoded: encoded))
    return (0..<data.count / 4).map { k in
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[4 * k + $1]) << (8 * UInt32($1)) }
      return Float(bitPattern: bits)
    }
  }

  @Test func aFolderThatIsNoWorkspaceIsRefused() {
    #expect {
      _ = try LiveFeed(workspace: "/nonexistent")
    } throws: {
      if case LiveError.noWorkspace = $0 { true } else { false }
    }
  }

  @Test func aClientIsToldTheRobotTheJournalAndTheFrames() async throws {
    let rig = try EpisodeRig(lockstep: true)
    try rig.workspace.journal.append(["event": "start"])
    let feed = try LiveFeed(workspace: rig.workspace.path)
    var client = LiveFeed.Client()
    var text = ""
    (text, client) = await feed.news(after: client)
    let first = try events(text)
    #expect(first.map(\.name) == ["session", "journal", "frame"])
    let robot = try #require(first[0].value as? [String: Any])
    #expect(robot["name"] as? String == "test_cart" && robot["lead"] as? Int == 1)
    // Nobody has run here yet.
    #expect((first[2].value as? [String: Any])?["phase"] == nil)
    // Asked at once again there is nothing new.
    (text, client) = await feed.news(after: client)
    #expect(text.isEmpty)

    _ = try rig.runner(rig.host()).run(rig.exploration(ticks: 30))
    try rig.workspace.journal.append(["event": "episode"])
    let later = try await news(feed, &client)
    #expect(later.map(\.name) == ["journal", "frame"])
    let frame = try #require(later[1].value as? [String: Any])
    #expect(frame["phase"] as? String == "idle" && frame["isAlive"] as? Bool == true)
    #expect(frame["ticks"] as? Int == 30 && frame["verdict"] as? String == "explored")
    let row = Frame.sampleHead + 4 + 1
    let samples = try floats(frame["samples"])
    #expect(samples.count.isMultiple(of: row) && samples.count / row <= LiveFeed.mostSamples)
    #expect(samples[samples.count - row] == 29)
  }

  private func news(
    _ feed: LiveFeed, _ client: inout LiveFeed.Client
  ) async throws -> [(name: String, value: Any)] {
    // A frame is made for who asks after the last one has become old.
    while true {
      let (text, next) = await feed.news(after: client)
      client = next
      if !text.isEmpty { return try events(text) }
      try await Task.sleep(nanoseconds: 5_000_000)
    }
  }

  /// The members' rollouts begin where the plan does, and differ.
  @Test func theFanIsThatOfTheSessionsModel() throws {
    let rig = try EpisodeRig(lockstep: true)
    let host = rig.host()
    let shape = LiveShape(host.configuration)
    let fan = try #require(Fan(rig.robot, shape))
    var view = LiveView(
      shape: shape, head: LiveHead(), planStart: [0.1, 0.2, 0.3, 0.4],
      plan: [Float](repeating: 1, count: shape.horizon), samples: [])
    #expect(fan.rollouts(view) == nil)
    fan.adopt((0..<shape.parameterCount).map { Float($0 % 7) * 0.03 })
    let rollouts = try #require(fan.rollouts(view))
    #expect(rollouts.memberCount == 2 && rollouts.stride == 1)
    #expect(rollouts.pointCount == shape.horizon + 1)
    #expect(rollouts.states.count == 2 * rollouts.pointCount * 4)
    for member in 0..<2 {
      let first = member * rollouts.pointCount * 4
      #expect(Array(rollouts.states[first..<first + 4]) == view.planStart)
    }
    #expect(rollouts.states.allSatisfy { $0.isFinite })
    let half = rollouts.states.count / 2
    #expect(rollouts.states[..<half] != rollouts.states[half...])
    view.plan = [Float](repeating: -1, count: shape.horizon)
    #expect(fan.rollouts(view)?.states != rollouts.states)
    // A model of another kind than the robot file's is not drawn as if it were one.
    var other = shape
    other.parameterCount += 1
    #expect(Fan(rig.robot, other) == nil)
  }

  @Test func longPlansAreThinned() throws {
    let text = EpisodeRig.robotText(rate: 100).replacingOccurrences(
      of: "horizon: 0.1", with: "horizon: 1.23")
    let robot = try RobotDescription.parse(text: text, file: "robot.yaml")
    let shape = LiveShape(robot.controllerConfiguration(seed: 1))
    let fan = try #require(Fan(robot, shape))
    fan.adopt([Float](repeating: 0.01, count: shape.parameterCount))
    let view = LiveView(
      shape: shape, head: LiveHead(), planStart: [0, 0, 0, 0],
      plan: [Float](repeating: 0, count: shape.horizon), samples: [])
    let rollouts = try #require(fan.rollouts(view))
    #expect(rollouts.pointCount <= Fan.mostPoints + 1 && rollouts.stride == 4)
    #expect((rollouts.pointCount - 1) * rollouts.stride <= shape.horizon)
  }
}
