import CSerialPort

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

extension SerialPort {
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
