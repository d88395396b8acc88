/// How model files are called inside an episode: `models/0001.safetensors`, by generation.
enum ModelAttachment {
  static let mediaType = "application/octet-stream"
  private static let folder = "models/"
  private static let suffix = ".safetensors"

  static func name(_ generation: UInt32) -> String {
    let digits = String(generation)
    let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
    return folder + zeros + digits + suffix
  }

  /// The generation of an attachment; nil if it is none of these.
  static func generation(of name: String) -> UInt32? {
    guard name.hasPrefix(folder), name.hasSuffix(suffix) else { return nil }
    let generation = UInt32(name.dropFirst(folder.count).dropLast(suffix.count))
    return generation.flatMap { ModelAttachment.name($0) == name ? $0 : nil }
  }
}
