import Crypto
import Foundation

/// One combination of the values that a sweep tries.
public struct Setting: Sendable, Hashable {
  public struct Pair: Sendable, Hashable {
    /// Dotted key of the robot file.
    public var key: String
    /// As it is written in YAML.
    public var value: String
  }

  /// In the order of the file; empty for the robot file as it is.
  public var pairs: [Pair]

  /// For people: `model.members=3, value=optimistic`.
  public var label: String {
    pairs.isEmpty ? "as it is" : pairs.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
  }

  /// The name of its folder; different settings have different ones.
  var folder: String {
    guard !pairs.isEmpty else { return "default" }
    let plain = pairs.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    let allowed = plain.unicodeScalars.allSatisfy {
      ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
        || "._=,-+".unicodeScalars.contains($0)
    }
    if allowed, plain.utf8.count <= 100 { return plain }
    let readable = plain.unicodeScalars.map { scalar -> String in
      let isKept =
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        || ("0"..."9").contains(scalar) || "._=,-".unicodeScalars.contains(scalar)
      return isKept ? String(scalar) : "_"
    }.joined().prefix(80)
    let hash = SHA256.hash(data: Data(plain.utf8)).prefix(4).map { byte in
      String(format: "%02x", byte)
    }.joined()
    return "\(readable)-\(hash)"
  }

  /// All combinations, the last axis the fastest.
  static func grid(_ axes: [SettingAxis]) -> [Setting] {
    axes.reduce([Setting(pairs: [])]) { settings, axis in
      settings.flatMap { setting in
        axis.values.map { Setting(pairs: setting.pairs + [Pair(key: axis.key, value: $0.text)]) }
      }
    }
  }
}
