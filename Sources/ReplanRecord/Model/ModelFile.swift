import ReplanCore

/// A model as it was read, with what its file says of it.
public struct StoredModel: Sendable {
  public var model: EnsembleModel
  /// What the writer added to the header.
  public var metadata: [String: String]
  /// SHA-256 of the file, in hexadecimal: the model's identity in episodes and journal.
  public var hash: String
}

/// Ensembles as safetensors files.
///
/// The tensors are 32-bit floats, named `layers.N.weight` [member, output, input], `layers.N.bias`
/// [member, output], `input.mean`, `input.scale`, `output.mean`, `output.scale` and
/// `noise.variance` [member, output]; the last is left out by a model that predicts its noise and
/// has no constant one. With `predicts_cost` in the shape the cost is the last output, and its
/// log-variance the last of those. The header's metadata are texts: structure, shape, channels and training
/// summary as JSON, the format's version, and a SHA-256 of the tensors. Equal models give equal
/// bytes.
///
/// - Source: safetensors format, github.com/huggingface/safetensors: header length in 64 bits,
///   JSON header padded by spaces to a multiple of 8, tensors without gaps.
public enum ModelFile {
  static let formatVersion = "1"

  /// Writes a model such that a crash leaves the whole file or none; returns its hash.
  ///
  /// - Throws: `refused` if the model does not fit its own shape or holds a value that is not
  ///   finite; nothing is written then.
  @discardableResult
  public static func write(
    _ model: EnsembleModel, metadata: [String: String] = [:], to path: String
  ) throws(RecordError) -> String {
    let bytes = try encode(model, metadata: metadata, path: path)
    try Files.writeAtomically(bytes, to: path)
    return Checksum.sha256(bytes)
  }

  public static func read(_ path: String) throws(RecordError) -> StoredModel {
    try decode(try Files.read(path), path: path)
  }

  /// A file's bytes, of which nothing is checked.
  public static func bytes(_ path: String) throws(RecordError) -> [UInt8] { try Files.read(path) }

  /// The identity of a model: SHA-256 of its file's bytes, in hexadecimal.
  public static func hash(of bytes: [UInt8]) -> String { Checksum.sha256(bytes) }

  /// The bytes of a model's file; `path` names it in errors.
  public static func encode(
    _ model: EnsembleModel, metadata: [String: String] = [:], path: String
  ) throws(RecordError) -> [UInt8] {
    let fault = ModelTensors.fault(in: model)
    guard fault == nil else { throw .refused(path: path, reason: fault!) }
    var entries: [String: ModelHeader.Tensor] = [:]
    var data: [UInt8] = []
    for tensor in ModelTensors.tensors(of: model) {
      let start = data.count
      data.append(littleEndian: tensor.values)
      entries[tensor.name] = ModelHeader.Tensor(
        dtype: "F32", shape: tensor.shape, offsets: [start, data.count])
    }
    let header = try ModelHeader(
      model: model, tensors: entries, tensorHash: Checksum.sha256(data), extra: metadata,
      path: path)
    var text = try header.encoded(path: path)
    while text.count % 8 != 0 { text.append(0x20) }
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt64(text.count))
    return bytes + text + data
  }

  /// Reads the content of a file and checks all of it.
  public static func decode(
    _ bytes: [UInt8], path: String
  ) throws(RecordError) -> StoredModel {
    var reader = ByteReader(bytes, path: path)
    var text = try reader.take(try reader.integer(UInt64.self))
    let header = try ModelHeader(decoding: text.rest(), path: path)
    let start = reader.offset
    let data = reader.rest()
    func damaged(_ reason: String) -> RecordError {
      .damaged(path: path, offset: start, reason: reason)
    }
    guard header.tensorHash == Checksum.sha256(data) else {
      throw damaged("the tensors do not have the hash that the header gives")
    }
    if let fault = header.coverageFault(size: data.count) { throw damaged(fault) }
    var values: [String: [Float]] = [:]
    for expected in ModelTensors.expected(shape: header.shape) {
      guard let entry = header.tensors[expected.name] else {
        if expected.isOptional { continue }
        throw damaged("tensor \(expected.name) is missing")
      }
      guard entry.shape == expected.shape else {
        throw damaged("\(expected.name) is \(entry.shape), not \(expected.shape)")
      }
      var content = ByteReader(Array(data[entry.offsets[0]..<entry.offsets[1]]), path: path)
      var floats: [Float] = []
      floats.reserveCapacity(content.remaining / 4)
      while !content.isAtEnd { floats.append(try content.float()) }
      values[expected.name] = floats
    }
    guard header.tensors.count == values.count else {
      let unknown = header.tensors.keys.filter { values[$0] == nil }.sorted()
      throw damaged("tensors \(unknown) are not part of an ensemble")
    }
    let model = ModelTensors.model(header: header, values: values)
    if let fault = ModelTensors.fault(in: model) { throw damaged(fault) }
    return StoredModel(model: model, metadata: header.extra, hash: Checksum.sha256(bytes))
  }
}
