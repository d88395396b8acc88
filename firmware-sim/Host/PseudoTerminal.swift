import Glibc

/// The line: the master side of a raw pseudo-terminal, and a symbolic link to its slave side.
///
/// Bytes that are sent while nobody has the slave side open are lost, as on a wire: the kernel would
/// store them instead, and a controller would begin with observations seconds old. So no slave side
/// is held open here; a closed one shows as a hang-up of the master.
final class PseudoTerminal {
  /// -1 while the cable is out.
  private(set) var master: Int32 = -1
  private var slavePath = ""
  private let link: String
  private(set) var isOpen = false
  /// The rest of a frame of which the kernel took only a part.
  private var unsent: [UInt8] = []

  init(link: String) throws(HostError) {
    self.link = link
    unsent.reserveCapacity(512)
    try plug()
  }

  /// Makes the terminal and the link to it, a new one if there was one before.
  ///
  /// - Precondition: the cable is out.
  func plug() throws(HostError) {
    precondition(master < 0, "a cable is plugged in once")
    var settings = termios()
    cfmakeraw(&settings)
    // A baud rate of 0 would mean a hung-up line to whoever asks.
    cfsetspeed(&settings, speed_t(B115200))
    settings.c_cflag |= tcflag_t(CREAD | CLOCAL)
    var master: Int32 = -1
    var slave: Int32 = -1
    guard openpty(&master, &slave, nil, &settings, nil) == 0 else {
      throw .terminal(call: "openpty", code: errno)
    }
    // Closed again: only a slave side that was open once can hang up.
    defer { Glibc.close(slave) }
    self.master = master
    var name = [CChar](repeating: 0, count: 128)
    let code = ttyname_r(slave, &name, name.count)
    guard code == 0 else { throw .terminal(call: "ttyname_r", code: code) }
    slavePath = PseudoTerminal.string(name)
    guard fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK) == 0 else {
      throw .terminal(call: "fcntl", code: errno)
    }
    try makeLink()
  }

  private func makeLink() throws(HostError) {
    var status = stat()
    if lstat(link, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFLNK else { throw .linkOccupied(link) }
      unlink(link)
    }
    guard symlink(slavePath, link) == 0 else { throw .link(link, code: errno) }
  }

  /// Pulls the cable: the device is gone for whoever has it open, and so is the link.
  func unplug() {
    isOpen = false
    unsent.removeAll(keepingCapacity: true)
    close()
  }

  /// Removes the link, unless by now it is somebody else's.
  func close() {
    guard master >= 0 else { return }
    var target = [CChar](repeating: 0, count: 128)
    if readlink(link, &target, target.count - 1) > 0,
      PseudoTerminal.string(target) == slavePath
    {
      unlink(link)
    }
    Glibc.close(master)
    master = -1
  }

  /// Looks whether anybody has the slave side open.
  func updateIsOpen() {
    guard master >= 0 else { return }
    var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    let count = poll(&entry, 1, 0)
    isOpen = count == 0 || Int32(entry.revents) & POLLHUP == 0
  }

  /// The slave side was closed: what its reader left unread is not for the next one.
  func hungUp() {
    isOpen = false
    unsent.removeAll(keepingCapacity: true)
    discardUnread()
  }

  private static func string(_ bytes: [CChar]) -> String {
    String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private func discardUnread() {
    let slave = Glibc.open(slavePath, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard slave >= 0 else { return }
    tcflush(slave, TCIFLUSH)
    Glibc.close(slave)
  }

  /// Reads what has arrived.
  ///
  /// - Returns: the bytes, none if there are none; `nil` if the slave side was closed.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> UnsafeRawBufferPointer? {
    let count = Glibc.read(master, buffer.baseAddress, buffer.count)
    if count < 0 && errno == EIO { return nil }
    return UnsafeRawBufferPointer(rebasing: buffer[0..<max(count, 0)])
  }

  /// Sends a frame without waiting.
  ///
  /// - Returns: false if the reader is so slow that there was no room, and then no part is sent.
  func send(_ frame: UnsafeRawBufferPointer) -> Bool {
    guard flush() else { return false }
    let count = Glibc.write(master, frame.baseAddress, frame.count)
    guard count > 0 else { return false }
    if count < frame.count { unsent.append(contentsOf: frame[count...]) }
    return true
  }

  /// - Returns: true if nothing is left to send.
  private func flush() -> Bool {
    guard !unsent.isEmpty else { return true }
    let count = unsent.withUnsafeBytes { Glibc.write(master, $0.baseAddress, $0.count) }
    if count > 0 { unsent.removeFirst(count) }
    return unsent.isEmpty
  }
}
