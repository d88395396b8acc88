import Foundation
import ReplanFaults
import ReplanPlants
import Testing

/// The fault file: what each entry means, and what is said about mistakes.
struct FaultFileTests {
  private func fault(_ fields: String) throws -> Fault {
    let schedule = try FaultSchedule.parse(yaml: "faults:\n  - {\(fields)}\n")
    return try #require(schedule.faults.first)
  }

  private func complaints(
    _ yaml: String, _ channels: FaultChannels? = FaultChannels(.cartPole)
  ) -> [String] {
    do {
      _ = try FaultSchedule.parse(yaml: yaml, file: "f.yaml", channels: channels)
      return []
    } catch {
      return error.violations.map(\.description)
    }
  }

  @Test(arguments: [
    ("bit-flip", FaultKind.bitFlip), ("loss", .loss), ("duplicate", .duplicate),
    ("reorder", .reorder), ("delay, by: 0.03", .delay(seconds: 0.03)), ("truncate", .truncate),
    ("garbage, bytes: 40", .garbage(bytes: 40)), ("stall", .stall),
    ("sensor-frozen, channel: all", .sensorFrozen), ("sensor-nan, channel: all", .sensorNaN),
    ("sensor-jump, by: -0.5, channel: all", .sensorJump(by: -0.5)),
    ("sensor-drift, rate: 0.1, channel: all", .sensorDrift(rate: 0.1)),
    ("sensor-saturated, low: -2, high: 2, channel: all", .sensorSaturated(low: -2, high: 2)),
    ("actuator-stuck", .actuatorStuck(value: nil)),
    ("actuator-stuck, value: 3, channel: 0", .actuatorStuck(value: 3)),
    ("actuator-weak, factor: 0.5", .actuatorWeak(factor: 0.5)), ("plant-reset", .plantReset),
    ("brown-out", .brownOut), ("cable-out", .cableOut),
    ("clock-drift, factor: 1.02", .clockDrift(factor: 1.02)),
    ("clock-backwards", .clockBackwards),
  ])
  func eachFaultIsRead(text: String, kind: FaultKind) throws {
    let fault = try fault("fault: \(text), probability: 0.25")
    #expect(fault.kind == kind && fault.probability == 0.25 && fault.line == 2)
    #expect(fault.window == FaultWindow() && fault.direction == .both)
    #expect(text.hasPrefix(fault.name))
  }

