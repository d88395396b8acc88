import ReplanFaults
import ReplanPlants
import Testing

/// Texts that are almost fault files: each is read or refused with its place, and none ends the
/// program.
struct FaultFuzzTests {
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    /// splitmix64.
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  @Test func mutatedFilesAreReadOrRefused() {
    var generator = Generator(state: 4)
    let pieces = [
      "{", "}", "[", "]", ":", ",", "-", "\n", "  ", "\t", "*a", "&a ", "!!str ", "1e400", "-0",
      ".inf", "~", "\"", "'", "#", "|", ">", "boot", "all", "at: 1", "by: 1", "\u{0}", "\u{FEFF}",
    ]
    var (read, refused) = (0, 0)
    for seed: UInt64 in 0..<2000 {
      let schedule = FaultSchedule.random(seed: seed, allowsRealTime: true)
      var text = Array(schedule.yaml)
      for _ in 0...(seed % 3) {
        let place = Int.random(in: 0...text.count, using: &generator)
        if Bool.random(using: &generator), place < text.count {
          text.remove(at: place)
        } else {
          text.insert(contentsOf: pieces.randomElement(using: &generator)!, at: place)
        }
      }
      do {
        let found = try FaultSchedule.parse(
          yaml: String(text), channels: FaultChannels(.cartPole))
        #expect(found.faults.allSatisfy { (0...1).contains($0.probability) })
        #expect(found.faults.allSatisfy { $0.window.begin < $0.window.end })
        read += 1
      } catch {
        #expect(!error.violations.isEmpty)
        #expect(error.violations.allSatisfy { !$0.found.isEmpty && !$0.allowed.isEmpty })
        refused += 1
      }
    }
    #expect(read > 100 && refused > 500)
  }

  @Test func deepNestingIsRefused() {
    for text in [
      "faults: " + String(repeating: "[", count: 100_000),
      "faults: " + String(repeating: "{a: ", count: 50_000),
    ] {
      #expect(throws: FaultError.self) { try FaultSchedule.parse(yaml: text) }
    }
  }
}
