import FlyingSocks
import Glibc

/// Where the page is served.
public struct ListenAddress: Sendable, Equatable {
  public let text: String
  public let isLoopback: Bool
  let isIPv6: Bool

  public static let loopback = ListenAddress(text: "127.0.0.1", isLoopback: true, isIPv6: false)

  /// - Parameter text: an IPv4 or IPv6 address; names are refused, since what they mean may change.
  public init(_ text: String) throws(LiveError) {
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      self.init(
        text: text, isLoopback: UInt32(bigEndian: four.s_addr) >> 24 == 127, isIPv6: false)
    } else if inet_pton(AF_INET6, text, &six) == 1 {
      let bytes = withUnsafeBytes(of: six) { Array($0) }
      self.init(
        text: text, isLoopback: bytes == [UInt8](repeating: 0, count: 15) + [1], isIPv6: true)
    } else {
      throw .address(text)
    }
  }

  private init(text: String, isLoopback: Bool, isIPv6: Bool) {
    self.text = text
    self.isLoopback = isLoopback
    self.isIPv6 = isIPv6
  }

  func socketAddress(port: UInt16) throws -> any SocketAddress {
    if isIPv6 { return try sockaddr_in6.inet6(ip6: text, port: port) }
    return try sockaddr_in.inet(ip4: text, port: port)
  }

  /// As it stands in the address of a page.
  func host(port: UInt16) -> String { (isIPv6 ? "[\(text)]" : text) + ":\(port)" }
}
