/// The rule for names of channels.
enum ChannelNames {
  /// What is wrong with a list of channels; nil if nothing is.
  static func fault(in names: [String]) -> String? {
    for name in names {
      let letters = Array(name.utf8)
      let isFirstRight = letters.first.map { (97...122).contains($0) } ?? false
      let isRestRight = letters.allSatisfy {
        (97...122).contains($0) || (48...57).contains($0) || $0 == 95
      }
      guard isFirstRight && isRestRight else {
        return "channel name \"\(name)\" is not of the form [a-z][a-z0-9_]*"
      }
    }
    guard Set(names).count == names.count else {
      return "channel names \(names) are not all different"
    }
    return nil
  }
}
