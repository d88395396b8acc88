import FlyingFox
import FlyingSocks
import Foundation

/// Serves the live page of one workspace.
///
/// ```swift
/// let server = try LiveServer(feed: feed, address: .loopback, port: 0, token: nil)
/// try await server.run { url in print(url) }
/// ```
public struct LiveServer: Sendable {
  private let server: HTTPServer
  private let access: Access
  private let address: ListenAddress
  private let port: UInt16

  /// Clients that may look at once.
  public static let mostClients = 16

  /// - Parameters:
  ///   - port: 0 for any that is free.
  ///   - token: needed where others can reach the address; `new` has one made.
  ///   - onStop: told what became of an emergency stop.
  public init(
    feed: LiveFeed, address: ListenAddress = .loopback, port: UInt16 = 0, token: String? = nil,
    onStop: @escaping @Sendable (EmergencyStop.Outcome) -> Void = { _ in }
  ) throws(LiveError) {
    access = try Access(address, token: token)
    self.address = address
    self.port = port
    let handler = PageHandler(
      feed: feed, access: access, stop: EmergencyStop(workspace: feed.workspace),
      seats: Seats(Self.mostClients), onStop: onStop)
    let place: any SocketAddress
    do { place = try address.socketAddress(port: port) } catch { throw .address(address.text) }
    server = HTTPServer(address: place, logger: .disabled, handler: handler)
  }

  /// Serves until the task is cancelled.
  ///
  /// - Parameter onListening: gets the page's address.
  /// - Throws: `cannotListen`.
  public func run(onListening: @escaping @Sendable (String) -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await serve() }
      group.addTask {
        try await server.waitUntilListening(timeout: 10)
        onListening(await url)
      }
      // The first to fail ends both; that it listens ends nothing.
      for try await _ in group {}
    }
  }

  public func stop() async { await server.stop(timeout: 0) }

  private func serve() async throws {
    do {
      try await server.run()
    } catch let error as SocketError {
      guard case .failed(_, let code, _) = error else { throw error }
      throw LiveError.cannotListen(
        address: address.text, port: port, reason: String(cString: strerror(code)))
    }
  }

  private var url: String {
    get async {
      var port = port
      switch await server.listeningAddress {
      case .ip4(_, port: let bound), .ip6(_, port: let bound): port = bound
      default: break
      }
      return "http://\(address.host(port: port))/"
        + (access.isOpenToOthers ? "?\(Access.parameter)=\(access.token)" : "")
    }
  }
}

/// Answers the requests of the page.
struct PageHandler: HTTPHandler {
  let feed: LiveFeed
  let access: Access
  let stop: EmergencyStop
  let seats: Seats
  let onStop: @Sendable (EmergencyStop.Outcome) -> Void

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    var response = await answer(request)
    for (header, value) in PageFiles.securityHeaders where response.headers[header] == nil {
      response.headers[header] = value
    }
    return response
  }

  private func answer(_ request: HTTPRequest) async -> HTTPResponse {
    switch (request.method, request.path) {
    case (.POST, "/stop"): return await pull(request)
    case (.GET, "/"), (.GET, "/stream"):
      if let refusal = access.refusalToLook(request) { return refused(.forbidden, refusal) }
      return request.path == "/" ? file(request) : stream()
    case (.GET, _): return file(request)
    case (_, "/stop"), (_, "/"), (_, "/stream"):
      return refused(.methodNotAllowed, "There is no \(request.method.rawValue) here.")
    default: return refused(.notFound, "There is nothing here.")
    }
  }

  private func file(_ request: HTTPRequest) -> HTTPResponse {
    PageFiles.response(request.path, token: access.token)
      ?? refused(.notFound, "There is nothing here.")
  }

  private func stream() -> HTTPResponse {
    guard let seat = seats.take() else {
      return refused(
        .serviceUnavailable, "\(seats.count) pages look on already; close one of them.")
    }
    return HTTPResponse(
      statusCode: .ok, headers: [.contentType: "text/event-stream; charset=utf-8"],
      body: HTTPBodySequence(from: EventStream(feed: feed, seat: seat)))
  }

  /// Nothing stands between the button and the signal: not the feed, not a body that is to be read.
  private func pull(_ request: HTTPRequest) async -> HTTPResponse {
    if let refusal = access.refusalToStop(request) { return refused(.forbidden, refusal) }
    let outcome = await stop.pull()
    onStop(outcome)
    await feed.show(outcome)
    let body = (try? JSONEncoder().encode(outcome)) ?? Data()
    return HTTPResponse(
      statusCode: .ok, headers: [.contentType: "application/json"], body: body)
  }

  private func refused(_ code: HTTPStatusCode, _ reason: String) -> HTTPResponse {
    HTTPResponse(
      statusCode: code, headers: [.contentType: "text/plain; charset=utf-8"],
      body: Data((reason + "\n").utf8))
  }
}
