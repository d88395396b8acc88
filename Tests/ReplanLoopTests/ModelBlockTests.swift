import Foundation
import PlantRig
import ReplanCore
import ReplanNumerics
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLoop

@Suite struct ModelBlockTests {
  /// The mean prediction once more, from the documented layout of `EnsembleModel` alone.
  private func next(_ model: EnsembleModel, _ state: [Double], _ action: Double) -> [Double] {
    let features = [state[1], sin(state[2]), cos(state[2]), state[3], action].enumerated().map {
      ($1 - Double(model.inputMean[$0])) / Double(model.inputScale[$0])
    }
    var mean = [Double](repeating: 0, count: model.shape.outputCount)
    for member in 0..<model.shape.memberCount {
      var x = features
      for (l, layer) in model.layers.enumerated() {
        let (rows, columns) = (model.shape.fanOut(l), model.shape.fanIn(l))
        x = (0..<rows).map { o in
          var sum = Double(layer.bias[member * rows + o])
          for i in 0..<columns {
            sum += Double(layer.weight[(member * rows + o) * columns + i]) * x[i]
          }
          return l == model.shape.hiddenLayerCount ? sum : sum / (1 + exp(-sum))
        }
      }
      for j in mean.indices { mean[j] += x[j] / Double(model.shape.memberCount) }
    }
    var next = state
    for (j, channel) in [1, 3].enumerated() {
      next[channel] += Double(model.outputMean[j]) + Double(model.outputScale[j]) * mean[j]
    }
    for (position, velocity) in [(0, 1), (2, 3)] {
      next[position] +=
        Double(model.structure.tick) * 0.5 * (state[velocity] + next[velocity])
    }
    return next
  }

  @Test func theKernelsPredictAsTheArraysSay() throws {
    let robot = try RobotDescription.parse(
      text: EpisodeRig.robotText(rate: 100), file: "robot.yaml")
    let model = EnsembleModel.random(robot, seed: 3)
    let block = ModelBlock(model)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 1 << 20, alignment: Arena.alignment)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: 1 << 20)
    var arena = Arena(base: memory, capacity: 1 << 20)
    var ensemble = Ensemble(structure: model.structure, shape: model.shape, arena: &arena)
    ensemble.prepare(structure: model.structure, shape: model.shape)
    ensemble.adopt(block.parameters)
    let state = arena.lanes(4)
    let action = arena.lanes(1)
    let result = arena.lanes(4)
    var random = TestRandom(9)
    for _ in 0..<50 {
      let values = random.array(4, -3, 3)
      let force = random.uniform(-2, 2)
      for i in 0..<4 { state[i] = Lanes(repeating: values[i]) }
      action[0] = Lanes(repeating: force)
      ensemble.predictMean(state, action, vectors: 1, into: result)
      let expected = next(model, values.map(Double.init), Double(force))
      for i in 0..<4 { #expect(abs(Double(result[i][0]) - expected[i]) < 2e-5) }
    }
  }

  @Test func aHostKeepsItsModelAlive() throws {
    let robot = try RobotDescription.parse(
      text: EpisodeRig.robotText(rate: 100), file: "robot.yaml")
    let host = ControllerHost(robot.controllerConfiguration(seed: 1))
    #expect(host.modelHash == "")
    weak var first: ModelBlock?
    do {
      let block = ModelBlock(.random(robot, seed: 1), hash: "abc")
      first = block
      host.adopt(block)
    }
    #expect(first != nil)
    #expect(host.modelHash == "abc")
    host.adopt(ModelBlock(.random(robot, seed: 2)))
    #expect(first == nil)
    #expect(host.modelHash == "")
  }
}

@Suite struct ModelMailboxTests {
  @Test func whatIsPostedIsFoundAndKept() throws {
    let robot = try RobotDescription.parse(
      text: EpisodeRig.robotText(rate: 100), file: "robot.yaml")
    let mailbox = ModelMailbox()
    #expect(mailbox.finishedStart == -1)
    #expect((mailbox.latest?.address ?? 0) == 0)
    weak var kept: ModelBlock?
    do {
      let block = ModelBlock(.random(robot, seed: 1))
      kept = block
      mailbox.post(block, startedAt: 25)
    }
    let block = try #require(kept)
    #expect(mailbox.finishedStart == 25)
    #expect((mailbox.latest?.address ?? 0) == UInt(bitPattern: block.parameters))
    #expect(mailbox.block(at: (mailbox.latest?.address ?? 0)) === block)
    mailbox.post(nil, startedAt: 50)
    #expect(mailbox.finishedStart == 50)
    #expect((mailbox.latest?.address ?? 0) == UInt(bitPattern: block.parameters))
    #expect(mailbox.block(at: 1) == nil)
  }
}
