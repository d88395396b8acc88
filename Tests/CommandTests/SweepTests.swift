import Foundation
import Testing

extension CommandTests {
  /// Sweeps: what has ended stays, what was cut off goes on, what fails is told.
  @Suite(.serialized)
  struct SweepTests {
    let folder: Folder

    init() throws {
      folder = try Folder()
      try folder.write(
        """
        name: small
        robots: [\(Places.pendulum)]
        settings: {model.members: [1, 2], model.training.steps: [400]}
        seeds: [1, 2, 3]
        max_experience: 12
        """, "small.yaml")
    }

    private let jobs = "sweeps/small/jobs/pendulum"
    private let one = "model.members=1,model.training.steps=400"
    private let two = "model.members=2,model.training.steps=400"

    private func result(_ setting: String, _ seed: Int) throws -> Event {
      try Event.parse(folder.text("\(jobs)/\(setting)/seed-\(seed)/result.json"))[0]
    }

    @Test func jobsAreRunOnceAndSummedUp() throws {
      let run = try folder.replan("sweep", "small.yaml", "--jobs", "2", "--json")
      try #require(run.code == 0, "\(run.errors)")
      let events = try run.events()
      #expect(events.named("job").count == 6 && events.named("row").count == 2)
      for event in events.named("job") { #expect(event.string("state") == "done") }
      let row = events.named("row")[0]
      #expect(row.integer("jobs") == 3 && row.integer("done") == 3)
      // A job is the very run that its command makes.
      let single = try folder.replan(
        "learn", folder.file("\(jobs)/\(one)/seed-2/robot.yaml"), "--lockstep", "--seed", "2",
        "--max-experience", "12", "--workspace", "w", "--json")
      let end = try #require(try single.events().last)
      #expect(try result(one, 2).number("experience_s") == end.number("experience_s"))
      #expect(try result(one, 2).flag("success") == end.flag("success"))
      #expect(try folder.text("sweeps/small/summary.csv").split(separator: "\n").count == 3)
      #expect(try folder.text("sweeps/small/jobs.csv").split(separator: "\n").count == 7)

      let before = try folder.text("\(jobs)/\(one)/seed-1/workspace/journal.jsonl")
      let again = try folder.replan("sweep", "small.yaml")
      #expect(again.code == 0 && again.errors.contains("6 have ended before"))
      #expect(again.output.contains("95 % of median") && again.output.contains("3 of 3"))
      #expect(try folder.text("\(jobs)/\(one)/seed-1/workspace/journal.jsonl") == before)
      let list = try folder.replan("sweep", "small.yaml", "--list", "--json")
      #expect(try list.events().named("job").count == 6 && list.code == 0)
    }

    @Test(arguments: [SIGINT, SIGKILL])
    func whatWasCutOffGoesOn(signal: Int32) throws {
      let first = try folder.start("sweep", "small.yaml", "--jobs", "2", "--json")
      try first.await("job")
      first.send(signal)
      let stopped = first.finish()
      #expect(stopped.code == (signal == SIGINT ? 1 : -SIGKILL), "\(stopped.errors)")
      let run = try folder.replan("sweep", "small.yaml", "--jobs", "2", "--json")
      #expect(run.code == 0, "\(run.errors)")
      let events = try run.events().named("job")
      #expect(events.count < 6, "what had ended was run again")
      for setting in [one, two] {
        for seed in 1...3 {
          let result = try result(setting, seed)
          #expect(result.string("state") == "done" && result.integer("starts") >= 1)
          let journal = try Event.parse(
            folder.text("\(jobs)/\(setting)/seed-\(seed)/workspace/journal.jsonl"))
          #expect(journal.last?.name == "end")
          #expect(
            journal.named("end").last?.number("experience_s") == result.number("experience_s"))
        }
      }
    }

    @Test func aJobThatFailsIsToldAndHindersNoOther() throws {
      let place = folder.file("\(jobs)/\(two)/seed-1")
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      try folder.write("in the way", "\(jobs)/\(two)/seed-1/workspace")
      let run = try folder.replan("sweep", "small.yaml", "--jobs", "2", "--json")
      #expect(run.code == 1)
      let events = try run.events()
      let failed = events.named("job").filter { $0.string("state") == "failed" }
      #expect(failed.count == 1 && failed[0].string("reason").contains("workspace"))
      #expect(events.named("row").map { $0.integer("failed") } == [0, 1])
      #expect(events.named("row").map { $0.integer("done") } == [3, 2])
      // Mended, it is run; the others are not.
      try FileManager.default.removeItem(atPath: place + "/workspace")
      let again = try folder.replan("sweep", "small.yaml", "--json")
      #expect(again.code == 0)
      #expect(try again.events().named("job").count == 1)
    }

    @Test func wrongFilesAreToldWithTheirLines() throws {
      try folder.write(
        folder.text("small.yaml").replacing("[1, 2]", with: "[1, 99]")
          .replacing("12", with: "none"), "wrong.yaml")
      let run = try folder.replan("sweep", "wrong.yaml", "--json")
      #expect(run.code == 65 && run.errors.contains("wrong.yaml:3:") && run.errors.contains(":5:"))
      #expect(!folder.exists("sweeps"))
      #expect(try folder.replan("sweep", "missing.yaml").code == 74)
      #expect(try folder.replan("sweep", "small.yaml", "--jobs", "0").code == 64)
      #expect(try folder.replan("sweep", "small.yaml", "--engine", "cloud").code == 64)
      #expect(try folder.replan("sweep-job", "nowhere").code == 65)
    }

    @Test func anotherSweepInTheSameFolderIsRefused() throws {
      #expect(try folder.replan("sweep", "small.yaml", "--list").code == 0)
      try folder.write(
        folder.text("small.yaml").replacing("12", with: "13"), "small.yaml")
      let run = try folder.replan("sweep", "small.yaml", "--list")
      #expect(run.code == 65 && run.errors.contains("--fresh"))
      let fresh = try folder.replan("sweep", "small.yaml", "--fresh", "--jobs", "2")
      #expect(fresh.code == 0 && fresh.errors.contains("moved the earlier sweep to"))
    }

    @Test func refitsTakeTheEpisodesOfManyWorkspaces() throws {
      for seed in ["1", "2"] {
        let run = try folder.replan(
          "collect", Places.pendulum, "--lockstep", "--seed", seed, "--episodes", "2",
          "--duration", "1", "--workspace", "w\(seed)")
        #expect(run.code == 0)
      }
      try folder.write(
        """
        name: fits
        command: refit
        robots: [\(Places.pendulum)]
        workspaces: [w1, w2]
        settings: {model.members: [1, 3], model.training.steps: [200]}
        seeds: [1, 2]
        """, "fits.yaml")
      let run = try folder.replan("sweep", "fits.yaml", "--jobs", "2", "--json")
      try #require(run.code == 0, "\(run.errors)")
      let rows = try run.events().named("row")
      #expect(rows.map { $0.integer("successes") } == [2, 2])
      #expect(rows.allSatisfy { $0.numbers("errors").count == 2 && $0.numbers("errors")[0] > 0 })
    }
  }
}
