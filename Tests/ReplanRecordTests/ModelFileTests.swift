import Foundation
import Glibc
import ReplanCore
import Testing

@testable import ReplanRecord

/// PyPI's `safetensors` is the referee.
@Suite struct ModelFileTests {
  struct Verdict: Decodable {
    struct Tensor: Decodable {
      var shape: [Int]
      var bits: [UInt32]
    }

    var metadata: [String: String]
    var tensors: [String: Tensor]
  }

  private func encoded(_ model: EnsembleModel = Samples.model()) throws -> [UInt8] {
    try ModelFile.encode(.ensemble(model), metadata: ["robot": "cart-pole"], path: "m")
  }

  /// The file with its JSON header changed by a replacement of text.
  private func changed(_ bytes: [UInt8], _ old: String, _ new: String) throws -> [UInt8] {
    var reader = ByteReader(bytes, path: "")
    var header = try reader.take(try reader.integer(UInt64.self))
    let text = String(decoding: header.rest(), as: UTF8.self)
    try #require(text.contains(old), "\(text)")
    let replaced = Array(text.replacing(old, with: new, maxReplacements: 1).utf8)
    var result: [UInt8] = []
    result.append(littleEndian: UInt64(replaced.count))
    return result + replaced + reader.rest()
  }

  @Test(arguments: [NoiseHead.constant, .predicted])
  func theRefereeFindsEveryTensor(noise: NoiseHead) throws {
    let folder = try TemporaryFolder()
    let model = Samples.model(noise: noise)
    try ModelFile.write(model, metadata: ["robot": "cart-pole"], to: folder.file("m.safetensors"))
    let referee = try PythonReferee("referee_model.py", folder.file("m.safetensors"))
    let verdict = try JSONDecoder().decode(Verdict.self, from: referee.result())
    let heads = noise == .constant ? 2 : 4
    var expected: [String: ([Int], [Float])] = [
      "input.mean": ([5], model.inputMean), "input.scale": ([5], model.inputScale),
      "output.mean": ([2], model.outputMean), "output.scale": ([2], model.outputScale),
      "layers.0.weight": ([3, 8, 5], model.layers[0].weight),
      "layers.0.bias": ([3, 8], model.layers[0].bias),
      "layers.1.weight": ([3, 6, 8], model.layers[1].weight),
      "layers.1.bias": ([3, 6], model.layers[1].bias),
      "layers.2.weight": ([3, heads, 6], model.layers[2].weight),
      "layers.2.bias": ([3, heads], model.layers[2].bias),
    ]
    if noise == .constant { expected["noise.variance"] = ([3, 2], model.noiseVariance) }
    #expect(Set(verdict.tensors.keys) == Set(expected.keys))
    for (name, (shape, values)) in expected {
      #expect(verdict.tensors[name]?.shape == shape)
      #expect(verdict.tensors[name]?.bits == values.map(\.bitPattern))
    }
    #expect(verdict.metadata["robot"] == "cart-pole")
    #expect(
      verdict.metadata["channels"] == #"["x","theta","v","omega","force"]"#)
    #expect(
      verdict.metadata["shape"]
        == #"{"activation":"silu","hidden":[8,6],"inputs":5,"members":3,"noise":""#
        + #"\#(noise == .constant ? "constant" : "predicted")","outputs":2}"#)
    #expect(verdict.metadata["training"]?.contains(#""seed":18446744073709551615"#) == true)
  }

