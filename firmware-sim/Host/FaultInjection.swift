import FirmwareSession
import ReplanFaults
import ReplanPlants

/// What goes wrong in a simulation, as a fault file says: on the line, in the plant, with its power
/// and with its cable. It says what happens; the loop does it.
final class FaultInjection {
  /// What is to be done to plant or cable.
  enum Event {
    case cableGoes, cableReturns
    case powerGoes
    /// After so many µs.
    case powerReturns(UInt32)
    case plantRestarts
  }

  let toPlant: LineFaults
  let toController: LineFaults
  let schedule: FaultSchedule
  private var plant: PlantFaults
  private var clock = FaultClock(isLockstep: false)
  private var cableOuts: [Outage]
  private var brownOuts: [Outage]
  private var restarts: [Outage]
  private var offMicroseconds: UInt32 = 0
  /// Resets, and whether the next sample 0 is owed to a restart instead.
  private var resets: UInt32 = 0
  private var hasRestarted = false
  private(set) var counts: (restarts: Int, brownOuts: Int, cableOuts: Int) = (0, 0, 0)
  /// Restarts, brown-outs and cable-outs, by the fault's place in the file.
  private var outages: [Int]
  /// Samples at which a fault of the plant might act, by the fault's place in the file.
  private(set) var samples: [Int]
  /// The plant's sample rate, Hz.
  private var rate = 1.0
  private var clockRate = 1.0
  /// The plant's clock and real time at the same moment, µs.
  private var plantBase: UInt64 = 0
  private var realBase: UInt64 = 0

  init(_ schedule: FaultSchedule, _ kind: PlantKind) throws(FaultError) {
    self.schedule = schedule
    samples = schedule.faults.map { _ in 0 }
    outages = samples
    plant = try PlantFaults(schedule, kind)
    toPlant = LineFaults(schedule, .toPlant)
    toController = LineFaults(schedule, .toController)
    cableOuts = schedule.outages(.cableOut)
    brownOuts = schedule.outages(.brownOut)
    restarts = schedule.outages(.plantReset)
  }

  var hasPower: Bool { !brownOuts.contains(where: \.isUnderWay) }
  var hasCable: Bool { !cableOuts.contains(where: \.isUnderWay) }

  func time(at now: UInt64) -> FaultTime { clock.time(at: now) }

  /// What begins or ends now.
  func events(at now: UInt64) -> [Event] {
    let time = clock.time(at: now)
    var events: [Event] = []
    for i in cableOuts.indices {
      while let change = cableOuts[i].change(at: time) {
        if change != .ends {
          counts.cableOuts += 1
          outages[cableOuts[i].index] += 1
        }
        events.append(change == .ends ? .cableReturns : .cableGoes)
      }
    }
    for i in brownOuts.indices {
      while let change = brownOuts[i].change(at: time) {
        if case .begins(let seconds) = change {
          counts.brownOuts += 1
          outages[brownOuts[i].index] += 1
          offMicroseconds = UInt32(min(seconds, 3600) * 1e6)
          events.append(.powerGoes)
        } else {
          events.append(.powerReturns(offMicroseconds))
        }
      }
    }
    for i in restarts.indices where restarts[i].change(at: time) != nil {
      counts.restarts += 1
      outages[restarts[i].index] += 1
      events.append(.plantRestarts)
    }
    return events
  }

  /// The plant's processor starts, its clock at 0.
  func restarted(at now: UInt64) {
    clock.restarted(at: now)
    hasRestarted = true
    plantBase = 0
    realBase = now
  }

  /// Before each call of the session: what is wrong up to its next sample.
  func prepare(_ session: inout PlantSession, at now: UInt64) {
    rate = Double(session.sampleRate)
    clock.isLockstep = session.clock == .lockstep
    let next = session.sequence
    session.disturbance = plant.disturbance(
      now: clock.time(ofSample: next > 0 ? next - 1 : 0, rate: rate, at: now),
      sample: clock.time(ofSample: next, rate: rate, at: now), applied: session.applied)
    let wanted = clock.isLockstep ? 1 : Double(session.disturbance.clockRate)
    if wanted != clockRate {
      plantBase = plantTime(at: now)
      realBase = now
      clockRate = wanted
    }
  }

  /// After each call of the session.
  func follow(_ session: PlantSession) { clock.isArmed = session.isArmed }

  func sampled(_ sample: Sample, at now: UInt64) {
    if sample.sequence == 0 {
      if !hasRestarted { resets &+= 1 }
      hasRestarted = false
    }
    clock.sampled(
      sample.sequence, rate: rate, isArmed: sample.isArmed, reset: resets, at: now)
    plant.count(
      PlantFaults.Effect(
        measured: sample.measured, good: sample.good, applied: sample.applied,
        wanted: sample.wanted, clockRate: clockRate))
    for index in samples.indices where isActive(index, at: clock.time(at: now)) {
      samples[index] += 1
    }
  }

  /// How often each fault of the file has acted.
  var acted: [Int] {
    let plant = plant.acted
    return schedule.faults.indices.map {
      toPlant.acted[$0] + toController.acted[$0] + plant[$0] + outages[$0]
    }
  }

  /// What the plant's clock shows, µs, before any fault of its timestamps.
  func plantTime(at now: UInt64) -> UInt64 {
    clockRate == 1
      ? plantBase + (now - realBase) : plantBase + UInt64(Double(now - realBase) * clockRate)
  }

  /// When the loop has something to do, given when the session has by its own clock.
  func wakeUp(_ sessionTime: UInt64) -> UInt64 {
    var wakeUp = UInt64.max
    if hasPower {
      let ahead = sessionTime > plantBase ? sessionTime - plantBase : 0
      wakeUp = realBase + UInt64((Double(ahead) / clockRate).rounded(.up))
    }
    for due in [toPlant.nextDue, toController.nextDue] { wakeUp = min(wakeUp, due ?? .max) }
    for outage in cableOuts + brownOuts { wakeUp = min(wakeUp, outage.end ?? .max) }
    return wakeUp
  }

  /// The names of the faults that may act now, in the order of the file.
  func active(at now: UInt64) -> [String] {
    let time = clock.time(at: now)
    return schedule.faults.indices.compactMap { index in
      isActive(index, at: time) ? schedule.faults[index].name : nil
    }
  }

  private func isActive(_ index: Int, at time: FaultTime) -> Bool {
    let fault = schedule.faults[index]
    return switch fault.kind {
    case .stall: isStalled(fault.direction)
    case .cableOut: !hasCable
    case .brownOut: !hasPower
    case .plantReset: false
    default: schedule.isActive(index, at: time)
    }
  }

  private func isStalled(_ direction: FaultDirection) -> Bool {
    switch direction {
    case .toPlant: toPlant.isStalled
    case .toController: toController.isStalled
    case .both: toPlant.isStalled || toController.isStalled
    }
  }
}