  @Test func windowsHaveTwoSpellings() throws {
    let first = try fault("fault: loss, at: 1, for: 0.5").window
    #expect(first == FaultWindow(begin: 1, end: 1.5))
    #expect(try fault("fault: loss, from: 1, until: 1.5").window == first)
    #expect(try fault("fault: loss, at: 1").window == FaultWindow(begin: 1))
    #expect(try fault("fault: loss, until: 2").window == FaultWindow(end: 2))
    #expect(try fault("fault: loss, from: boot").window == FaultWindow(isFromBoot: true))
    #expect(
      try fault("fault: loss, direction: to-plant").direction == .toPlant)
  }

  @Test func whatNeedsRealTimeAndWhatNeedsASimulatedPlant() throws {
    let names = try FaultSchedule.parse(yaml: every).faults
    let realTime = Set(names.filter(\.needsRealTime).map(\.name))
    #expect(realTime == ["delay", "stall", "brown-out", "cable-out", "clock-drift"])
    let simulated = Set(try FaultSchedule.parse(yaml: every).faultsNotInjectable.map(\.name))
    #expect(
      simulated == [
        "actuator-stuck", "actuator-weak", "plant-reset", "brown-out", "cable-out",
        "clock-drift", "clock-backwards",
      ])
    #expect(!(try FaultSchedule.parse(yaml: "faults: [{fault: loss}]").needsRealTime))
    #expect(try FaultSchedule.parse(yaml: every).needsRealTime)
  }

  private let every = """
    seed: 9
    faults:
      - {fault: bit-flip, direction: to-plant, from: 1, until: 2, probability: 0.01}
      - {fault: loss}
      - {fault: duplicate}
      - {fault: reorder}
      - {fault: delay, by: 0.03}
      - {fault: truncate}
      - {fault: garbage, bytes: 40}
      - {fault: stall, from: 1, until: 1.5}
      - {fault: sensor-frozen, channel: pole_angle}
      - {fault: sensor-nan, channel: all}
      - {fault: sensor-jump, by: 0.5, channel: pole_angle}
      - {fault: sensor-drift, rate: 0.1, channel: pole_angle}
      - {fault: sensor-saturated, low: -2, high: 2, channel: pole_velocity}
      - {fault: actuator-stuck, value: 0.5, channel: 0}
      - {fault: actuator-weak, factor: 0.5}
      - {fault: plant-reset, from: 1}
      - {fault: brown-out, from: boot, until: 3}
      - {fault: cable-out}
      - {fault: clock-drift, factor: 1.02}
      - {fault: clock-backwards}

    """

  @Test func aScheduleIsWrittenAsItIsRead() throws {
    let schedule = try FaultSchedule.parse(yaml: every, channels: FaultChannels(.cartPole))
    #expect(schedule.yaml == every)
    #expect(schedule.seed == 9 && schedule.faults.count == 20)
    #expect(schedule.span?.begin == 0 && schedule.span?.end == .infinity)
    #expect(try FaultSchedule.parse(yaml: "faults: []").yaml == "seed: 1\nfaults: []\n")
  }

  @Test func everyMistakeIsToldAtOnceWithItsLine() {
    let found = complaints(
      """
      seed: -1
      faults:
        - {fault: los, probability: 0.1}
        - {fault: loss, probability: 1.5}
        - {fault: delay}
        - {fault: garbage, bytes: 2.5}
        - {fault: loss, at: 1, until: 2}
        - {fault: loss, from: 2, until: 1}
        - {fault: sensor-nan, channel: pole_angel}
        - {fault: sensor-nan}
        - {fault: actuator-weak, channel: 1, factor: 0.5}
        - {fault: loss, direction: to-controler}
        - {fault: sensor-saturated, channel: all, low: 2, high: 1}
        - {fault: plant-reset, at: 1, for: 1}
        - {fault: stall, by: 1}
        - loss
        - {probability: 1}
        - {fault: sensor-jump, channel: all, by: 0x10}
      robot: 1
      """)
    #expect(
      found == [
        "f.yaml:1:7: seed: found -1, allowed a whole number from 0 to 9007199254740992",
        "f.yaml:3:13: faults[0].fault: found \"los\", allowed one of bit-flip, loss, duplicate, "
          + "reorder, delay, truncate, garbage, stall, sensor-frozen, sensor-nan, sensor-jump, "
          + "sensor-drift, sensor-saturated, actuator-stuck, actuator-weak, plant-reset, "
          + "brown-out, cable-out, clock-drift, clock-backwards (did you mean loss?)",
        "f.yaml:4:32: faults[1].probability: found 1.5, allowed a number from 0 to 1",
        "f.yaml:5:5: faults[2].by: found nothing, allowed a number from 0 to 60",
        "f.yaml:6:29: faults[3].bytes: found 2.5, allowed a whole number from 1 to 256",
        "f.yaml:7:33: faults[4].until: found at and until, allowed at with for, or from with until",
        "f.yaml:8:35: faults[5]: found an end at 1 s, allowed one after the begin at 2 s",
        "f.yaml:9:34: faults[6].channel: found \"pole_angel\", allowed one of cart_position, "
          + "cart_velocity, pole_angle, pole_velocity, all (did you mean pole_angle?)",
        "f.yaml:10:5: faults[7].channel: found nothing, allowed the plant's name of a channel, "
          + "or all",
        "f.yaml:11:37: faults[8].channel: found \"1\", allowed an actuator's number, 0 to 0, or "
          + "all",
        "f.yaml:12:30: faults[9].direction: found \"to-controler\", allowed one of to-plant, "
          + "to-controller, both (did you mean to-controller?)",
        "f.yaml:13:50: faults[10].low: found 2, allowed a number below high (1)",
        "f.yaml:14:38: faults[11]: found an end of a plant-reset, allowed its moment alone, as "
          + "`at: 1.0`, or a probability for each second",
        "f.yaml:15:20: faults[12]: found the key \"by\", allowed one of fault, direction, at, "
          + "for, from, until, probability for stall",
        "f.yaml:16:5: faults[13]: found \"loss\", allowed {fault: NAME, …}",
        "f.yaml:17:5: faults[14]: found no key \"fault\", allowed {fault: NAME, …}",
        "f.yaml:18:44: faults[15].by: found \"0x10\", allowed a number from -1000000 to 1000000",
        "f.yaml:19:1: found the key \"robot\", allowed one of seed, faults",
      ])
  }

  @Test func whatIsNoFaultFileAtAll() {
    #expect(
      complaints("") == [
        "f.yaml: found nothing, allowed a fault file: faults: [{fault: NAME, …}]"
      ])
    #expect(complaints("seed: 1").first?.contains("faults: found nothing") == true)
    #expect(complaints("faults: [").first?.contains("a syntax error") == true)
    #expect(complaints("faults: []\nfaults: []").first?.contains("more than once") == true)
    #expect(complaints("faults: loss").first?.contains("allowed a list of faults") == true)
    let many = "faults:\n" + String(repeating: "  - {fault: loss}\n", count: 65)
    #expect(complaints(many).first?.contains("65 entries, allowed at most 64") == true)
    let large = String(repeating: "#", count: 300_000)
    #expect(complaints(large).first?.contains("at most 256 KiB") == true)
    #expect(throws: FaultError.self) { try FaultSchedule.read(path: "/nowhere/faults.yaml") }
  }

  @Test func theExampleOfThePageIsAFaultFile() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let page = try String(
      contentsOf: folder.appending(path: "../../hil/FAULTS.md"), encoding: .utf8)
    let parts = page.split(separator: "```yaml\n")
    let example = try #require(parts.last?.split(separator: "```").first)
    let schedule = try FaultSchedule.parse(
      yaml: String(example), channels: FaultChannels(.cartPole))
    #expect(schedule.seed == 7 && schedule.faults.count == 4)
    // Every fault there is has its row.
    for seed: UInt64 in 0..<300 {
      for fault in FaultSchedule.random(seed: seed, allowsRealTime: true).faults {
        #expect(page.contains("| `\(fault.name)` |"), "\(fault.name)")
      }
    }
  }

  @Test func channelsCanBeCheckedLater() throws {
    let schedule = try FaultSchedule.parse(
      yaml: "faults:\n  - {fault: loss}\n  - {fault: sensor-nan, channel: torque}\n")
    let error = #expect(throws: FaultError.self) { try schedule.check(FaultChannels(.pendulum)) }
    #expect(error?.violations.map(\.line) == [3])
    #expect(error?.description.contains("faults[1].channel: found \"torque\"") == true)
  }

  @Test(arguments: [PlantKind.cartPole, .pendulum])
  func randomSchedulesAreValidVariedAndRepeatable(plant: PlantKind) throws {
    var kinds: Set<String> = []
    var counts: Set<Int> = []
    for seed: UInt64 in 0..<300 {
      let schedule = FaultSchedule.random(seed: seed, plant: plant)
      #expect(schedule == FaultSchedule.random(seed: seed, plant: plant))
      let read = try FaultSchedule.parse(yaml: schedule.yaml, channels: FaultChannels(plant))
      #expect(read.yaml == schedule.yaml)
      #expect(!schedule.needsRealTime)
      let span = try #require(schedule.span)
      #expect(span.begin >= 0.5 && span.end <= 15)
      kinds.formUnion(schedule.faults.map(\.name))
      counts.insert(schedule.faults.count)
    }
    #expect(kinds.count == 15 && counts == [1, 2, 3, 4])
    let real = (0..<300).map {
      FaultSchedule.random(seed: $0, plant: plant, allowsRealTime: true)
    }
    #expect(Set(real.flatMap { $0.faults.map(\.name) }).count == 20)
  }
}
