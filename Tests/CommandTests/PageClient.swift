import Foundation
import Glibc

/// Reads the live page as a program: its token, its stream of frames, its stop.
final class PageClient {
  struct Answer {
    var code: Int
    var body: String
  }

  let port: Int
  let token: String
  private let stream: Int32
  private var text = ""

  init(_ url: String) throws {
    guard let port = URLComponents(string: url)?.port else {
      throw Failure(description: "no port in \(url)")
    }
    self.port = port
    let page = try Self.request(port: port, "GET / HTTP/1.1\r\nHost: 127.0.0.1:\(port)").body
    guard let range = page.range(of: "name=\"replan-token\" content=\"") else {
      throw Failure(description: "no token in \(page)")
    }
    token = String(page[range.upperBound...].prefix { $0 != "\"" })
    stream = try Self.connect(port)
    try Self.send(stream, "GET /stream HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n")
  }

  deinit { close(stream) }

  /// Waits for a frame that is as wanted.
  func await(
    within seconds: Double = 60, _ isWanted: ([String: Any]) -> Bool
  ) throws {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while deadline.timeIntervalSinceNow > 0 {
      text += Self.read(stream)
      while let end = text.range(of: "\n\n") {
        let lines = text[..<end.lowerBound].split(separator: "\n")
        text = String(text[end.upperBound...])
        guard lines.contains("event: frame"),
          let data = lines.first(where: { $0.hasPrefix("data: ") }),
          let frame = try? JSONSerialization.jsonObject(with: Data(data.dropFirst(6).utf8))
            as? [String: Any]
        else { continue }
        if isWanted(frame) { return }
      }
    }
    throw Failure(description: "no such frame within \(seconds) s: \(text.suffix(300))")
  }

  func stop(token: String? = nil) throws -> Answer {
    try Self.stop(port: port, token: token ?? self.token)
  }

  static func stop(port: Int, token: String) throws -> Answer {
    try request(
      port: port,
      "POST /stop HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Length: 0\r\n"
        + "X-Replan-Token: \(token)")
  }

  static func request(port: Int, _ head: String) throws -> Answer {
    let descriptor = try connect(port)
    defer { close(descriptor) }
    try send(descriptor, head + "\r\nConnection: close\r\n\r\n")
    var answer = ""
    while case let piece = read(descriptor), !piece.isEmpty { answer += piece }
    let parts = answer.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
    let words = parts[0].split(separator: " ")
    guard words.count > 1, let code = Int(words[1]) else {
      throw Failure(description: "no answer: \(answer)")
    }
    return Answer(code: code, body: parts.count > 1 ? String(parts[1]) : "")
  }

  private static func connect(_ port: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else { throw Failure(description: "nobody listens on \(port)") }
    return descriptor
  }

  private static func send(_ descriptor: Int32, _ text: String) throws {
    let bytes = Array(text.utf8)
    guard Glibc.send(descriptor, bytes, bytes.count, 0) == bytes.count else {
      throw Failure(description: "the server hung up")
    }
  }

  private static func read(_ descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    // Without carriage returns, which Swift would join with the line feed to one character.
    return count > 0 ? String(decoding: buffer[..<count].filter { $0 != 0x0D }, as: UTF8.self) : ""
  }
}
