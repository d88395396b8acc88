import Foundation
import Testing

extension CommandTests {
  /// The commands about files that are there: list, complete, write for others, take from others.
  @Suite(.serialized)
  struct RecordFileTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// Two episodes of the base policy, and a model fitted to them.
    private func makeWorkspace() throws {
      let collect = try folder.replan(
        "collect", Places.cartPole, "--lockstep", "--episodes", "2", "--duration", "1.5",
        "--workspace", "w")
      #expect(collect.code == 0, "\(collect.errors)")
      let refit = try folder.replan("refit", Places.cartPole, "--workspace", "w")
      #expect(refit.code == 0, "\(refit.errors)")
    }

    private func listing(_ command: String, _ workspace: String) throws -> [Event] {
      let outcome = try folder.replan(command, workspace, "--json")
      #expect(outcome.code == 0, "\(outcome.errors)")
      return try outcome.events()
    }

    /// Cuts bytes off the end of a file.
    private func cut(_ name: String, by count: Int) throws {
      let bytes = try folder.bytes(name)
      try bytes.dropLast(count).write(to: URL(filePath: folder.file(name)))
    }

    @Test func episodesAndModelsAreListedWithWhatTheJournalSays() throws {
      try makeWorkspace()
      let journal = try Event.parse(folder.text("w/journal.jsonl")).named("episode")
      let episodes = try listing("episodes", "w")
      #expect(episodes.count == 2)
      for (listed, said) in zip(episodes, journal) {
        for key in ["seconds", "return", "index", "overruns", "fallbacks", "dropped", "ticks"] {
          #expect(listed.number(key) == said.number(key), "\(key)")
        }
        #expect(listed.string("end") == said.string("end") && listed.string("state") == "complete")
        #expect(listed.object("verdicts").integer("explored") == 75)
        #expect(listed.object("messages").integer("/state") == 75)
      }
      let model = try #require(try listing("models", "w").first)
      #expect(model.flag("current") == true && model.string("kind") == "ensemble")
      #expect(model.string("episodes") == "1-2" && model.integer("transitions") == 148)
      #expect(model.numbers("rmse").count == 4 && model.string("data_hash").count == 64)
      let table = try folder.replan("episodes", "w").output
      #expect(table.contains("explored 75") && table.split(separator: "\n").count == 3)
      #expect(try folder.replan("models", "w").output.contains("* 1"))
    }

    @Test func whatWasCutOffIsListedAndCompleted() throws {
      try makeWorkspace()
      try cut("w/episodes/0002.mcap", by: 3000)
      try folder.write("no episode", "w/episodes/0003.mcap")
      let before = try listing("episodes", "w")
      #expect(before.map { $0.string("state") } == ["complete", "cut off", "unreadable"])
      #expect(before[2].string("reason").contains("not an MCAP file"))
      #expect(try folder.replan("episodes", "w").output.contains("cut off"))
      let recover = try folder.replan("recover", "w", "--json")
      // The one that is no episode fails the command; the others are done.
      #expect(recover.code == 65)
      #expect(try recover.events().last?.string("message").contains("0003.mcap") == true)
      let export = try folder.replan("export", "w", "--to", "csv", "--out", "tables/new", "--json")
      let exported = try export.events()
      #expect(export.code == 65 && exported.map(\.name) == ["export", "export", "error"])
      #expect(exported[1].string("file") == "tables/new/0002.csv")
      let events = try recover.events().named("recovery")
      #expect(events.map { $0.string("state") } == ["whole", "recovered"])
      #expect(events[1].string("original") == "w/episodes/0002.mcap.cut")
      let after = try listing("episodes", "w")
      #expect(after[1].string("state") == "complete" && after[1].string("end") == "cut off")
      #expect(after[1].number("return") < 0)
      let again = try folder.replan("recover", "w/episodes/0002.mcap")
      #expect(again.code == 0 && again.output.contains("whole, left alone"))
      try FileManager.default.removeItem(atPath: folder.file("w/episodes/0003.mcap"))
      _ = try WorkspaceReferee(folder.file("w"))
    }

    /// Out and in again: a model fitted to imported episodes is the model of the original ones.
    @Test func importTakesWhatExportWrites() throws {
      try makeWorkspace()
      let export = try folder.replan("export", "w", "--to", "csv", "--out", "tables", "--json")
      #expect(export.code == 0, "\(export.errors)")
      #expect(try export.events().map { $0.integer("rows") } == [75, 75])
      let imported = try folder.replan(
        "import", "tables/0001.csv", "tables/0002.csv", "--robot", Places.cartPole,
        "--workspace", "v", "--json")
      #expect(imported.code == 0, "\(imported.errors)")
      let reports = try imported.events().map { $0.object("report") }
      #expect(reports.map { $0.integer("samples") } == [75, 75])
      #expect(reports.allSatisfy { $0.flag("interpolated") == false && $0.integer("gaps") == 0 })
      #expect(try listing("episodes", "v").map { $0.string("kind") } == ["imported", "imported"])
      let refit = try folder.replan("refit", Places.cartPole, "--workspace", "v")
      #expect(refit.code == 0, "\(refit.errors)")
      let (own, other) = (try listing("models", "w")[0], try listing("models", "v")[0])
      #expect(own.string("data_hash") == other.string("data_hash"))
      _ = try WorkspaceReferee(folder.file("v"))
    }

