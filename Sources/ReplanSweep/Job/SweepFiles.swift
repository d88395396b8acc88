import Foundation

/// Files of a sweep, each written as a whole.
enum SweepFiles {
  static func makeFolder(_ path: String) throws(SweepError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .file(path: path, reason: error.localizedDescription)
    }
  }

  /// Replaces or creates a file such that a crash leaves the old content or the new one.
  static func write(_ data: Data, to path: String) throws(SweepError) {
    do {
      try data.write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .file(path: path, reason: error.localizedDescription)
    }
  }

  /// One line of JSON.
  static func json(_ value: some Encodable) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    // Plain values: they encode.
    return try! encoder.encode(value) + Data("\n".utf8)
  }
}
