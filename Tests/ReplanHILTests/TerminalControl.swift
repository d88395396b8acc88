import Glibc

// libserialport reads the modem control lines when it opens a port, and a pseudo-terminal has none.
// A program's own symbols come before those of its libraries, so this definition answers for the
// terminal driver and passes everything else on.
private typealias Control =
  @convention(c) (Int32, UInt, UnsafeMutableRawPointer?) -> Int32

private let system: Control = {
  // RTLD_NEXT: the definition after this one.
  let next = UnsafeMutableRawPointer(bitPattern: -1)
  // SAFETY: both are three machine words in registers, as the variadic C declaration is called.
  return unsafeBitCast(dlsym(next, "ioctl")!, to: Control.self)
}()

/// Requests about modem control lines that a pseudo-terminal was spared.
nonisolated(unsafe) var sparedRequests = 0

@_cdecl("ioctl")
public func answerControl(
  _ descriptor: Int32, _ request: UInt, _ argument: UnsafeMutableRawPointer?
) -> Int32 {
  let result = system(descriptor, request, argument)
  let lines = [UInt(TIOCMGET), UInt(TIOCMSET), UInt(TIOCMBIS), UInt(TIOCMBIC)]
  guard result != 0, lines.contains(request), isatty(descriptor) == 1 else { return result }
  sparedRequests += 1
  if request == UInt(TIOCMGET) { argument?.storeBytes(of: 0, as: Int32.self) }
  return 0
}
