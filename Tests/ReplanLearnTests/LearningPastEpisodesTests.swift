import Foundation
import PlantRig
import ReplanCore
import ReplanLoop
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLearn

@Suite struct LearningPastEpisodesTests {
  @Test func whatCannotBeReadIsLeftOutAndNamed() throws {
    let rig = try EpisodeRig(lockstep: true)
    let runner = rig.runner(rig.host())
    let paths = try (0..<3).map { _ in try runner.run(rig.exploration(ticks: 20)).path }
    try Data("no episode".utf8).write(to: URL(fileURLWithPath: paths[1]))
    let past = try PastEpisodes(of: rig.workspace, robot: rig.robot)
    #expect(past.count == 3)
    #expect(past.seconds == 0.4)
    #expect(past.dataset.transitions.count == 38)
    #expect(past.unreadable.count == 1)
    #expect(past.unreadable.first?.description.contains(paths[1]) == true)
  }

  @Test func anotherRobotsEpisodesAreRefused() throws {
    let rig = try EpisodeRig(lockstep: true)
    let path = try rig.runner(rig.host()).run(rig.exploration(ticks: 20)).path
    let text = EpisodeRig.robotText(rate: 100)
      .replacing("name: force", with: "name: push").replacing("action: force", with: "action: push")
    let other = try RobotDescription.parse(text: text, file: "robot.yaml")
    let past = try PastEpisodes(paths: [path], robot: other)
    #expect(past.dataset.transitions.count == 0)
    #expect(past.seconds == 0)
    #expect(past.unreadable.count == 1)
  }
}
