import ArgumentParser
import Foundation
import ReplanRecord
import Subprocess
import Synchronization
import SystemPackage

/// Whether a command serves the live page while it runs.
struct WatchOptions: ParsableArguments {
  @Flag(help: "Serve a page for a browser that shows what happens; see `replan watch --help`.")
  var watch = false

  @Option(
    help: ArgumentHelp(
      "With --watch: port of the page; 0 for any that is free. (default: 0)", valueName: "number"))
  var watchPort: Int?

  func validate() throws {
    if watchPort != nil && !watch { throw ValidationError("--watch-port belongs to --watch.") }
    if let watchPort, !(0...65_535).contains(watchPort) {
      throw ValidationError("--watch-port is \(watchPort); 0 to 65535 is allowed.")
    }
  }

  /// Runs `body`, and beside it the page if it is wanted.
  func beside<Output: Sendable>(
    _ workspace: Workspace, _ console: Console,
    _ body: @escaping @Sendable () async throws -> Output
  ) async throws -> Output {
    guard watch else { return try await body() }
    return try await WatchProcess(workspace: workspace.path, port: watchPort ?? 0).run(
      console, body)
  }
}

/// `replan watch` as a child process: whatever the server does, it does not do it to the loop.
struct WatchProcess: Sendable {
  var workspace: String
  var port: Int

  /// Runs `body` while the page is served; with the page's address, if it wants it.
  func run<Output: Sendable>(
    _ console: Console, _ body: @escaping @Sendable () async throws -> Output
  ) async throws -> Output {
    try await serve { url in
      console.object(WatchEvent(url: url))
      console.line("watch it at \(url)")
      return try await body()
    }
  }

  func serve<Output: Sendable>(
    _ body: @escaping @Sendable (_ url: String) async throws -> Output
  ) async throws -> Output {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    var options = PlatformOptions()
    // Ctrl-C reaches only us; the page is there until the end.
    options.processGroupID = 0
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
    let outcome = try await Subprocess.run(
      .path(FilePath(own)),
      arguments: ["watch", workspace, "--port", "\(port)", "--until-eof", "--json"],
      platformOptions: options, input: .inputWriter, output: .sequence, error: .discarded
    ) { execution -> Result<Output, any Error> in
      var lines = execution.standardOutput.strings().makeAsyncIterator()
      let first = try await lines.next() ?? ""
      guard let url = WatchProcess.url(first) else {
        return .failure(WatchProcess.failure(first))
      }
      let result: Result<Output, any Error>
      do { result = .success(try await body(url)) } catch { result = .failure(error) }
      try? await execution.standardInputWriter.finish()
      return result
    }
    return try outcome.closureResult.get()
  }

  private static func url(_ line: String) -> String? {
    struct Listening: Decodable { var url: String }
    return (try? JSONDecoder().decode(Listening.self, from: Data(line.utf8)))?.url
  }

  private static func failure(_ line: String) -> Failure {
    struct Fault: Decodable {
      var message: String
      var code: Int32
    }
    guard let fault = try? JSONDecoder().decode(Fault.self, from: Data(line.utf8)) else {
      return Failure(.internalError, "the live page's server did not start")
    }
    return Failure(Code(rawValue: fault.code) ?? .internalError, "--watch: \(fault.message)")
  }
}

private struct WatchEvent: Encodable {
  let event = "watch"
  var url: String
}
