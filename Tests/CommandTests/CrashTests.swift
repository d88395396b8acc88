import Foundation
import Testing

extension CommandTests {
  /// `kill -9` at random moments: every file opens, and what is lost is the last chunk.
  ///
  /// REPLAN_CRASHES says how often; `make crash` does 200.
  @Suite(.serialized)
  struct CrashTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private static let crashes =
      ProcessInfo.processInfo.environment["REPLAN_CRASHES"].flatMap(Int.init) ?? 9

    /// A run that is to be killed.
    private enum Victim: CaseIterable {
      /// Long episodes on the plant's own clock.
      case realTime
      /// Short ones, so that files are made and completed most of the time.
      case short
      /// Fits and refits between and inside episodes.
      case learning

      func arguments(workspace: String) -> [String] {
        let common = ["--workspace", workspace, "--json", "--sim", "cart-pole"]
        return switch self {
        case .realTime:
          ["collect", Places.cartPole, "--episodes", "100", "--duration", "30"] + common
        case .short:
          ["collect", Places.cartPole, "--episodes", "100000", "--duration", "0.1", "--lockstep"]
            + common
        case .learning: ["learn", Places.cartPole, "--lockstep"] + common
        }
      }
    }

    @Test func everyFileOpensAfterAKill() throws {
      var random = SystemRandomNumberGenerator()
      for crash in 0..<Self.crashes {
        let victim = Victim.allCases[crash % Victim.allCases.count]
        // Workspaces that were killed in before go on, a few times each.
        let workspace = "\(victim)-\(crash / 30)"
        try kill(victim, workspace, after: Double.random(in: 0...1.6, using: &random))
      }
      // Nothing is in the way of the next run.
      let run = try folder.replan(
        "collect", Places.cartPole, "--lockstep", "--workspace", "short-0", "--json")
      #expect(run.code == 0, "\(run.errors)")
    }

    private func kill(_ victim: Victim, _ workspace: String, after seconds: Double) throws {
      let run = try ReplanProcess(victim.arguments(workspace: workspace), in: folder)
      // Now and then even before the workspace is made.
      if seconds > 0.1 { try run.await("start") }
      usleep(UInt32(seconds * 1e6))
      run.send(SIGKILL)
      let time = Date().timeIntervalSince1970
      _ = run.finish()
      guard folder.exists(workspace + "/robot.yaml") else { return }
      try expectRecovered(workspace, killed: victim == .realTime ? time : nil, after: seconds)
    }

    /// - Parameter time: of the kill, s since 1970, where the records bear the time of day.
    private func expectRecovered(
      _ workspace: String, killed time: Double?, after seconds: Double
    ) throws {
      let before = try folder.replan("episodes", workspace, "--json").events()
      let recover = try folder.replan("recover", workspace, "--json")
      let unreadable = before.filter { $0.string("state") == "unreadable" }
      if unreadable.isEmpty {
        #expect(recover.code == 0, "\(recover.errors)")
      } else {
        // Killed while the file was made: it holds no sample yet.
        #expect(unreadable.count == 1 && before.last?.string("state") == "unreadable")
        try #require(recover.code == 65, "\(recover.errors)")
        try FileManager.default.removeItem(atPath: folder.file(unreadable[0].string("file")))
      }
      let after = try folder.replan("episodes", workspace, "--json").events()
      #expect(after.allSatisfy { $0.string("state") == "complete" })
      let referee = try WorkspaceReferee(folder.file(workspace))
      #expect(referee.episodes.allSatisfy { $0.flag("finished") == true })
      guard let time, let last = referee.episodes.last, seconds > 1 else { return }
      // A chunk of half a second, and what the host takes to write one and to end a process.
      #expect(time - last.number("last_time") < 0.5 + 0.5, "\(last.string("file"))")
    }
  }
}
