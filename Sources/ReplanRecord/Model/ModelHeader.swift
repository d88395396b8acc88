import Foundation
import ReplanCore

/// The JSON header of a model file.
struct ModelHeader {
  struct Tensor: Codable, Equatable {
    var dtype: String
    var shape: [Int]
    /// First byte and the one after the last, from the end of the header.
    var offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  /// Longer headers are taken for damage.
  static let largestSize = 1 << 20
  /// Of any kind: a text must not mean one thing in one file and another in the next.
  private static let reserved = ModelContent.keys.union([
    "format", "format_version", "structure", "channels", "tensors_sha256",
  ])

  let path: String
  let kind: ModelKind
  let structure: PlantStructure
  let channels: [String]
  let tensorHash: String
  let tensors: [String: Tensor]
  /// All texts, the file's own ones included.
  let metadata: [String: String]

  /// What the writer added to the file's own texts.
  var extra: [String: String] { metadata.filter { !Self.reserved.contains($0.key) } }

  init(
    _ model: FittedModel, texts: [String: String], tensors: [String: Tensor], tensorHash: String,
    extra: [String: String], path: String
  ) throws(RecordError) {
    if let clash = extra.keys.sorted().first(where: Self.reserved.contains) {
      throw .refused(path: path, reason: "metadata \"\(clash)\" is the file's own")
    }
    do {
      var metadata = extra.merging(texts) { first, _ in first }
      metadata["format"] = model.kind.format
      metadata["format_version"] = ModelFile.formatVersion
      metadata["structure"] = try JSONLine.text(StructureText(model.structure))
      metadata["channels"] = try JSONLine.text(model.channels)
      metadata["tensors_sha256"] = tensorHash
      self.metadata = metadata
    } catch {
      throw .refused(path: path, reason: "its header is not representable as JSON: \(error)")
    }
    self.path = path
    kind = model.kind
    structure = model.structure
    channels = model.channels
    self.tensorHash = tensorHash
    self.tensors = tensors
  }

  func encoded() throws(RecordError) -> [UInt8] {
    do {
      return try JSONLine.bytes(HeaderText(metadata: metadata, tensors: tensors))
    } catch {
      throw .refused(path: path, reason: "its header is not representable as JSON: \(error)")
    }
  }

  init(decoding bytes: [UInt8], path: String) throws(RecordError) {
    func damaged(_ reason: String) -> RecordError {
      .damaged(path: path, offset: 8, reason: reason)
    }
    guard bytes.count <= Self.largestSize else { throw damaged("a header of \(bytes.count) bytes") }
    guard let header = try? JSONLine.decode(HeaderText.self, bytes) else {
      throw damaged("the header is not the JSON of a safetensors file")
    }
    metadata = header.metadata
    tensors = header.tensors
    self.path = path
    guard let kind = metadata["format"].flatMap(ModelKind.init(format:)) else {
      throw damaged("a safetensors file that Replan did not write")
    }
    self.kind = kind
    guard metadata["format_version"] == ModelFile.formatVersion else {
      throw damaged(
        "model format \(metadata["format_version"] ?? "unknown"), where this build reads format 1")
    }
    guard
      let structure = try Self.value("structure", StructureText.self, metadata, path).structure
    else { throw damaged("metadata \"structure\" is out of range") }
    self.structure = structure
    channels = try Self.value("channels", [String].self, metadata, path)
    tensorHash = metadata["tensors_sha256"] ?? ""
  }

  func damaged(_ reason: String) -> RecordError {
    .damaged(path: path, offset: 8, reason: reason)
  }

  /// The text of a key, read as JSON.
  func value<T: Decodable>(_ key: String, _ type: T.Type = T.self) throws(RecordError) -> T {
    try Self.value(key, type, metadata, path)
  }

  private static func value<T: Decodable>(
    _ key: String, _ type: T.Type, _ metadata: [String: String], _ path: String
  ) throws(RecordError) -> T {
    guard let text = metadata[key], let value = try? JSONLine.decode(T.self, Array(text.utf8))
    else {
      throw .damaged(
        path: path, offset: 8, reason: "metadata \"\(key)\" is missing or malformed")
    }
    return value
  }

  /// What is wrong with the places of the tensors in `size` bytes; nil if they cover them exactly.
  func coverageFault(size total: Int) -> String? {
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      guard let size = ModelTensor.size(of: tensor.dtype) else {
        return "\(name) has type \(tensor.dtype), not F32 or F64"
      }
      guard tensor.offsets.count == 2, tensor.offsets[0] >= 0,
        tensor.offsets[0] <= tensor.offsets[1], tensor.offsets[1] <= total
      else { return "\(name) lies at \(tensor.offsets) of \(total) bytes" }
      var bytes = size
      for length in tensor.shape {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: length)
        guard length >= 0, !overflow else { return "\(name) has shape \(tensor.shape)" }
        bytes = product
      }
      guard bytes == tensor.offsets[1] - tensor.offsets[0] else {
        return "\(name) of shape \(tensor.shape) lies at \(tensor.offsets)"
      }
    }
    var end = 0
    for tensor in tensors.values.sorted(by: { $0.offsets[0] < $1.offsets[0] }) {
      guard tensor.offsets[0] == end else { return "the tensors leave a hole or overlap at \(end)" }
      end = tensor.offsets[1]
    }
    return end == total ? nil : "\(total - end) bytes belong to no tensor"
  }
}

/// The header's JSON object: metadata under its reserved key, the tensors beside it.
private struct HeaderText: Codable {
  struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private static let metadataKey = "__metadata__"

  var metadata: [String: String]
  var tensors: [String: ModelHeader.Tensor]

  init(metadata: [String: String], tensors: [String: ModelHeader.Tensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    metadata = try container.decode(
      [String: String].self, forKey: Key(stringValue: Self.metadataKey))
    tensors = [:]
    for key in container.allKeys where key.stringValue != Self.metadataKey {
      tensors[key.stringValue] = try container.decode(ModelHeader.Tensor.self, forKey: key)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(metadata, forKey: Key(stringValue: Self.metadataKey))
    for (name, tensor) in tensors { try container.encode(tensor, forKey: Key(stringValue: name)) }
  }
}
