import Glibc

/// What a cell of a table says.
enum CellText: Equatable {
  case number(Double)
  /// Nothing was measured.
  case missing
  case other

  private static let absent: Set<String> = [
    "", "nan", "na", "n/a", "null", "none", "nil", "-", "--", "?",
  ]

  /// - Parameter hasDecimalComma: `1,5` is one and a half; where cells are delimited otherwise.
  init(_ text: String, hasDecimalComma: Bool) {
    if let number = Double(text) {
      self = number.isNaN ? .missing : .number(number)
    } else if Self.absent.contains(text.lowercased()) {
      self = .missing
    } else if hasDecimalComma, text.contains(","), !text.contains("."),
      let number = Double(text.replacing(",", with: ".", maxReplacements: 1))
    {
      self = .number(number)
    } else if let seconds = Self.timeStamp(text) {
      self = .number(seconds)
    } else {
      self = .other
    }
  }

  /// Seconds since 1970 of `2026-01-31T12:00:00.25Z`; without a zone it is taken for UTC, as only
  /// differences count.
  static func timeStamp(_ text: String) -> Double? {
    let digits = Array(text.utf8)
    guard digits.count >= 19, digits[4] == 0x2D, digits[7] == 0x2D, digits[13] == 0x3A,
      digits[16] == 0x3A, digits[10] == 0x54 || digits[10] == 0x20
    else { return nil }
    func field(_ start: Int, _ length: Int) -> Int32? {
      let part = digits[start..<start + length]
      guard part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      return Int32(String(decoding: part, as: UTF8.self))
    }
    guard let year = field(0, 4), let month = field(5, 2), let day = field(8, 2),
      let hour = field(11, 2), let minute = field(14, 2), let second = field(17, 2)
    else { return nil }
    var date = tm()
    date.tm_year = year - 1900
    date.tm_mon = month - 1
    date.tm_mday = day
    date.tm_hour = hour
    date.tm_min = minute
    date.tm_sec = second
    var rest = digits[19...]
    var fraction = 0.0
    if rest.first == 0x2E || rest.first == 0x2C {
      let part = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
      fraction = Double("0." + String(decoding: part, as: UTF8.self)) ?? 0
      rest = rest.dropFirst(1 + part.count)
    }
    guard let zone = zoneSeconds(rest) else { return nil }
    return Double(timegm(&date)) - zone + fraction
  }

  /// Seconds that a zone is ahead of UTC: nothing, `Z`, `+01:00` or `-0330`.
  private static func zoneSeconds(_ text: ArraySlice<UInt8>) -> Double? {
    if text.isEmpty || text.elementsEqual([0x5A]) { return 0 }
    guard let sign = text.first, sign == 0x2B || sign == 0x2D else { return nil }
    let digits = text.dropFirst().filter { $0 != 0x3A }
    guard digits.count == 4, let number = Int(String(decoding: digits, as: UTF8.self)) else {
      return nil
    }
    let seconds = Double(number / 100 * 3600 + number % 100 * 60)
    return sign == 0x2D ? -seconds : seconds
  }
}
