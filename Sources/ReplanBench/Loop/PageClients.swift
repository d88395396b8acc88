import Foundation
import ReplanRealtime
import Synchronization

/// Clients of the live page that read its stream as a browser does, as fast as it comes.
final class PageClients: Sendable {
  private let sockets: [Int32]
  private let received = Atomic<Int>(0)
  private let isOver = Atomic<Bool>(false)
  private let reader = Mutex<Reader?>(nil)

  /// The thread that reads, joined when it goes.
  private final class Reader: Sendable {
    private let thread: RealtimeThread<Void>
    init(_ thread: consuming RealtimeThread<Void>) { self.thread = thread }
  }

  /// - Parameters:
  ///   - url: of the page.
  ///   - cpu: the processor that they read on.
  /// - Throws: `page` where the page cannot be reached.
  init(_ url: String, count: Int, cpu: Int?) throws(BenchError) {
    var sockets: [Int32] = []
    do throws(BenchError) {
      for _ in 0..<count { sockets.append(try Self.connect(url)) }
    } catch {
      for socket in sockets { close(socket) }
      throw error
    }
    self.sockets = sockets
    do throws(RealtimeError) {
      let options = ThreadOptions(name: "pages", priority: nil, cpu: cpu)
      let started = Reader(try RealtimeThread<Void>.start(options) { [self] _ in read() })
      reader.withLock { $0 = started }
    } catch {
      throw .realtime(error)
    }
  }

  /// Hangs up.
  ///
  /// - Returns: the bytes that all of them were sent.
  func end() -> Int {
    isOver.store(true, ordering: .relaxed)
    reader.withLock { $0 = nil }
    for socket in sockets { close(socket) }
    return received.load(ordering: .relaxed)
  }

  private func read() {
    var watched = sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while !isOver.load(ordering: .relaxed) {
      guard poll(&watched, nfds_t(watched.count), 50) > 0 else { continue }
      for entry in watched where entry.revents != 0 {
        let count = recv(entry.fd, &buffer, buffer.count, 0)
        if count > 0 { received.add(count, ordering: .relaxed) }
      }
    }
  }

  private static func connect(_ url: String) throws(BenchError) -> Int32 {
    guard let parts = URLComponents(string: url), let host = parts.host, let port = parts.port
    else {
      throw .page("\(url) is no address of a page")
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    inet_pton(AF_INET, host, &address.sin_addr)
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    let request = Array("GET /stream HTTP/1.1\r\nHost: \(host):\(port)\r\n\r\n".utf8)
    guard isConnected, send(descriptor, request, request.count, 0) == request.count else {
      let reason = String(cString: strerror(errno))
      close(descriptor)
      throw .page("the page at \(url) cannot be reached: \(reason)")
    }
    return descriptor
  }
}
