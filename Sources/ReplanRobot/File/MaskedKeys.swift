import Yams

/// Hides keys that occur more than once from Yams, which would stop at the first of them.
///
/// The first letter of each occurrence of such a key is replaced by a scalar of its own from
/// Unicode's plane 15 for private use. All keys then differ, and no column moves. After the
/// composition the letters are put back, and the checker sees the duplicates with their positions.
struct MaskedKeys {
  private static let firstMask: UInt32 = 0xF0000
  /// Bounds for the time that a file made to be slow can take.
  private static let largestMaskCount = 60_000
  private static let largestNameCount = 64

  private(set) var text: String
  /// The letters that the masks stand for, in the order of the masks.
  private var letters: [Unicode.Scalar] = []
  private var nameCount = 0

  init(_ text: String) {
    self.text = text
  }

  /// Masks every occurrence of the names as keys; false if nothing could be masked.
  mutating func mask(_ names: [String]) -> Bool {
    let isInUse = text.unicodeScalars.contains { $0.value >= Self.firstMask }
    if letters.isEmpty, isInUse { return false }
    nameCount += names.count
    guard nameCount <= Self.largestNameCount else { return false }
    let before = letters.count
    for name in names where !name.isEmpty { mask(Array(name.unicodeScalars)) }
    return letters.count > before && letters.count <= Self.largestMaskCount
  }

  private mutating func mask(_ name: [Unicode.Scalar]) {
    var scalars = Array(text.unicodeScalars)
    guard scalars.count > name.count else { return }
    for start in 0..<(scalars.count - name.count)
    where scalars[start] == name[0] && scalars[start..<(start + name.count)].elementsEqual(name) {
      var end = start + name.count
      if scalars[end] == "\"" || scalars[end] == "'" { end += 1 }
      while end < scalars.count, scalars[end] == " " || scalars[end] == "\t" { end += 1 }
      guard end < scalars.count, scalars[end] == ":" else { continue }
      guard let mask = Unicode.Scalar(Self.firstMask + UInt32(letters.count)) else { return }
      letters.append(scalars[start])
      scalars[start] = mask
      guard letters.count <= Self.largestMaskCount else { return }
    }
    var masked = String.UnicodeScalarView()
    masked.append(contentsOf: scalars)
    text = String(masked)
  }

  /// The node with all letters put back.
  func unmask(_ node: Node) -> Node {
    guard !letters.isEmpty else { return node }
    switch node {
    case .scalar(var scalar):
      scalar.string = unmask(scalar.string)
      return .scalar(scalar)
    case .sequence(let sequence):
      return .sequence(
        Node.Sequence(sequence.map(unmask), sequence.tag, sequence.style, sequence.mark))
    case .mapping(let mapping):
      let pairs = mapping.map { (unmask($0.key), unmask($0.value)) }
      return .mapping(Node.Mapping(pairs, mapping.tag, mapping.style, mapping.mark))
    case .alias:
      return node
    }
  }

  private func unmask(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let index = Int(scalar.value) - Int(Self.firstMask)
      scalars.append(letters.indices.contains(index) ? letters[index] : scalar)
    }
    return String(scalars)
  }
}
