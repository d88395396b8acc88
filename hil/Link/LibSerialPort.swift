import CSerialPort
import Glibc

extension SerialPort {
  /// Opens a real port: 8 data bits, no parity, one stop bit, no flow control.
  ///
  /// The descriptor is duplicated so that libserialport's handle, which lives on the heap, need not
  /// outlive the opening; both share one open device.
  static func openSerial(_ path: String, baud: Int) throws(HILError) -> Int32 {
    var handle: OpaquePointer?
    try check(sp_get_port_by_name(path, &handle), path, baud)
    defer { sp_free_port(handle) }
    try check(sp_open(handle, SP_MODE_READ_WRITE), path, baud)
    defer { sp_close(handle) }
    try check(sp_set_baudrate(handle, Int32(clamping: baud)), path, baud)
    try check(sp_set_bits(handle, 8), path, baud)
    try check(sp_set_parity(handle, SP_PARITY_NONE), path, baud)
    try check(sp_set_stopbits(handle, 1), path, baud)
    try check(sp_set_flowcontrol(handle, SP_FLOWCONTROL_NONE), path, baud)
    var descriptor: Int32 = -1
    try check(sp_get_port_handle(handle, &descriptor), path, baud)
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw .notAPort(path: path, reason: systemMessage(errno)) }
    // A second controller on the same plant would be a hazard.
    _ = ioctl(copy, UInt(TIOCEXCL))
    return copy
  }

  private static func check(
    _ result: sp_return, _ path: String, _ baud: Int
  ) throws(HILError) {
    if result == SP_OK { return }
    guard result == SP_ERR_FAIL else {
      throw result == SP_ERR_SUPP
        ? .cannotConfigure(path: path, baud: baud, reason: "not supported")
        : .notAPort(path: path, reason: "libserialport does not know it")
    }
    let number = sp_last_error_code()
    switch number {
    case EACCES, EPERM: throw .notAllowed(path: path)
    case EBUSY: throw .busy(path: path)
    case ENOENT, ENXIO, ENODEV: throw .noDevice(path: path)
    case EINVAL: throw .cannotConfigure(path: path, baud: baud, reason: systemMessage(number))
    default: throw .notAPort(path: path, reason: systemMessage(number))
    }
  }
}
