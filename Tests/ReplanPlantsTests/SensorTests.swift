import ReplanPlants
import Testing

struct SensorTests {
  private static let kinds = (0..<PlantKind.count).compactMap(PlantKind.init(rawValue:))

  @Test func readingsAreWholeSteps() {
    let sensor = Sensor(name: "position", unit: "m", noise: 0, reach: 2.5)
    #expect(sensor.step == 5.0 / 4096)
    for value in stride(from: -2.4 as Float, through: 2.4, by: 0.0137) {
      let reading = sensor.reading(value, quantised: true)
      #expect(abs(reading - value) <= 0.5001 * sensor.step)
      #expect((reading / sensor.step).rounded() == reading / sensor.step)
      #expect(sensor.reading(value, quantised: false) == value)
    }
  }

  @Test func aLinearSensorSaturates() {
    let sensor = Sensor(name: "position", unit: "m", noise: 0, reach: 2.5)
    #expect(sensor.reading(9, quantised: true) == 2047 * sensor.step)
    #expect(sensor.reading(-9, quantised: true) == -2.5)
    #expect(sensor.reading(9, quantised: false) == 2.5)
  }

  @Test(arguments: [true, false]) func anAngleSensorWraps(quantised: Bool) {
    let sensor = CartPole.facts.sensors[2]
    #expect(sensor.isAngle)
    #expect(abs(sensor.reading(3.2, quantised: quantised) - (3.2 - 2 * Float.pi)) < sensor.step)
    for value in stride(from: -7 as Float, through: 7, by: 0.0011) {
      let reading = sensor.reading(value, quantised: quantised)
      #expect(reading > -Float.pi && reading <= Float.pi)
    }
    #expect(sensor.reading(-Float.pi, quantised: true) == Float.pi)
  }

  @Test(arguments: kinds) func noiseIsAsDeclared(kind: PlantKind) {
    let facts = kind.facts
    let count = 20_000
    for scale in [1, 3] as [Float] {
      let model = SensorModel(seed: PlantSeed(1, 0), noiseScale: scale, quantises: false)
      var sum = PlantState(repeating: 0)
      var squares = PlantState(repeating: 0)
      for sample in 0..<UInt32(count) {
        let reading = model.measure(
          PlantState(repeating: 0), facts, reset: 1, sample: sample)
        sum += reading
        squares += reading * reading
      }
      for i in 0..<facts.observationCount {
        let noise = scale * facts.sensors[i].noise
        // Five standard errors of mean and of standard deviation.
        #expect(abs(sum[i] / Float(count)) <= 5 * noise / Float(count).squareRoot())
        guard noise > 0 else {
          #expect(squares[i] == 0)
          continue
        }
        let deviation = (squares[i] / Float(count)).squareRoot()
        #expect(abs(deviation / noise - 1) < 5 / Float(2 * count).squareRoot())
      }
    }
  }

  @Test func noiseDependsOnSeedResetAndSampleOnly() {
    let facts = CartPole.facts
    let state = PlantState(repeating: 0)
    let model = SensorModel(seed: PlantSeed(1, 0), noiseScale: 1, quantises: true)
    let reading = model.measure(state, facts, reset: 2, sample: 3)
    #expect(reading == model.measure(state, facts, reset: 2, sample: 3))
    #expect(reading != model.measure(state, facts, reset: 3, sample: 3))
    #expect(reading != model.measure(state, facts, reset: 2, sample: 4))
    let other = SensorModel(seed: PlantSeed(2, 0), noiseScale: 1, quantises: true)
    #expect(reading != other.measure(state, facts, reset: 2, sample: 3))
    let silent = SensorModel(seed: PlantSeed(1, 0), noiseScale: 0, quantises: false)
    #expect(silent.measure(state, facts, reset: 2, sample: 3) == state)
  }
}
