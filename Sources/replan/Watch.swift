import ArgumentParser
import Foundation
import ReplanLive
import ReplanRealtime

struct Watch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show on a page in a browser what happens in a workspace, with an emergency stop.",
    discussion: """
      The page shows the plant moving, the plan and what each member foresees of it, the guard's \
      verdict, tick times, the learning curve and the journal. Its button, or the key Escape, stops \
      whoever runs in the workspace: the plant is disarmed within a tick. It is no replacement for an \
      emergency stop in hardware.

      The page is for this computer only. With --listen others can open it, by the token alone; \
      nothing is encrypted.

      `replan learn`, `run` and `collect` take --watch, which serves the page while they run.

      Example: replan watch workspaces/cart_pole
      Example: replan watch workspaces/cart_pole --port 8080
      Example: replan watch workspaces/cart_pole --listen 0.0.0.0 --port 8080 --token new
      """)

  @Argument(help: "Folder of a workspace.", completion: .directory)
  var workspace: String

  @Option(help: ArgumentHelp("Port of the page; 0 for any that is free.", valueName: "number"))
  var port = 0

  @Option(
    help: ArgumentHelp(
      "IP address to serve on; others than this computer's own need --token.", valueName: "address")
  )
  var listen: String?

  @Option(
    help: ArgumentHelp(
      "Secret without which the page does not open: 16 characters or more, or `new` to have one made.",
      valueName: "text"))
  var token: String?

  @Flag(help: .hidden)
  var untilEof = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if !(0...65_535).contains(port) {
      throw ValidationError("--port is \(port); 0 to 65535 is allowed.")
    }
  }

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      let address =
        try listen.map { text throws(LiveError) in try ListenAddress(text) } ?? .loopback
      let feed = try LiveFeed(workspace: workspace)
      let server = try LiveServer(
        feed: feed, address: address, port: UInt16(port), token: token
      ) { outcome in
        console.object(StopEvent(outcome: outcome.kind.rawValue, message: outcome.message))
        console.line("emergency stop: \(outcome.message)")
      }
      try StopSignal.install()
      let workspace = workspace
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await server.run { url in
            console.object(ListeningEvent(url: url, workspace: workspace))
            console.line("watch \(workspace) at \(url)")
          }
        }
        group.addTask { try await waitForEnd(feed) }
        // The server ends by an error only, the wait when the user or the parent is done.
        do { try await group.next() } catch { throw error }
        group.cancelAll()
        await server.stop()
        while (try? await group.next()) != nil {}
      }
      return nil
    }
  }

  /// Returns when the user, or who started this program, is done with it; keeps off the processor of
  /// the control thread meanwhile.
  private func waitForEnd(_ feed: LiveFeed) async throws {
    let background = Background()
    var hasEnded = false
    while StopSignal.requests == 0 && !hasEnded {
      if untilEof, Self.inputHasEnded {
        // The last of what happened is still on its way to the pages.
        hasEnded = true
      }
      background.avoid(await feed.controlProcessor())
      try await Task.sleep(nanoseconds: 250_000_000)
    }
  }

  private static var inputHasEnded: Bool {
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&input, 1, 0) > 0 else { return false }
    var byte: UInt8 = 0
    return read(STDIN_FILENO, &byte, 1) <= 0
  }
}

private struct ListeningEvent: Encodable {
  let event = "listening"
  var url: String
  var workspace: String
}

private struct StopEvent: Encodable {
  let event = "emergency_stop"
  var outcome: String
  var message: String
}
