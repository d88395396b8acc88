import Foundation
import Testing

extension CommandTests {
  /// Two requests to stop are an emergency stop: the loop has the plant disarmed in its next tick.
  @Suite(.serialized)
  struct EmergencyStopTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// Twenty ticks a second, so that two signals in a row mostly meet the same tick.
    private func slow() throws -> String {
      let text = try String(contentsOfFile: Places.cartPole, encoding: .utf8)
      try #require(text.contains("rate: 50"))
      return try folder.write(
        text.replacingOccurrences(of: "rate: 50", with: "rate: 20"), "slow.yaml")
    }

    /// The workspace's name is the attempt's, and the plant's log is complete afterwards.
    private func stopTwice(_ workspace: String, _ mode: [String]) throws -> Outcome {
      let plant = try SeparatePlant.simulator(in: folder)
      defer { plant.end() }
      let run = try ReplanProcess(
        [
          "collect", try slow(), "--device", plant.device, "--json", "--workspace", workspace,
          "--duration", "3000",
        ] + mode, in: folder)
      try run.await("start")
      // The plant shall have been driven.
      usleep(1_000_000)
      run.send(SIGINT)
      usleep(3000)
      run.send(SIGINT)
      // A sample more shows how it was left.
      defer { usleep(120_000) }
      return run.finish(within: 60)
    }

    @Test(arguments: [[], ["--lockstep"]]) func twoSignalsStopThePlant(mode: [String]) throws {
      // Where a tick has come between the two, the first has been followed already: once more.
      for attempt in 1...10 {
        let outcome = try stopTwice("w\(attempt)", mode)
        #expect(outcome.code == 1, "\(outcome.errors)")
        let episode = try #require(try outcome.events().named("episode").last)
        guard episode.string("end") != "stopped" else { continue }
        #expect(episode.string("end") == "emergency stop" && episode.flag("disarmed") == true)
        let end = try #require(try outcome.events().last)
        #expect(end.name == "end" && end.flag("success") == false)
        #expect(end.string("reason").hasPrefix("emergency stop"))
        #expect(!outcome.errors.contains("stopped at once"), "the loop itself has followed")
        let journal = try Event.parse(folder.text("w\(attempt)/journal.jsonl"))
        #expect(journal.named("episode").last?.string("end") == "emergency stop")
        try expectComplete(folder.file("w\(attempt)"))
        if mode.isEmpty { try expectSafe() }
        return
      }
      Issue.record("the first of two signals was followed before the second in ten runs")
    }

    /// The plant's own log: driven, then disarmed and under the safe action to the end.
    private func expectSafe() throws {
      let table = try SampleTable(folder)
      let armed = try table.values("armed")
      let applied = try table.values("applied_0")
      let last = try #require(armed.lastIndex(of: 1))
      #expect(applied[...last].contains { $0 != 0 })
      #expect(last + 1 < armed.count && applied[(last + 1)...].allSatisfy { $0 == 0 })
    }

    @Test func aThirdSignalEndsTheProgramWhateverItIsDoing() throws {
      let plant = try SeparatePlant.scripted("slow-reset", in: folder)
      let run = try folder.start(
        "learn", Places.cartPole, "--device", plant.device, "--json", "--workspace", "w")
      try plant.await("reset")
      for _ in 0..<3 {
        run.send(SIGTERM)
        usleep(1000)
      }
      #expect(run.finish(within: 30).code == 1)
      try plant.await("disarmed")
      try expectComplete(folder.file("w"))
    }
  }
}