  @Test(arguments: [NoiseHead.constant, .predicted])
  func readsBackWhatWasWritten(noise: NoiseHead) throws {
    let folder = try TemporaryFolder()
    let model = Samples.model(noise: noise)
    let hash = try ModelFile.write(model, metadata: ["a": "b"], to: folder.file("m"))
    let stored = try ModelFile.read(folder.file("m"))
    #expect(stored.hash == hash)
    #expect(stored.metadata == ["a": "b"])
    let read = try #require(stored.model.ensemble)
    #expect(stored.model.kind == .ensemble)
    #expect(read.layers == model.layers)
    #expect(read.inputScale == model.inputScale)
    #expect(read.noiseVariance == model.noiseVariance)
    #expect(read.channels == model.channels)
    #expect(read.structure.tick == 0.02)
    #expect(read.structure.isSymmetric)
    for i in 0..<4 { #expect(read.structure.states[i] == model.structure.states[i]) }
    #expect(read.structure.actionMirror[0] == -1)
    #expect(read.shape.activation == .silu && read.shape.noise == noise)
    #expect(read.training.rmse[1] == 1 / 3 && read.training.rmse[2].isNaN)
    #expect(try ModelFile.encode(stored.model, metadata: ["a": "b"], path: "") == folder.read("m"))
  }

  @Test func equalModelsGiveEqualBytesOnWholeWords() throws {
    let bytes = try encoded()
    #expect(try encoded() == bytes)
    var reader = ByteReader(bytes, path: "")
    #expect(try reader.integer(UInt64.self) % 8 == 0)
  }

  @Test func memoryAndSpreadReadBack() throws {
    var model = Samples.model()
    let plain = model.structure
    model.structure = plain.remembering(2)
    model.shape.inputCount = model.structure.inputCount
    let inputs = model.structure.inputCount
    model.inputMean = [Float](repeating: 0, count: inputs)
    model.inputScale = [Float](repeating: 1, count: inputs)
    model.layers[0].weight = [Float](repeating: 0.5, count: 3 * 8 * inputs)
    let states = model.structure.stateCount
    model.channels =
      Array(model.channels.dropLast()) + (4..<states).map { "memory_\($0)" }
      + model.channels.suffix(1)
    model.training.spread = SpreadCalibration(
      level: 0.9, steps: [1, 10],
      factors: [[Float]](
        repeating: [Float](repeating: 1.5, count: states), count: 2))
    let stored = try ModelFile.decode(encoded(model), path: "m")
    #expect(stored.model.structure.memoryTicks == 2 && stored.model.structure.measuredCount == 4)
    for i in 0..<states { #expect(stored.model.structure.states[i] == model.structure.states[i]) }
    #expect(stored.model.ensemble?.training.spread == model.training.spread)
    model.training.spread?.factors[1].removeLast()
    let error = #expect(throws: RecordError.self) { try encoded(model) }
    #expect(error?.description.contains("training.spread") == true)
  }

  @Test(arguments: ["-2", "12", "99", "13"])
  func memoryOfNothingIsRefused(repeats: String) throws {
    // The first memory of 4 + 8 channels repeats channel 1; an action is number 12.
    var model = Samples.model()
    model.structure = model.structure.remembering(2)
    let text = try JSONLine.text(StructureText(model.structure))
    #expect(try JSONLine.decode(StructureText.self, Array(text.utf8)).structure != nil)
    let changed = text.replacing(
      #""repeats":1,"#, with: #""repeats":\#(repeats),"#, maxReplacements: 1)
    let found = try JSONLine.decode(StructureText.self, Array(changed.utf8)).structure
    #expect((found != nil) == (repeats == "12"))
  }

  @Test func anyTickReadsBackExactly() throws {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<200 {
      var model = Samples.model()
      model.structure.tick = Float(bitPattern: UInt32.random(in: 1...0x7F7F_FFFF, using: &random))
      let stored = try ModelFile.decode(encoded(model), path: "m")
      try #require(stored.model.structure.tick == model.structure.tick)
    }
  }

  @Test func modelsThatContradictThemselvesAreNotWritten() throws {
    let faults: [(String, (inout EnsembleModel) -> Void)] = [
      ("layers.1.weight is not finite", { $0.layers[1].weight[3] = .nan }),
      ("layers.0.bias has 23", { $0.layers[0].bias.removeLast() }),
      ("noise.variance has 0", { $0.noiseVariance = [] }),
      ("input.scale is not above 0", { $0.inputScale[0] = 0 }),
      (
        "input.mean has 5",
        {
          $0.structure.actionCount = 2; $0.shape.inputCount = 6
        }
      ),
      ("the structure asks for 6", { $0.structure.actionCount = 2 }),
    ]
    let folder = try TemporaryFolder()
    for (reason, change) in faults {
      var model = Samples.model()
      change(&model)
      let error = #expect(throws: RecordError.self) {
        try ModelFile.write(model, to: folder.file("m"))
      }
      #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }
    #expect(throws: RecordError.self) {
      try ModelFile.write(Samples.model(), metadata: ["shape": "x"], to: folder.file("m"))
    }
    #expect(access(folder.file("m"), F_OK) != 0 && access(folder.file("m.tmp"), F_OK) != 0)
  }

  @Test func headersThatContradictTheTensorsAreRefused() throws {
    let bytes = try encoded()
    let faults = [
      (#""dtype":"F32""#, #""dtype":"I32""#, "not F32"),
      (#""data_offsets":[0,20]"#, #""data_offsets":[0,16]"#, "of shape [5] lies at [0, 16]"),
      (#""data_offsets":[0,20]"#, #""data_offsets":[-4,20]"#, "lies at [-4, 20]"),
      (#""data_offsets":[20,40]"#, #""data_offsets":[0,20]"#, "hole or overlap"),
      (#""data_offsets":[0,20]"#, #""data_offsets":[0,99999999]"#, "99999999"),
      (#""shape":[3,8]"#, #""shape":[24]"#, "layers.0.bias is [24], not [3, 8]"),
      (#""shape":[5]"#, #""shape":[9223372036854775807,3]"#, "has shape"),
      (#"layers.2.bias"#, #"layers.9.bias"#, "layers.2.bias is missing"),
      (#"\"members\":3"#, #"\"members\":4"#, "not [4, 8]"),
      (#"\"members\":3"#, #"\"members\":0"#, "\"shape\" is out of range"),
      (#"\"hidden\":[8,6]"#, #"\"hidden\":[8,99999]"#, "\"shape\" is out of range"),
      (#"\"velocity\":2"#, #"\"velocity\":9"#, "\"structure\" is out of range"),
      (#"\"velocity\":2"#, #"\"velocity\":0"#, "\"structure\" is out of range"),
      (#"\"tick\":0.02"#, #"\"tick\":-1"#, "\"structure\" is out of range"),
      (#""format_version":"1""#, #""format_version":"2""#, "model format 2"),
      ("replan-ensemble", "pt", "Replan did not write"),
      ("__metadata__", "metadata", "not the JSON"),
    ]
    for (old, new, reason) in faults {
      let damaged = try changed(bytes, old, new)
      let error = #expect(throws: RecordError.self) {
        try ModelFile.decode(damaged, path: "m.safetensors")
      }
      let text = error?.description ?? ""
      #expect(text.contains(reason) && text.hasPrefix("m.safetensors: "), "\(text)")
    }
  }

  @Test func everyCutIsAnError() throws {
    let bytes = try encoded()
    for size in 0..<bytes.count {
      #expect(throws: RecordError.self) { try ModelFile.decode(Array(bytes[..<size]), path: "m") }
    }
    #expect(throws: RecordError.self) { try ModelFile.decode(bytes + [0], path: "m") }
  }

  @Test func damageIsAnErrorOrChangesNothingOfTheNetwork() throws {
    let bytes = try encoded()
    let model = Samples.model()
    var random = SeededGenerator(seed: 11)
    var refused = 0
    for _ in 0..<2500 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        damaged[place] ^= UInt8.random(in: 1...255, using: &random)
      }
      let result = Result { () throws(RecordError) in try ModelFile.decode(damaged, path: "m") }
      switch result {
      // Some bytes of the header are free text, which no checksum inside the file covers.
      case .success(let stored): try #require(stored.model.ensemble?.layers == model.layers)
      case .failure: refused += 1
      }
    }
    #expect(refused > 2000)
  }
}
