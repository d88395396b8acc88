import FlyingFox

/// Who may look at the page, and who may stop the robot.
///
/// A page of another site that happens to be open in the same browser must do neither: so a request
/// has to name this server as its host, has to come from this server's own page if it says where it
/// comes from, and needs the token to stop anything. On an address that others can reach, looking
/// needs the token too.
public struct Access: Sendable {
  /// Known to the page that this server hands out, and to nobody else.
  let token: String
  let isOpenToOthers: Bool

  static let header = HTTPHeader("X-Replan-Token")
  static let parameter = "token"

  /// - Parameter token: the user's; nil has one made, which only loopback admits.
  public init(_ address: ListenAddress, token: String?) throws(LiveError) {
    isOpenToOthers = !address.isLoopback
    guard let token else {
      guard address.isLoopback else { throw .noToken(address: address.text) }
      self.token = Self.make()
      return
    }
    self.token = token == "new" ? Self.make() : token
    try Self.check(self.token)
  }

  /// 32 letters and digits from the system's source of randomness.
  static func make() -> String {
    let letters = Array("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
    var random = SystemRandomNumberGenerator()
    return String((0..<32).map { _ in letters.randomElement(using: &random)! })
  }

  private static func check(_ token: String) throws(LiveError) {
    let isAllowed = token.utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
    }
    guard isAllowed else { throw .token("holds other characters than are allowed") }
    guard (16...128).contains(token.utf8.count) else {
      throw .token("has \(token.utf8.count) characters")
    }
  }

  /// Why a request to look is refused; nil if it is granted.
  func refusalToLook(_ request: HTTPRequest) -> String? {
    if let refusal = refusalOfOrigin(request) { return refusal }
    guard isOpenToOthers || request.query[Self.parameter] != nil else { return nil }
    return hasToken(request)
      ? nil : "The token is missing or wrong: open the address that replan watch has printed."
  }

  /// Why a request to stop is refused; nil if it is granted.
  func refusalToStop(_ request: HTTPRequest) -> String? {
    if let refusal = refusalOfOrigin(request) { return refusal }
    guard let given = request.headers[Self.header], Self.isSame(given, token) else {
      return "The token is missing or wrong: load the page anew, its server was started anew."
    }
    return nil
  }

  private func hasToken(_ request: HTTPRequest) -> Bool {
    let given = request.query[Self.parameter] ?? request.headers[Self.header] ?? ""
    return Self.isSame(given, token)
  }

  private func refusalOfOrigin(_ request: HTTPRequest) -> String? {
    let host = request.headers[.host] ?? ""
    if !isOpenToOthers, !Self.isLoopback(host) {
      return "This page is for this computer only, and \(host.prefix(80)) is another name."
    }
    if let origin = request.headers[HTTPHeader("Origin")], origin != "http://\(host)" {
      return "Requests from other pages are refused."
    }
    if let site = request.headers[HTTPHeader("Sec-Fetch-Site")],
      site != "same-origin" && site != "none"
    {
      return "Requests from other pages are refused."
    }
    return nil
  }

  /// A name that no other site can take for this server, whatever its name service says.
  private static func isLoopback(_ host: String) -> Bool {
    let name: Substring
    if host.hasPrefix("[") {
      name = host.dropFirst().prefix { $0 != "]" }
    } else {
      name = host.prefix { $0 != ":" }
    }
    if name == "localhost" { return true }
    return (try? ListenAddress(String(name)))?.isLoopback ?? false
  }

  /// Takes as long for a wrong token as for the right one, wherever they differ.
  static func isSame(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    var difference = a.count ^ b.count
    for i in 0..<b.count { difference |= Int((i < a.count ? a[i] : 0) ^ b[i]) }
    return difference == 0
  }
}
