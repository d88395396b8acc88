import CSerialPort
import Glibc

/// One open serial port or pseudo-terminal: a nonblocking file descriptor.
///
/// Real ports are opened by libserialport, which knows the adapters' odd baud rates; pseudo-terminals
/// it refuses, so those are opened here. After that both are the same. Reading and writing make one
/// system call each and never allocate.
public struct SerialPort: ~Copyable {
  /// What came of one read or write.
  public enum Transfer: Equatable, Sendable {
    case bytes(Int)
    /// Nothing to read, or no room to write.
    case wouldBlock
    /// The device is gone, with the system's error number (0: end of file).
    case gone(Int32)
  }

  public let path: String
  /// Bits a second; without meaning on a pseudo-terminal.
  public let baud: Int
  let descriptor: Int32
  /// An epoll that watches the descriptor, for `wait`; the descriptor itself where there is none.
  private let watcher: Int32

  /// Opens `path`, a symbolic link or not.
  public init(path: String, baud: Int) throws(HILError) {
    guard let resolved = realpath(path, nil) else {
      throw errno == EACCES ? .notAllowed(path: path) : .noDevice(path: path)
    }
    defer { free(resolved) }
    let target = String(cString: resolved)
    let descriptor =
      target.hasPrefix("/dev/pts/")
      ? try SerialPort.openTerminal(target, named: path)
      : try SerialPort.openSerial(target, baud: baud)
    try self.init(descriptor: descriptor, path: path, baud: baud)
  }

  /// Takes over an open terminal and makes its reads tell silence from a hang-up.
  init(descriptor: Int32, path: String, baud: Int) throws(HILError) {
    self.path = path
    self.baud = baud
    self.descriptor = descriptor
    var settings = termios()
    guard tcgetattr(descriptor, &settings) == 0 else {
      throw .notAPort(path: path, reason: systemMessage(errno))
    }
    cfmakeraw(&settings)
    // With a minimum of 0 a read would return 0 bytes in silence, as it does after a hang-up.
    settings.c_cc.6 = 1  // VMIN
    settings.c_cc.5 = 0  // VTIME
    settings.c_cflag |= tcflag_t(CLOCAL | CREAD)
    guard tcsetattr(descriptor, TCSANOW, &settings) == 0 else {
      throw .cannotConfigure(path: path, baud: baud, reason: systemMessage(errno))
    }
    tcflush(descriptor, TCIOFLUSH)
    let epoll = cserialport_watch(descriptor)
    watcher = epoll >= 0 ? epoll : descriptor
  }

  deinit {
    if watcher != descriptor { close(watcher) }
    close(descriptor)
  }

  private static func openTerminal(_ target: String, named path: String) throws(HILError) -> Int32 {
    let descriptor = open(target, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    if descriptor >= 0 { return descriptor }
    switch errno {
    case EACCES, EPERM: throw .notAllowed(path: path)
    case EBUSY: throw .busy(path: path)
    case ENOENT, ENXIO, EIO, ENODEV: throw .noDevice(path: path)
    default: throw .notAPort(path: path, reason: systemMessage(errno))
    }
  }

  /// Reads what is there, without waiting.
  public func read(into bytes: UnsafeMutableRawBufferPointer) -> Transfer {
    SerialPort.read(descriptor, into: bytes)
  }

  /// The same of an open port that somebody else keeps open meanwhile.
  static func read(_ descriptor: Int32, into bytes: UnsafeMutableRawBufferPointer) -> Transfer {
    while true {
      let count = Glibc.read(descriptor, bytes.baseAddress, bytes.count)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .gone(0) }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock
      default: return .gone(errno)
      }
    }
  }

  /// Writes as much as there is room for, without waiting.
  public func write(_ bytes: UnsafeRawBufferPointer) -> Transfer {
    SerialPort.write(bytes, to: descriptor)
  }

  /// The same of an open port that somebody else keeps open meanwhile.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Transfer {
    while true {
      let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
      if count >= 0 { return .bytes(count) }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock
      default: return .gone(errno)
      }
    }
  }

  /// Waits until there is something to read or the device is gone.
  ///
  /// A terminal that is asked whether it has bytes, and has none, waits for the kernel's worker to bring
  /// what is on its way, however long that worker is kept from running. So it is the epoll that is
  /// asked, which only looks at a terminal that has called: the wait ends in time.
  ///
  /// - Returns: whether that happened within `nanoseconds`; a signal ends the wait early.
  public func wait(nanoseconds: Int64) -> Bool {
    var watched = pollfd(fd: watcher, events: Int16(POLLIN), revents: 0)
    let time = max(0, nanoseconds)
    var limit = timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
    return ppoll(&watched, 1, &limit, nil) > 0
  }
}

/// The system's words for an error number.
func systemMessage(_ number: Int32) -> String {
  number == 0 ? "end of file" : String(cString: strerror(number))
}
