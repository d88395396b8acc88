import PlantRig
import ReplanCore
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLoop

/// The costs that a file's records give are those that the recorder summed while it ran.
@Suite struct EpisodeCostsTests {
  @Test(arguments: [["next-tick": "next-tick"], ["next-tick": "immediate"]])
  func theySumUpToTheReturn(replacing: [String: String]) throws {
    let rig = try EpisodeRig(lockstep: true, replacing: replacing)
    let result = try rig.runner(rig.host()).run(rig.exploration(ticks: 60))
    let episode = try EpisodeReader.read(result.path)
    let costs = episode.costs(of: rig.robot)
    #expect(costs.count == 60 && costs.allSatisfy { $0.isFinite })
    #expect(episode.summedReturn(of: rig.robot) == result.episodeReturn)
    #expect(episode.outcome?.episodeReturn == result.episodeReturn)
  }

  @Test func onItsOwnClockToo() throws {
    let rig = try EpisodeRig(lockstep: false)
    let result = try rig.runner(rig.host()).run(rig.exploration(ticks: 60))
    let episode = try EpisodeReader.read(result.path)
    #expect(episode.summedReturn(of: rig.robot) == result.episodeReturn)
  }

  @Test func anotherRobotsChannelsHaveNoCost() throws {
    let rig = try EpisodeRig(lockstep: true)
    let result = try rig.runner(rig.host()).run(rig.exploration(ticks: 5))
    var episode = try EpisodeReader.read(result.path)
    episode.header.observationChannels.removeLast()
    #expect(episode.costs(of: rig.robot).allSatisfy { $0.isNaN })
    #expect(episode.summedReturn(of: rig.robot).isNaN)
  }
}
