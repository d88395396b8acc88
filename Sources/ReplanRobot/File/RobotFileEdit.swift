import Yams

/// Changes values in the text of a robot file and leaves all else as it is: comments, order,
/// spacing and line breaks.
///
/// ```swift
/// var edit = try RobotFileEdit(path: "my-robot.yaml")
/// try edit.set(path: ["planner", "candidates"], to: "96")
/// try edit.write(to: "my-robot.yaml")
/// ```
public struct RobotFileEdit: Sendable {
  /// The text as it is by now; it has not been checked as a whole.
  public var text: String { source.text }
  let file: String
  var source: SourceText

  /// - Parameter file: the name that faults give.
  public init(text: String, file: String) {
    self.file = file
    source = SourceText(text)
  }

  /// - Throws: `RobotError.unreadable` if the file cannot be read, `.invalid` if it is no text.
  public init(path: String) throws(RobotError) {
    self.init(text: try RobotFile.read(path), file: path)
  }

  /// The description that the text stands for.
  ///
  /// - Throws: `RobotError.invalid` with all faults of the text.
  public func checked() throws(RobotError) -> RobotDescription {
    try RobotDescription.parse(text: text, file: file)
  }

  /// Checks the text and puts it in place as a whole: a crash leaves the old file or the new one.
  ///
  /// - Throws: `RobotError.invalid` if the text is no robot file, with nothing written;
  ///   `.unreadable` if the file cannot be written.
  @discardableResult
  public func write(to path: String) throws(RobotError) -> RobotDescription {
    let robot = try checked()
    try RobotFile.replace(path, with: text)
    return robot
  }

  /// Puts an entry behind the first one, in the manner of the mapping.
  ///
  /// Behind the first, because that is `kind` or `name` as a rule, and the last one may have
  /// comments after it that belong to what follows. Where the first takes several lines: before it.
  func insert(
    _ entry: String, into mapping: Node.Mapping, _ node: Node, _ key: String, _ section: String?,
    _ changed: inout SourceText
  ) throws(RobotError) {
    guard let first = mapping.first else {
      guard isFlow(mapping, changed), let start = changed.offset(mapping.mark) else {
        throw refusal(node, key, section)
      }
      changed.replace((start + 1)..<(start + 1), with: entry)
      return
    }
    guard let start = changed.offset(first.key.mark) else { throw refusal(node, key, section) }
    let value = first.value.scalar.flatMap { changed.range(of: $0) }
    if isFlow(mapping, changed) {
      let place = value?.upperBound ?? start
      changed.replace(place..<place, with: value == nil ? entry + ", " : ", " + entry)
      return
    }
    let margin =
      changed.newline + String(repeating: " ", count: (first.key.mark?.column ?? 1) - 1)
    if let value {
      let end = changed.lineEnd(value.upperBound)
      changed.replace(end..<end, with: margin + entry)
    } else {
      changed.replace(start..<start, with: entry + margin)
    }
  }

  /// Told by the text: the nodes that `Syntax` gives do not keep their style.
  func isFlow(_ mapping: Node.Mapping, _ text: SourceText) -> Bool {
    text.offset(mapping.mark).map { $0 < text.scalars.count && text.scalars[$0] == "{" } ?? false
  }

  func refusal(_ node: Node, _ key: String, _ section: String?) -> RobotError {
    let place = node.position
    return .invalid([
      Fault(
        file: file, line: place.line, column: place.column,
        key: section.map { "\($0).\(key)" } ?? key, found: ScalarReading.describe(node),
        allowed: "a plain value on one line, so that it can be replaced; edit it by hand")
    ])
  }
}
