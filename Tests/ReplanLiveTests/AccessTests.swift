import FlyingFox
import Foundation
import Testing

@testable import ReplanLive

/// Who may look, and who may stop.
@Suite struct AccessTests {
  private let token = "abcdefghijklmnop1234"

  private func request(
    _ headers: [String: String], query: [HTTPRequest.QueryItem] = []
  ) -> HTTPRequest {
    var all: [HTTPHeader: String] = [:]
    for (name, value) in headers { all[HTTPHeader(name)] = value }
    return HTTPRequest(
      method: .GET, version: .http11, path: "/", query: query, headers: all, body: Data())
  }

  @Test(arguments: ["127.0.0.1:80", "localhost:1234", "[::1]:99", "127.8.9.1", "localhost"])
  func thisComputerMayLook(host: String) throws {
    let access = try Access(.loopback, token: token)
    #expect(access.refusalToLook(request(["Host": host])) == nil)
    #expect(access.refusalToLook(request(["Host": host, "Origin": "http://\(host)"])) == nil)
  }

  /// A name that another site's owner has pointed to this computer.
  @Test(arguments: ["evil.example:80", "robot.local", "127.0.0.1.evil.example", "", "10.0.0.1:80"])
  func otherNamesMayNot(host: String) throws {
    let access = try Access(.loopback, token: token)
    #expect(access.refusalToLook(request(["Host": host])) != nil)
    #expect(access.refusalToStop(request(["Host": host, "X-Replan-Token": token])) != nil)
  }

  @Test(arguments: [
    ["Origin": "http://evil.example"], ["Origin": "null"], ["Sec-Fetch-Site": "cross-site"],
    ["Sec-Fetch-Site": "same-site"], ["Origin": "https://127.0.0.1:80"],
  ])
  func otherPagesMayNot(headers: [String: String]) throws {
    let access = try Access(.loopback, token: token)
    let all = headers.merging(["Host": "127.0.0.1:80", "X-Replan-Token": token]) { own, _ in own }
    #expect(access.refusalToLook(request(all)) != nil)
    #expect(access.refusalToStop(request(all)) != nil)
  }

  @Test func stoppingNeedsTheToken() throws {
    let access = try Access(.loopback, token: token)
    let host = ["Host": "127.0.0.1:80"]
    #expect(access.refusalToStop(request(host)) != nil)
    #expect(access.refusalToStop(request(host, query: [.init(name: "token", value: token)])) != nil)
    for wrong in ["", "x", token + "x", String(token.dropLast()), token.uppercased()] {
      #expect(
        access.refusalToStop(request(host.merging(["X-Replan-Token": wrong]) { a, _ in a })) != nil)
    }
    #expect(
      access.refusalToStop(request(host.merging(["X-Replan-Token": token]) { a, _ in a })) == nil)
  }

  @Test func othersNeedTheTokenToLook() throws {
    let access = try Access(ListenAddress("0.0.0.0"), token: token)
    let host = ["Host": "robot.local:80"]
    #expect(access.refusalToLook(request(host)) != nil)
    #expect(access.refusalToLook(request(host, query: [.init(name: "token", value: "x")])) != nil)
    #expect(access.refusalToLook(request(host, query: [.init(name: "token", value: token)])) == nil)
  }

  @Test func tokensAreMadeAndChecked() throws {
    let (first, second) = (try Access(.loopback, token: nil), try Access(.loopback, token: nil))
    #expect(first.token.count == 32 && first.token != second.token)
    #expect(try Access(ListenAddress("::"), token: "new").token.count == 32)
    #expect(throws: LiveError.self) { try Access(ListenAddress("::"), token: nil) }
    for wrong in ["short", "with a blank in it!!", "<script>alert(1)</script>", ""] {
      #expect(throws: LiveError.self) { try Access(.loopback, token: wrong) }
    }
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("127.1.2.3", true), ("::1", true), ("0.0.0.0", false), ("::", false),
    ("192.168.1.2", false), ("::ffff:127.0.0.1", false),
  ])
  func loopbackIsTold(address: String, isLoopback: Bool) throws {
    #expect(try ListenAddress(address).isLoopback == isLoopback)
  }

  @Test(arguments: ["", "localhost", "127.0.0", "1.2.3.4.5", "300.1.1.1", "127.0.0.1:80", "::g"])
  func otherTextsAreNoAddress(text: String) {
    #expect(throws: LiveError.self) { try ListenAddress(text) }
  }
}
