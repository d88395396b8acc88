import Foundation
import ReplanCore
import Testing

@testable import ReplanRecord

/// Files of models that are no ensembles; PyPI's `safetensors` is the referee.
@Suite struct ModelKindsTests {
  private static let structure: PlantStructure = {
    var structure = PlantStructure(stateCount: 2, actionCount: 1, tick: 0.02)
    structure.states[0] = .init(isAngle: true, velocity: 1)
    return structure
  }()
  private static let channels = ["angle", "velocity", "torque"]

  private static var physics: PhysicsFit {
    var summary = IdentificationSummary()
    summary.transitions = 120
    summary.assumption = "output-error"
    summary.rmse = [0.01, .nan]
    summary.measurementNoise = [0.002, 0.03]
    summary.firstState = [3.1, 0]
    var parameters = PhysicsFit.parameters(
      of: .pendulum, values: [1 / 3, 2, 0.1, 0.05, 0.05], origin: .fitted)
    parameters[4].origin = .fixed
    parameters[3].origin = .undetermined
    return PhysicsFit(
      structure: structure, channels: channels, equation: .pendulum, substeps: 2,
      parameters: parameters, covariance: (0..<25).map { Double($0) / 7 },
      noiseVariance: [1e-6, 4e-4], summary: summary)
  }

  private static var linear: LinearFit {
    LinearFit(
      structure: structure, channels: channels, byState: [1, 0.02, 0.4, 1 / 3],
      byAction: [0, 0.08], offset: [0, 1e-300])
  }

  private static var hybrid: HybridFit {
    let ensemble = Samples.model()
    var shape = ensemble.shape
    shape.inputCount = structure.inputCount
    shape.outputCount = structure.outputCount
    var random = SeededGenerator(seed: 3)
    let layers = (0..<shape.layerCount).map { layer in
      EnsembleModel.Layer(
        weight: (0..<3 * shape.fanOut(layer) * shape.fanIn(layer)).map { _ in
          Float.random(in: -1...1, using: &random)
        }, bias: [Float](repeating: 0.5, count: 3 * shape.fanOut(layer)))
    }
    return HybridFit(
      physics: physics,
      residual: EnsembleModel(
        structure: structure, shape: shape, channels: channels, layers: layers,
        inputMean: [Float](repeating: 0, count: shape.inputCount),
        inputScale: [Float](repeating: 1, count: shape.inputCount),
        outputMean: [0], outputScale: [1], noiseVariance: [0.1, 0.2, 0.3],
        training: ensemble.training))
  }

  private static let models: [FittedModel] = [.linear(linear), .physics(physics), .hybrid(hybrid)]

