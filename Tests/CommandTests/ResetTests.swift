import Foundation
import Testing

extension CommandTests {
  /// Plants that cannot reset themselves, and the operator who does.
  @Suite(.serialized)
  struct ResetTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func robot(_ ways: String) throws -> String {
      let text = try String(contentsOfFile: Places.pendulum, encoding: .utf8)
      return try folder.write(
        text.replacing("  reset: rest", with: "  reset: rest\n  reset_by: \(ways)"), "robot.yaml")
    }

    @Test func aRefusalNamesTheRemedy() throws {
      let plant = try SeparatePlant.simulator("pendulum", in: folder, resets: false)
      let run = try folder.replan(
        "collect", Places.pendulum, "--device", plant.device, "--workspace", "w", "--json")
      #expect(run.code == 69 && run.errors.contains("episode.reset_by"), "\(run.errors)")
      #expect(run.errors.contains("[plant, operator]"))
      plant.end()
      #expect(try SampleTable(folder).values("armed").allSatisfy { $0 == 0 })
    }

    @Test func withoutATerminalNothingIsBegun() throws {
      let plant = try SeparatePlant.simulator("pendulum", in: folder, resets: false)
      let run = try folder.replan(
        "collect", robot("[plant, operator]"), "--device", plant.device, "--workspace", "w")
      #expect(run.code == 64 && run.errors.contains("--yes"), "\(run.errors)")
      plant.end()
      #expect(try SampleTable(folder).values("armed").allSatisfy { $0 == 0 })
    }

    @Test func yesAnswersForTheOperator() throws {
      let plant = try SeparatePlant.simulator("pendulum", in: folder, resets: false)
      let run = try folder.replan(
        "collect", robot("[plant, operator]"), "--device", plant.device, "--workspace", "w",
        "--yes", "--episodes", "2", "--duration", "0.5", "--json")
      #expect(run.code == 0, "\(run.errors)")
      #expect(try run.events().named("episode").map { $0.number("seconds") } == [0.5, 0.5])
      #expect(run.errors.contains("OPERATOR: bring the plant to rest"))
      try expectComplete(folder.file("w"))
    }

    /// At a terminal a person answers; what else is typed is asked again.
    @Test(arguments: [("\\n", 0), ("what\\nyes\\n", 0), ("n\\n", 69)])
    func anAnswerAtTheTerminalCounts(typed: String, code: Int32) throws {
      let plant = try SeparatePlant.simulator("pendulum", in: folder, resets: false)
      let script = """
        import os, pty, sys, time
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(sys.argv[1], sys.argv[1:])
        said, answered = b"", False
        while True:
            try:
                part = os.read(terminal, 4096)
            except OSError:
                break
            if not part:
                break
            said += part
            if not answered and b"Press Enter" in said:
                answered = True
                time.sleep(0.3)
                os.write(terminal, "\(typed)".encode())
        sys.stdout.buffer.write(said)
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        """
      let path = try folder.write(script, "terminal.py")
      let run = try ReplanProcess(
        [
          "collect", robot("[operator]"), "--device", plant.device, "--workspace", "w",
          "--duration", "0.5",
        ], in: folder, under: [try Places.python().path, path]
      ).finish()
      #expect(run.code == code, "\(run.output) \(run.errors)")
      #expect(run.output.contains("OPERATOR"))
    }
  }
}
