import ReplanCore

/// A model as it was read, with what its file says of it.
public struct StoredModel: Sendable {
  public var model: FittedModel
  /// What the writer added to the header.
  public var metadata: [String: String]
  /// SHA-256 of the file, in hexadecimal: the model's identity in episodes and journal.
  public var hash: String

  /// The plant's latency in ticks that the model was identified with; nil if it does not say.
  public var latency: Int? { metadata[ModelFile.latencyText].flatMap { Int($0) } }
}

/// Models of all kinds as safetensors files.
///
/// The header's metadata are texts: `format` (`replan-` and the kind), the format's version, structure
/// and channels as JSON, a SHA-256 of the tensors, and what the kind adds. Equal models give equal
/// bytes.
///
/// - An ensemble (`shape`, `training`): 32-bit floats named `layers.N.weight` [member, output, input],
///   `layers.N.bias` [member, output], `input.mean`, `input.scale`, `output.mean`, `output.scale` and
///   `noise.variance` [member, output]; the last is left out by a model that predicts its noise and
///   has no constant one. With `predicts_cost` in the shape the cost is the last output, and its
///   log-variance the last of those.
/// - A linear model (`identification`): 64-bit floats `A` [state, state], `B` [state, action], `c` and
///   `noise.variance` [state].
/// - Physics (`equation`, `substeps`, `parameters` with names and units, `identification`): 64-bit
///   floats `physics.parameters`, `physics.covariance` [parameter, parameter] unless it is unknown, and
///   `physics.noise.variance` [state].
/// - A hybrid: those of physics, and those of an ensemble with names that begin with `residual.`.
///
/// - Source: safetensors format, github.com/huggingface/safetensors: header length in 64 bits,
///   JSON header padded by spaces to a multiple of 8, tensors without gaps.
public enum ModelFile {
  static let formatVersion = "1"
  /// The header's text of the plant's latency in ticks, beyond the tick of next-tick output.
  public static let latencyText = "latency_ticks"

  /// Writes a model such that a crash leaves the whole file or none; returns its hash.
  ///
  /// - Throws: `refused` if the model does not fit its own shape or holds a value that is not
  ///   finite; nothing is written then.
  @discardableResult
  public static func write(
    _ model: FittedModel, metadata: [String: String] = [:], to path: String
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
    _ model: FittedModel, metadata: [String: String] = [:], path: String
  ) throws(RecordError) -> [UInt8] {
    if let fault = ModelContent.fault(in: model) { throw .refused(path: path, reason: fault) }
    let content: ModelContent
    do {
      content = try ModelContent(model)
    } catch {
      throw .refused(path: path, reason: "its header is not representable as JSON: \(error)")
    }
    var entries: [String: ModelHeader.Tensor] = [:]
    var data: [UInt8] = []
    // Doubles first, so that each tensor lies on a whole multiple of its type's size.
    for tensor in content.tensors.filter({ $0.type == "F64" })
      + content.tensors.filter({ $0.type == "F32" })
    {
      let start = data.count
      tensor.append(to: &data)
      entries[tensor.name] = ModelHeader.Tensor(
        dtype: tensor.type, shape: tensor.shape, offsets: [start, data.count])
    }
    let header = try ModelHeader(
      model, texts: content.texts, tensors: entries, tensorHash: Checksum.sha256(data),
      extra: metadata, path: path)
    var text = try header.encoded()
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
    var known: Set<String> = []
    let model = try ModelContent.model(header) { expected throws(RecordError) in
      let values = try tensors(expected, header, data, path: path, start: start)
      known.formUnion(values.names)
      return values
    }
    guard header.tensors.count == known.count else {
      let unknown = header.tensors.keys.filter { !known.contains($0) }.sorted()
      throw damaged("tensors \(unknown) are not part of a model of kind \(header.kind.rawValue)")
    }
    if let fault = ModelContent.fault(in: model) { throw damaged(fault) }
    return StoredModel(model: model, metadata: header.extra, hash: Checksum.sha256(bytes))
  }

  /// The values of tensors whose places cover `data`.
  private static func tensors(
    _ expected: [ModelTensor.Expected], _ header: ModelHeader, _ data: [UInt8], path: String,
    start: Int
  ) throws(RecordError) -> TensorValues {
    func damaged(_ reason: String) -> RecordError {
      .damaged(path: path, offset: start, reason: reason)
    }
    var values = TensorValues()
    for expected in expected {
      guard let entry = header.tensors[expected.name] else {
        if expected.isOptional { continue }
        throw damaged("tensor \(expected.name) is missing")
      }
      guard entry.shape == expected.shape else {
        throw damaged("\(expected.name) is \(entry.shape), not \(expected.shape)")
      }
      guard entry.dtype == expected.type else {
        throw damaged("\(expected.name) has type \(entry.dtype), not \(expected.type)")
      }
      var content = ByteReader(Array(data[entry.offsets[0]..<entry.offsets[1]]), path: path)
      values[expected.name] =
        expected.isDouble ? .double(try content.doubles()) : .single(try content.floats())
    }
    return values
  }
}

extension ModelFile {
  /// Writes an ensemble.
  @discardableResult
  public static func write(
    _ model: EnsembleModel, metadata: [String: String] = [:], to path: String
  ) throws(RecordError) -> String {
    try write(.ensemble(model), metadata: metadata, to: path)
  }

  /// The bytes of an ensemble's file; `path` names it in errors.
  public static func encode(
    _ model: EnsembleModel, metadata: [String: String] = [:], path: String
  ) throws(RecordError) -> [UInt8] {
    try encode(.ensemble(model), metadata: metadata, path: path)
  }
}
