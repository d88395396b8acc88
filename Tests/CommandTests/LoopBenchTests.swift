import Foundation
import Testing

extension CommandTests {
  /// `replan bench --loop`: the loop beside cyclictest.
  @Suite(.serialized)
  struct LoopBenchTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    @Test func measuresTheLoop() throws {
      let run = try folder.replan("bench", "--loop", "--seconds", "1", "--slices", "1", "--json")
      #expect(run.code == 0, "\(run.errors)")
      let events = try run.events()
      #expect(events.map(\.name) == ["loop_slice", "loop"])
      let slice = try #require(events.first)
      let summary = try #require(events.last)
      #expect(summary.integer("rate_hz") == 1000 && summary.number("seconds") == 1)
      expectLatencies(slice.object("loop"))
      expectLatencies(summary.object("loop"))
      let counts = summary.object("counts")
      #expect(counts.integer("ticks") > 100)
      // A host that stalls us costs ticks, never an allocation.
      #expect(counts.integer("allocations") == 0)
      for key in ["major_faults", "minor_faults", "missed_ticks", "skipped_observations"] {
        #expect(counts.integer(key) >= 0, "\(key)")
      }
      #expect(counts.integer("voluntary_switches") > 0)
      #expect(counts.integer("bad_frames") == 0)
      if summary.keys.contains("cyclictest") {
        expectLatencies(slice.object("cyclictest"))
        let ratio = summary.object("ratio")
        #expect(ratio.number("median") > 0)
        #expect(slice.number("ratio") == ratio.number("median"))
      } else {
        #expect(run.errors.contains("apt-get install rt-tests"))
      }
    }

    private func expectLatencies(_ latencies: Event) {
      #expect(latencies.integer("count") > 100)
      #expect(latencies.integer("p50_us") <= latencies.integer("p99_us"))
      #expect(latencies.integer("p99_us") <= latencies.integer("p999_us"))
      #expect(latencies.integer("p999_us") <= latencies.integer("max_us"))
    }

    @Test func tablesSayWhetherTheBarsAreMet() throws {
      let run = try folder.replan(
        "bench", "--loop", "--seconds", "0.5", "--slices", "2", "--no-cyclictest")
      #expect(run.code == 0, "\(run.errors)")
      for words in ["p99.9", "allocations", "page faults", "gaps at the parser", "bar 0"] {
        #expect(run.output.contains(words), "\(words): \(run.output)")
      }
      #expect(!run.output.contains("cyclictest"))
      #expect(try folder.names(in: "").filter { $0.hasPrefix("workspaces") }.isEmpty)
    }

    @Test func measuresTheLoopWhilePagesLookOn() throws {
      let run = try folder.replan(
        "bench", "--loop", "--watch", "--seconds", "0.5", "--slices", "1", "--json")
      #expect(run.code == 0, "\(run.errors)")
      let events = try run.events()
      #expect(events.map(\.name) == ["watch_slice", "watch"])
      let summary = try #require(events.last)
      expectLatencies(summary.object("watched"))
      expectLatencies(summary.object("alone"))
      #expect(summary.integer("clients") == 3 && summary.integer("bytes") > 10_000)
      #expect(summary.object("ratio").number("median") > 0)
      #expect(summary.object("counts").integer("allocations") == 0)
    }

    @Test(arguments: [
      ["--watch"], ["--loop", "--watch", "--no-cyclictest"],
      ["--seconds", "1"], ["--loop", "--seconds", "1", "--minutes", "1"],
      ["--loop", "--slices", "0"], ["--loop", "--minutes", "0"], ["--loop", "--quick"],
      ["--loop", "--robot", "x.yaml"], ["--loop", "--seconds", "1", "--slices", "100"],
      ["--loop", "--cpu", "100000"], ["--no-cyclictest"],
    ])
    func wrongUsage(arguments: [String]) throws {
      let run = try ReplanProcess(["bench"] + arguments, in: folder).finish()
      #expect(run.code == 64, "\(run.errors)")
    }
  }
}
