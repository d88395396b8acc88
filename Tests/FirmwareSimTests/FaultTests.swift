import Foundation
import ReplanFaults
import ReplanWire
import Testing

/// Faults of the line, the sensors and the actuators in lockstep, through the real program.
@Suite(.serialized) struct FaultTests {
  @Test(arguments: [
    ("{fault: loss, probability: 0.2}", "lost"),
    ("{fault: bit-flip, probability: 0.2}", "flipped"),
    ("{fault: truncate, probability: 0.2}", "truncated"),
    ("{fault: duplicate, probability: 0.2}", "duplicated"),
    ("{fault: reorder, probability: 0.2}", "swapped"),
    ("{fault: garbage, bytes: 40, probability: 0.2}", "bytes of garbage"),
    ("{fault: delay, by: 0.01, probability: 0.2}", "delayed"),
  ])
  func thePlantNeverActsOnAHurtFrame(fault: String, counted: String) throws {
    // An action that is repeated without need and then swapped comes after its successor, and is
    // a new one to the plant.
    let patience = fault.contains("reorder") ? 0.3 : 0.03
    let (seen, log, said) = try FaultRun.lockstep(fault, 40, repeatingAfter: patience)
    #expect(seen.map(\.sequence) == Array(0...40))
    #expect(log.column("sequence") == (0...40).map { Float($0) })
    // Each action is what was sent, applied once and in order.
    let wanted = (1...40).map { FaultRun.force($0) }
    #expect(Array(log.column("commanded_0").dropFirst()) == wanted)
    #expect(Array(log.column("applied_0").dropFirst()) == wanted)
    #expect(said.contains(counted), "\(said)")
    #expect(log.allSatisfy { $0["armed"] == "1" || $0["sequence"] == "0" })
  }

  @Test func lockstepRunsRepeatUnderFaults() throws {
    let faults = """
      {fault: loss, probability: 0.1}, {fault: bit-flip, probability: 0.1},
      {fault: sensor-jump, channel: pole_angle, by: 0.5, probability: 0.5}
      """
    func run() throws -> (values: [[Float]], log: [[String: String]]) {
      // An action that is repeated without need draws numbers, too.
      let (seen, log, _) = try FaultRun.lockstep(faults, 30, repeatingAfter: 0.3)
      return (seen.map(\.channels), log)
    }
    let (first, second) = (try run(), try run())
    #expect(first.values == second.values && first.log == second.log)
  }

  @Test func sensors() throws {
    let faults = """
      {fault: sensor-frozen, channel: cart_position, from: 0.2, until: 0.6},
      {fault: sensor-nan, channel: pole_angle, at: 0.4, for: 0.2},
      {fault: sensor-jump, channel: cart_velocity, by: 0.5, at: 0.6, for: 0.1},
      {fault: sensor-drift, channel: pole_velocity, rate: 0.5, at: 1, for: 0.5},
      {fault: sensor-saturated, channel: cart_velocity, low: -0.01, high: 0.01, from: 1.6}
      """
    let (seen, log, said) = try FaultRun.lockstep(faults)
    let position = seen.map { $0.values[0] }
    #expect(position[10...29].allSatisfy { $0 == position[9] } && position[30] != position[9])
    for (k, observation) in seen.enumerated() {
      #expect(observation.values[2].isNaN == (20...29).contains(k))
      let truth = (0..<4).map { Float(log[k]["true_\(FaultTests.channels[$0])"]!)! }
      #expect(
        abs(observation.values[1] - truth[1] - ((30...34).contains(k) ? 0.5 : 0)) < 1e-6
          || k >= 80)
      let drift = (50...74).contains(k) ? Float(k - 50) / 50 * 0.5 : 0
      #expect(abs(observation.values[3] - truth[3] - drift) < 1e-4)
      if k >= 80 { #expect(abs(observation.values[1]) <= 0.01) }
    }
    #expect(log[25]["fault"] == "sensor-frozen sensor-nan" && log[76]["fault"] == "")
    #expect(said.contains("the plant: sensor-frozen for 20 samples, sensor-nan for 10 samples"))
    #expect(said.contains("fault: sensor-nan on") && said.contains("fault: sensor-nan off"))
  }

