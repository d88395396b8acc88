import Glibc

/// The far end of a pseudo-terminal, where a test plays the plant.
public final class Terminal {
  public let descriptor: Int32
  /// What the program under test opens.
  public let path: String
  /// Kept open so that the far end can be read before the program opens the near one.
  private let near: Int32
  private var isOpen = true

  public init() {
    var far: Int32 = -1
    var near: Int32 = -1
    precondition(openpty(&far, &near, nil, nil, nil) == 0)
    _ = fcntl(far, F_SETFL, O_NONBLOCK)
    // A child process that another test starts must not keep the line up.
    _ = fcntl(far, F_SETFD, FD_CLOEXEC)
    _ = fcntl(near, F_SETFD, FD_CLOEXEC)
    (descriptor, self.near) = (far, near)
    var name = [UInt8](repeating: 0, count: 128)
    precondition(name.withUnsafeMutableBytes { ttyname_r(near, $0.baseAddress!, $0.count) } == 0)
    path = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
    var settings = termios()
    tcgetattr(near, &settings)
    cfmakeraw(&settings)
    tcsetattr(near, TCSANOW, &settings)
  }

  /// Pulls the plug.
  public func hangUp() {
    guard isOpen else { return }
    isOpen = false
    close(near)
    close(descriptor)
  }

  deinit { hangUp() }

  public func write(_ bytes: [UInt8]) {
    var sent = 0
    while isOpen && sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress! + sent, $0.count - sent)
      }
      // A full buffer means that nobody reads any more.
      guard count > 0 else { return }
      sent += count
    }
  }

  /// What has come within `milliseconds`, or nothing.
  public func read(milliseconds: Int32) -> [UInt8] {
    guard isOpen else { return [] }
    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&watched, 1, milliseconds) > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return Array(bytes.prefix(max(count, 0)))
  }
}
