import CSerialPort
import Glibc

extension Port {
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

/// A serial port that the system knows, for people to choose from.
public struct PortDescription: Equatable, Sendable {
  public enum Transport: String, Sendable { case native, usb, bluetooth }

  public var path: String
  /// What the adapter says of itself, or the driver of it.
  public var description: String
  public var transport: Transport
  public var manufacturer: String?
  public var product: String?
  public var serialNumber: String?
  /// USB vendor and product numbers.
  public var vendorID: Int?
  public var productID: Int?
}

extension Port {
  /// The serial ports of this machine, by path. Pseudo-terminals are not among them.
  public static func list() throws(HILError) -> [PortDescription] {
    var ports: UnsafeMutablePointer<OpaquePointer?>?
    guard sp_list_ports(&ports) == SP_OK, let ports else {
      throw .cannotList(reason: systemMessage(sp_last_error_code()))
    }
    defer { sp_free_port_list(ports) }
    var found: [PortDescription] = []
    // SAFETY: libserialport ends the list with a null pointer.
    var next = ports
    while let port = next.pointee {
      found.append(describe(port))
      next += 1
    }
    return found.sorted { $0.path < $1.path }
  }

  private static func describe(_ port: OpaquePointer) -> PortDescription {
    func text(_ value: UnsafePointer<CChar>?) -> String? { value.map { String(cString: $0) } }
    let path = text(sp_get_port_name(port)) ?? ""
    var vendor: Int32 = 0
    var product: Int32 = 0
    let isNumbered = sp_get_port_usb_vid_pid(port, &vendor, &product) == SP_OK
    let transport: PortDescription.Transport =
      switch sp_get_port_transport(port) {
      case SP_TRANSPORT_USB: .usb
      case SP_TRANSPORT_BLUETOOTH: .bluetooth
      default: .native
      }
    return PortDescription(
      path: path, description: text(sp_get_port_description(port)) ?? path,
      transport: transport,
      manufacturer: text(sp_get_port_usb_manufacturer(port)),
      product: text(sp_get_port_usb_product(port)),
      serialNumber: text(sp_get_port_usb_serial(port)),
      vendorID: isNumbered ? Int(vendor) : nil, productID: isNumbered ? Int(product) : nil)
  }
}