  static let channels = ["cart_position", "cart_velocity", "pole_angle", "pole_velocity"]

  @Test func actuators() throws {
    let faults = """
      {fault: actuator-stuck, at: 0.4, for: 0.2}, {fault: actuator-weak, factor: 0.5, at: 1},
      {fault: actuator-stuck, value: -2, channel: 0, from: 1.6}
      """
    let (_, log, _) = try FaultRun.lockstep(faults)
    let applied = log.column("applied_0")
    for k in 1...100 {
      let told = FaultRun.force(UInt32(k))
      #expect(log[k]["commanded_0"].flatMap { Float($0) } == told)
      // A sample's row tells what was applied up to it.
      switch k - 1 {
      case 20..<30: #expect(applied[k] == FaultRun.force(20))
      case 50..<80: #expect(applied[k] == told * 0.5)
      case 80...: #expect(applied[k] == -2)
      default: #expect(applied[k] == told)
      }
    }
  }

  @Test func timestampsThatRunBackwards() throws {
    let (seen, _, _) = try FaultRun.lockstep("{fault: clock-backwards, at: 0.4, for: 0.2}", 40)
    let times = seen.map { Int($0.timeMicroseconds) }
    #expect(Array(times[0...20]) == (0...20).map { $0 * 20_000 })
    // Turned from the interval after sample 20 on.
    #expect(times[21] == 420_000 && times[22] == 400_000 && times[30] == 240_000)
    #expect(times[31] == 620_000 && times[40] == 800_000)
  }

  @Test func aBadFaultFileIsRefusedWithEveryMistake() throws {
    let firmware = try FirmwareProcess(arguments: ["--plant", "pendulum"])
    let file = firmware.folder + "/bad.yaml"
    try "faults:\n  - {fault: los}\n  - {fault: sensor-nan, channel: pole_angle}\n"
      .write(toFile: file, atomically: true, encoding: .utf8)
    firmware.process.arguments! += ["--faults", file]
    let end = try firmware.finish()
    #expect(end.code == 65)
    #expect(end.errors.contains("bad.yaml:2:13: faults[0].fault: found \"los\""))
    #expect(end.errors.contains("bad.yaml:3:34: faults[1].channel: found \"pole_angle\""))
  }

  @Test func whatEachFaultHasDoneIsCounted() throws {
    let run = try FaultRun(
      """
      {fault: duplicate, direction: to-controller},
      {fault: sensor-frozen, channel: cart_position, from: 0.2, until: 0.6},
      {fault: sensor-nan, channel: pole_angle, at: 0.4, for: 0.2},
      {fault: actuator-weak, factor: 0.5, from: 0.5, until: 0.7},
      {fault: clock-backwards, at: 0.1, for: 0.1},
      {fault: sensor-jump, channel: all, by: 1, at: 3000}
      """)
    try run.begin(lockstep: true)
    try run.act(1...50)
    let (log, _) = try run.end()
    let counts = try String(contentsOfFile: run.firmware.folder + "/counts.jsonl", encoding: .utf8)
      .split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
    #expect(
      counts.map { $0["fault"] as? String } == [
        "duplicate", "sensor-frozen", "sensor-nan", "actuator-weak", "clock-backwards",
        "sensor-jump",
      ])
    let acted = counts.map { $0["acted"] as? Int ?? -1 }
    // Every observation, and answers beside them; 20 and 10 samples; then each where it differs.
    #expect(acted[0] >= 50 && acted[1...2] == [20, 10])
    let weak = log.filter { $0["fault"]?.contains("actuator-weak") == true }.count
    #expect((weak - 1...weak).contains(acted[3]) && acted[4] == 5 && acted[5] == 0)
  }
}
