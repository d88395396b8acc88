import ReplanCore
import ReplanRecord
import Testing

@testable import ReplanLearn

/// What becomes of recordings before a model is fitted: spikes, what is held out, memory.
struct IdentificationDataTests {
  private func run(_ values: [Float]) -> Trajectory {
    var run = Trajectory(actionCount: 1, start: [values[0], 0])
    for (k, value) in values.dropFirst().enumerated() {
      run.append(action: [Float(k)], state: [value, Float(k + 1)])
    }
    return run
  }

  private let slow = (0..<200).map { k in Float(k % 40 < 20 ? k % 20 : 20 - k % 20) * 0.1 }

  @Test func aSingleSampleFarOffIsLeftOut() {
    var values = slow
    values[50] = -30
    let filter = SpikeFilter(isAngle: [false, false])
    let runs = [run(values)]
    let (parts, spikes) = filter.apply(runs, limits: filter.limits(runs))
    #expect(
      spikes == [SpikeFilter.Spike(trajectory: 0, sample: 50, channel: 0, value: -30)])
    #expect(parts.map(\.count) == [49, 148])
    // States and the actions between them stay together.
    #expect(Array(parts[1].state(0)) == [values[51], 51] && parts[1].actions[0] == 51)
    #expect(parts[0].actions.last == 48)
  }

  @Test func fallsStepsAndTurnsAreNone() {
    let filter = SpikeFilter(isAngle: [true, false])
    // A pole that rests for long, then falls through; a step; an angle that jumps from π to −π.
    var fall = [Float](repeating: 0, count: 150)
    for k in 0..<50 { fall.append(Float(k) * Float(k) * 0.001) }
    var step = slow
    for k in 100..<200 { step[k] += 2 }
    let turning = (0..<200).map { k in Float(k % 20) * 0.314 - 3.1 }
    for values in [fall, step, turning] {
      let runs = [run(values)]
      #expect(filter.apply(runs, limits: filter.limits(runs)).spikes.isEmpty)
    }
  }

  @Test func fewSamplesTellNothingOfWhatIsUsual() {
    let runs = [run([0, 0.1, 0.2, 9, 0.4, 0.5])]
    let filter = SpikeFilter(isAngle: [false, false])
    #expect(filter.apply(runs, limits: filter.limits(runs)).trajectories == runs)
  }

  @Test func wholeTrajectoriesAreHeldOut() {
    let runs = (0..<20).map { run([Float](repeating: Float($0), count: 51)) }
    let split = HoldOut(runs, fraction: 0.2, seed: 1)
    #expect(split.heldOut.count == 4 && split.fitting.count == 16)
    #expect(Set((split.heldOut + split.fitting).map { $0.states[0] }).count == 20)
    #expect(HoldOut(runs, fraction: 0.2, seed: 1).heldOut == split.heldOut)
    #expect(HoldOut(runs, fraction: 0.2, seed: 2).heldOut != split.heldOut)
  }

  @Test func fewTrajectoriesGiveTheirEnds() {
    let split = HoldOut([run(slow)], fraction: 0.25, seed: 1)
    #expect(split.fitting.map(\.count) == [150] && split.heldOut.map(\.count) == [49])
    #expect(split.heldOut[0].states.first == split.fitting[0].states[300])
  }

  @Test func memoryHoldsWhatWasBefore() throws {
    var structure = PlantStructure(stateCount: 2, actionCount: 1, tick: 1)
    structure.states[1].isInvariant = true
    structure = structure.remembering(2)
    #expect(structure.stateCount == 2 + 2 * 2 && structure.memoryTicks == 2)
    let runs = [run(slow)].remembering(structure)
    #expect(runs[0].count == slow.count - 1 - 2)
    // Value and number, then value and action one tick ago and two ticks ago.
    #expect(Array(runs[0].state(5)) == [slow[7], 7, slow[6], 6, slow[5], 5])
    #expect(runs[0].actions[5] == 7)
    #expect(run(Array(slow[0..<3])).remembering(structure) == nil)
  }
}
