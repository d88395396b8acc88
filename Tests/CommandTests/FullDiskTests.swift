import Foundation
import Testing

extension CommandTests {
  /// A disk that fills up while an episode runs: the loop goes on, and the file says what it lacks.
  @Suite(.serialized)
  struct FullDiskTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// Runs a shell script in a mount namespace of its own, where it may mount a small disk.
    private func run(_ script: String) throws -> Outcome {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["unshare", "-rm", "sh", "-c", script]
      process.currentDirectoryURL = URL(filePath: folder.path)
      let (output, errors) = (Pipe(), folder.file("stderr"))
      process.standardOutput = output
      FileManager.default.createFile(atPath: errors, contents: nil)
      process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
      process.standardInput = FileHandle.nullDevice
      try process.run()
      let data = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return Outcome(
        code: process.terminationStatus, output: String(decoding: data, as: UTF8.self),
        errors: try folder.text("stderr"), seconds: 0)
    }

    /// Whether this host lets a test mount; containers often do not.
    private static let canMount: Bool = {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
      process.standardError = FileHandle.nullDevice
      guard (try? process.run()) != nil else { return false }
      process.waitUntilExit()
      return process.terminationStatus == 0
    }()

    @Test(.enabled(if: canMount, "no mount namespace is to be had here"))
    func theEpisodeCountsWhatTheDiskRefused() throws {
      let program = try Places.program("replan").path
      let outcome = try run(
        """
        mkdir disk kept && mount -t tmpfs -o size=160k tmpfs disk || exit 99
        \(program) collect \(Places.cartPole) --lockstep --duration 60 --workspace disk/w --json
        code=$?
        cp -r disk/w kept && exit $code
        """)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let episode = try #require(try outcome.events().named("episode").first)
      // Every tick was run.
      #expect(episode.integer("ticks") == 3000)
      let dropped = episode.integer("dropped")
      #expect(dropped > 1000 && episode.string("drop_reason").contains("The disk is full"))
      #expect(outcome.errors.contains("\(dropped) records did not reach the file"))
      // The file is whole, with an index, and says so too.
      let listed = try folder.replan("episodes", "kept/w", "--json").events()[0]
      #expect(listed.string("state") == "complete" && listed.integer("dropped") == dropped)
      let messages = listed.object("messages")
      let written = messages.keys.reduce(0) { $0 + messages.integer($1) }
      #expect(written + dropped == 5 * 3000 - 1)
      #expect(written > 1000)
      let referee = try WorkspaceReferee(folder.file("kept/w"))
      #expect(referee.episodes[0].flag("finished") == true)
    }

    /// A limit on the file's size refuses the end as well; the signal that comes with it ends nothing.
    @Test func aFileThatMayNotGrowIsCutOffAndCompletedLater() throws {
      let program = try Places.program("replan").path
      let process = Process()
      process.executableURL = URL(filePath: "/bin/bash")
      process.arguments = [
        "-c",
        "ulimit -f 80; exec \(program) collect \(Places.cartPole) --lockstep --duration 30 "
          + "--workspace w --json",
      ]
      process.currentDirectoryURL = URL(filePath: folder.path)
      let output = Pipe()
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      process.standardInput = FileHandle.nullDevice
      try process.run()
      let data = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 0)
      let episode = try Event.parse(String(decoding: data, as: UTF8.self)).named("episode")[0]
      #expect(episode.integer("ticks") == 1500 && episode.integer("dropped") > 1000)
      let recover = try folder.replan("recover", "w", "--json")
      #expect(recover.code == 0, "\(recover.errors)")
      let state = try recover.events()[0].string("state")
      let listed = try folder.replan("episodes", "w", "--json").events()[0]
      #expect(listed.string("state") == "complete")
      #expect(state == (listed.string("end") == "cut off" ? "recovered" : "whole"))
    }
  }
}
