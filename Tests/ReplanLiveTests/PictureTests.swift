import Foundation
import ReplanRobot
import Testing

@testable import ReplanLive

/// Which drawing a robot gets.
@Suite struct PictureTests {
  private func robot(_ channels: String, envelope: String = "") throws -> RobotDescription {
    try RobotDescription.parse(
      text: """
        name: r
        rate: 50
        observation: [\(channels)]
        action: [{name: f, unit: N, min: -1, max: 1}]
        objective: {terms: [{action: f, weight: 1}]}
        \(envelope)
        """, file: "robot.yaml")
  }

  private static let angle = "{name: a, unit: rad, kind: angle}"
  private static let other = "{name: b, unit: rad, kind: angle}"
  private static let speed = "{name: v, unit: m/s}"

  @Test func anAngleBesideAPositionIsACartPole() throws {
    let picture = Picture(
      try robot("{name: x, unit: m, range: [-3, 2]}, \(Self.speed), \(Self.angle)"))
    #expect(picture.kind == .cartPole && picture.position == 0 && picture.angles == [2])
    #expect(picture.track == [-3, 2])
    let bounded = Picture(
      try robot("{name: x, unit: m}, \(Self.angle)", envelope: "envelope: {x: [-1, 1]}"))
    #expect(bounded.track == [-1, 1])
  }

  @Test func otherChannelsGiveOtherPictures() throws {
    #expect(Picture(try robot("\(Self.speed), \(Self.angle)")).kind == .pendulum)
    let arm = Picture(try robot("\(Self.angle), \(Self.speed), \(Self.other)"))
    #expect(arm.kind == .arm && arm.angles == [0, 2] && arm.lengths.count == 2)
    #expect(Picture(try robot(Self.speed)).kind == .bars)
    #expect(Picture(try robot("{name: x, unit: m}, {name: y, unit: m}")).kind == .bars)
  }

  @Test func theRobotFileHasTheLastWord() throws {
    let bars = try robot("\(Self.angle), \(Self.other)", envelope: "picture: {kind: bars}")
    #expect(Picture(bars).kind == .bars)
    let hanging = Picture(
      try robot(
        "\(Self.angle), \(Self.other)",
        envelope: "picture: {kind: pendulum, zero: down, lengths: [0.3]}"))
    #expect(hanging.kind == .pendulum && hanging.angles == [0] && hanging.turn == Double.pi)
    #expect(hanging.lengths == [0.3, 0.3])
    #expect {
      _ = try robot(Self.angle, envelope: "picture: {kind: arm}")
    } throws: {
      "\($0)".contains("arm needs 2 of kind angle")
    }
  }

  @Test(arguments: ["cart-pole", "pendulum"]) func shippedRobotsAreDrawn(name: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let robot = try RobotDescription.load(
      path: root.appending(path: "robots/\(name).yaml").path)
    #expect(Picture(robot).kind.rawValue == name)
  }

  /// Of a Furuta pendulum the pole, of a motor its shaft.
  @Test(arguments: [
    ("furuta", PictureDescription.Kind.pendulum, [2]), ("reacher", .arm, [0, 2]),
    ("motor", .pendulum, [0]),
  ])
  func otherShippedRobotsAreDrawnByTheirAngles(
    name: String, kind: PictureDescription.Kind, angles: [Int]
  ) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let picture = Picture(
      try RobotDescription.load(path: root.appending(path: "robots/\(name).yaml").path))
    #expect(picture.kind == kind && picture.angles == angles)
  }
}
