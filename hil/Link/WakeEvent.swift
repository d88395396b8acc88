import CSerialPort
import Glibc

/// Something that one thread can wait for, beside a line, and any other can bring about.
struct WakeEvent: ~Copyable, Sendable {
  let descriptor: Int32

  init(named path: String) throws(HILError) {
    // EFD_NONBLOCK and EFD_CLOEXEC are these by definition, which Swift does not see.
    descriptor = eventfd(0, O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw .notAPort(path: path, reason: systemMessage(errno)) }
  }

  deinit { close(descriptor) }

  /// Ends the wait, or the next one if nobody waits now.
  func signal() { _ = eventfd_write(descriptor, 1) }

  /// Makes the next wait one for what comes from here on.
  func clear() {
    var count: eventfd_t = 0
    _ = eventfd_read(descriptor, &count)
  }
}