  @Test(arguments: models)
  func readsBackWhatWasWritten(model: FittedModel) throws {
    let folder = try TemporaryFolder()
    let hash = try ModelFile.write(model, metadata: ["a": "b"], to: folder.file("m"))
    let stored = try ModelFile.read(folder.file("m"))
    #expect(stored.hash == hash && stored.metadata == ["a": "b"])
    #expect(stored.model.kind == model.kind && stored.model.channels == model.channels)
    #expect(stored.model.structure.tick == 0.02 && stored.model.structure.states[0].isAngle)
    #expect(try ModelFile.encode(stored.model, metadata: ["a": "b"], path: "") == folder.read("m"))
    #expect(
      stored.model.configuration.parameterCount(stored.model.structure)
        == model.configuration.parameterCount(model.structure))
  }

  @Test func everyNumberIsKept() throws {
    let bytes = try ModelFile.encode(.physics(Self.physics), path: "m")
    guard case .physics(let fit) = try ModelFile.decode(bytes, path: "m").model else {
      Issue.record("another kind")
      return
    }
    #expect(fit.parameters == Self.physics.parameters)
    #expect(fit.covariance == Self.physics.covariance && fit.substeps == 2)
    #expect(fit.noiseVariance == Self.physics.noiseVariance)
    #expect(fit.summary.measurementNoise == [0.002, 0.03] && fit.summary.rmse[1].isNaN)
    #expect(fit.deviation(1) == (6.0 / 7).squareRoot())
    #expect(fit.deviation(3) == nil && fit.deviation(4) == nil)
    guard
      case .linear(let linear) = try ModelFile.decode(
        ModelFile.encode(.linear(Self.linear), path: "m"), path: "m"
      ).model
    else {
      Issue.record("another kind")
      return
    }
    #expect(linear.byState == Self.linear.byState && linear.offset == [0, 1e-300])
  }

  @Test(arguments: models)
  func theRefereeReadsParametersByName(model: FittedModel) throws {
    struct Verdict: Decodable {
      var metadata: [String: String]
      var shapes: [String: [Int]]
      var values: [String: [Double]]
    }
    let folder = try TemporaryFolder()
    try ModelFile.write(model, to: folder.file("m.safetensors"))
    let referee = try PythonReferee("referee_kinds.py", folder.file("m.safetensors"))
    let verdict = try JSONDecoder().decode(Verdict.self, from: referee.result())
    #expect(verdict.metadata["format"] == "replan-\(model.kind.rawValue)")
    switch model.kind {
    case .linear:
      #expect(verdict.values["A"] == Self.linear.byState && verdict.shapes["B"] == [2, 1])
    case .physics, .hybrid:
      #expect(verdict.values["physics.parameters"] == Self.physics.parameters.map(\.value))
      #expect(verdict.shapes["physics.covariance"] == [5, 5])
      #expect(verdict.metadata["parameters"]?.contains(#""name":"gravity""#) == true)
      #expect(verdict.metadata["equation"] == "pendulum")
      #expect((verdict.shapes["residual.layers.0.weight"] != nil) == (model.kind == .hybrid))
    case .ensemble: Issue.record("no ensemble is among them")
    }
  }

  @Test func modelsThatContradictThemselvesAreNotWritten() throws {
    let faults: [(String, (inout PhysicsFit) -> Void)] = [
      ("physics.parameters is not finite", { $0.parameters[0].value = .nan }),
      ("physics.parameters has 4", { $0.parameters.removeLast() }),
      (
        "parameter 1 is mass in kg, where pendulum has gain",
        {
          $0.parameters[1].name = "mass"; $0.parameters[1].unit = "kg"
        }
      ),
      ("physics.noise.variance is negative", { $0.noiseVariance[0] = -1 }),
      ("physics.covariance has 3", { $0.covariance = [1, 2, 3] }),
      ("0 substeps", { $0.substeps = 0 }),
      ("the equation cart_pole has 4", { $0.equation = .cartPole }),
      ("identification.firstState has 1", { $0.summary.firstState = [1] }),
      ("2 channel names", { $0.channels.removeLast() }),
    ]
    let folder = try TemporaryFolder()
    for (reason, change) in faults {
      var fit = Self.physics
      change(&fit)
      let error = #expect(throws: RecordError.self) {
        try ModelFile.write(.physics(fit), to: folder.file("m"))
      }
      #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }
  }

  @Test(arguments: models)
  func everyCutIsAnError(model: FittedModel) throws {
    let bytes = try ModelFile.encode(model, path: "m")
    for size in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: RecordError.self) { try ModelFile.decode(Array(bytes[..<size]), path: "m") }
    }
  }

  @Test func anEquationOfAnotherVersionIsNamed() throws {
    let bytes = try ModelFile.encode(.physics(Self.physics), path: "m")
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains(#""equation":"pendulum""#))
    // The same length, so that nothing else of the file has to change.
    let old = Array(#""equation":"pendulum""#.utf8)
    let new = Array(#""equation":"pendulun""#.utf8)
    var changed = bytes
    let place = try #require(bytes.indices.first { Array(bytes[$0...].prefix(old.count)) == old })
    changed.replaceSubrange(place..<place + old.count, with: new)
    let error = #expect(throws: RecordError.self) { try ModelFile.decode(changed, path: "m") }
    #expect(error?.description.contains("\"pendulun\", which this build does not know") == true)
  }
}