    @Test func exportNeverReplacesUnlessTold() throws {
      try makeWorkspace()
      let episode = "w/episodes/0001.mcap"
      #expect(try folder.replan("export", episode, "--to", "npz").code == 0)
      #expect(folder.exists("w/episodes/0001.npz"))
      let again = try folder.replan("export", episode, "--to", "npz")
      #expect(again.code == 74 && again.errors.contains("--force"))
      #expect(try folder.replan("export", episode, "--to", "npz", "--force").code == 0)
      // What lies beside the episodes is no episode.
      #expect(try listing("episodes", "w").count == 2)
      #expect(try folder.replan("export", episode, "--to", "xlsx").code == 64)
      #expect(try folder.replan("export", "none.mcap", "--to", "csv").code == 74)
      let place = try folder.replan("export", "w", "--to", "csv", "--out", "/proc/tables")
      #expect(place.code == 74 && place.errors.contains("--out is /proc/tables"))
    }

    @Test func otherLogsAreImportedByTheirColumns() throws {
      var log = "# a logger\n\"t_ms\";\"x\";\"v\";\"theta (deg)\";\"omega\";\"u\";\n"
      for k in 0..<100 where k != 50 {
        log += "\(10 * k);0,1;0;\(k);1,5;\(k % 5);\n"
      }
      try folder.write(log, "log.csv")
      let map = [
        "--map", "x=cart_position", "v=cart_velocity", "theta (deg)=pole_angle*deg",
        "omega=pole_velocity", "u=force", "--time", "t_ms",
      ]
      let dry = try ReplanProcess(
        ["import", "log.csv", "--robot", Places.cartPole, "--dry-run", "--json"] + map, in: folder
      ).finish()
      #expect(dry.code == 0, "\(dry.errors)")
      #expect(!folder.exists("workspaces"))
      let report = try dry.events()[0].object("report")
      // 20 ms out of 10 ms: interpolated, and parted where a row is missing.
      #expect(report.flag("interpolated") == true && report.integer("gaps") == 1)
      #expect(report.integer("samples") == 25 + 25 && report.integer("runs") == 2)
      let outcome = try ReplanProcess(
        ["import", "log.csv", "--robot", Places.cartPole] + map, in: folder
      ).finish()
      #expect(outcome.code == 0 && outcome.output.contains("interpolated onto the tick"))
      #expect(folder.exists("workspaces/cart_pole/episodes/0001.mcap"))
      let journal = try Event.parse(folder.text("workspaces/cart_pole/journal.jsonl"))
      #expect(journal.named("import").count == 1)
    }

    @Test func whatCannotBeImportedSaysWhatIsMissing() throws {
      try folder.write("time,angle,Q\n0,1,2\n0.02,1,2\n", "log.csv")
      let outcome = try folder.replan("import", "log.csv", "--robot", Places.cartPole)
      #expect(outcome.code == 65)
      for word in ["cart_position", "perhaps --map \"angle=pole_angle\"", "\"Q\"", "--map"] {
        #expect(outcome.errors.contains(word), "\(word)")
      }
      #expect(!folder.exists("workspaces"))
      let codes: [([String], Int32)] = [
        (["import", "none.csv", "--robot", Places.cartPole], 74),
        (["import", "log.csv", "--robot", "none.yaml"], 74),
        (["import", "log.csv", "--robot", Places.cartPole, "--map", "angle"], 64),
        (["import", "log.csv", "--robot", Places.cartPole, "--rate", "0"], 64),
        (["import", "--robot", Places.cartPole], 64),
        (["episodes", "none"], 74), (["models", "none"], 74), (["recover", "none"], 74),
        (["episodes", "."], 65), (["recover", "log.csv"], 65), (["export", "--to", "csv"], 64),
      ]
      for (arguments, code) in codes {
        let outcome = try ReplanProcess(arguments, in: folder).finish()
        #expect(outcome.code == code, "\(arguments) \(outcome.errors)")
        #expect(!outcome.errors.isEmpty)
      }
    }

    @Test(arguments: ["import", "export", "recover", "episodes", "models"])
    func helpHasAnExample(command: String) throws {
      let help = try folder.replan(command, "--help")
      #expect(help.code == 0 && help.output.contains("Example: replan \(command)"))
    }
  }
}
