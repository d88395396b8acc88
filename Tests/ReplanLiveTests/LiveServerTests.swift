import FlyingFox
import Foundation
import PlantRig
import ReplanRecord
import Synchronization
import Testing

@testable import ReplanLive

/// What the server answers.
@Suite(.serialized) struct LiveServerTests {
  private let rig: EpisodeRig
  private let handler: PageHandler
  private let access: Access
  private let outcomes = Outcomes()

  private final class Outcomes: Sendable {
    let all = Mutex<[EmergencyStop.Outcome]>([])
  }

  init() throws {
    rig = try EpisodeRig(lockstep: true)
    let feed = try LiveFeed(workspace: rig.workspace.path)
    access = try Access(.loopback, token: nil)
    let outcomes = outcomes
    handler = PageHandler(
      feed: feed, access: access, stop: EmergencyStop(workspace: rig.workspace.path),
      seats: Seats(2)
    ) { outcome in
      outcomes.all.withLock { $0.append(outcome) }
    }
  }

  private func ask(
    _ method: HTTPMethod, _ path: String, _ headers: [HTTPHeader: String] = [:]
  ) async throws -> HTTPResponse {
    let all = headers.merging([.host: "127.0.0.1:80"]) { own, _ in own }
    return try await handler.handleRequest(
      HTTPRequest(
        method: method, version: .http11, path: path, query: [], headers: all, body: Data()))
  }

  @Test func thePageHoldsTheTokenAndLoadsNothingFromElsewhere() async throws {
    let response = try await ask(.GET, "/")
    #expect(response.statusCode.code == 200)
    let page = String(decoding: try await response.bodyData, as: UTF8.self)
    #expect(page.contains("content=\"\(access.token)\""))
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("//cdn"))
    let policy = try #require(response.headers[HTTPHeader("Content-Security-Policy")])
    #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
    #expect(response.headers[HTTPHeader("Cache-Control")] == "no-store")
  }

  /// Every file that the page or its scripts name is there.
  @Test func allFilesAreServed() async throws {
    var wanted = ["/"]
    var seen: Set<String> = []
    while let path = wanted.popLast() {
      guard seen.insert(path).inserted else { continue }
      let response = try await ask(.GET, path)
      #expect(response.statusCode.code == 200, "\(path)")
      #expect(response.headers[HTTPHeader("X-Content-Type-Options")] == "nosniff")
      let text = String(decoding: try await response.bodyData, as: UTF8.self)
      for match in text.matches(of: /(?:src|href|from)[= ]"(?:\.\/)?([a-z]+\.(?:js|css))"/) {
        wanted.append("/" + match.1)
      }
    }
    #expect(seen.count == 9, "\(seen)")
  }

  @Test(arguments: [
    ("GET", "/etc/passwd", 404), ("GET", "/../robot.yaml", 404), ("POST", "/", 405),
    ("GET", "/stop", 404), ("DELETE", "/stop", 405), ("PUT", "/x", 404), ("POST", "/stop", 403),
  ])
  func otherRequestsAreRefused(method: String, path: String, code: Int) async throws {
    #expect(try await ask(HTTPMethod(method), path).statusCode.code == code)
  }

  @Test func aFullHouseIsToldOf() async throws {
    var streams: [HTTPResponse] = []
    for _ in 0..<2 { streams.append(try await ask(.GET, "/stream")) }
    #expect(streams.allSatisfy { $0.statusCode.code == 200 })
    #expect(try await ask(.GET, "/stream").statusCode.code == 503)
    // A place that is given back is free again.
    streams.removeAll()
    #expect(try await ask(.GET, "/stream").statusCode.code == 200)
  }

  @Test func aStreamGoesOn() async throws {
    let response = try await ask(.GET, "/stream")
    guard case .httpBody(let body) = response.payload else {
      Issue.record("a stream has a body")
      return
    }
    var text = ""
    for try await piece in body {
      text += String(decoding: piece, as: UTF8.self)
      if text.components(separatedBy: "event: frame").count > 3 { break }
    }
    #expect(text.contains("event: session"))
  }

  /// The live file speaks of this very process, which has it mapped no more: it is left alone.
  @Test func aProcessThatIsNotTheSessionIsLeftAlone() async throws {
    let path = rig.workspace.path + "/live"
    let runner = rig.runner(rig.host())
    #expect(FileManager.default.fileExists(atPath: path))
    let copy = try Data(contentsOf: URL(filePath: path))
    try FileManager.default.removeItem(atPath: path)
    try copy.write(to: URL(filePath: path))
    let response = try await ask(.POST, "/stop", [Access.header: access.token])
    #expect(response.statusCode.code == 200)
    #expect(outcomes.all.withLock { $0.map(\.kind) } == [.refused])
    withExtendedLifetime(runner) {}
  }

  /// What cannot be read is not taken for nobody.
  @Test func whereItIsUnknownWhoRunsTheStopSaysSo() async throws {
    let path = rig.workspace.path + "/live"
    try Data("the live file of some other program, long enough to be one".utf8)
      .write(to: URL(filePath: path))
    let response = try await ask(.POST, "/stop", [Access.header: access.token])
    #expect(response.statusCode.code == 200)
    let outcome = try #require(outcomes.all.withLock(\.self).first)
    #expect(outcome.kind == .refused && outcome.message.contains("STOP OF THE MACHINE"))
  }

  /// The rig holds its workspace: without a live file there is somebody all the same.
  @Test func whoShowsNothingIsNotTakenForNobody() async throws {
    let response = try await ask(.POST, "/stop", [Access.header: access.token])
    #expect(response.statusCode.code == 200)
    #expect(outcomes.all.withLock { $0.map(\.kind) } == [.refused])
    #expect(Workspace.holder(rig.workspace.path) == getpid())
  }
}
