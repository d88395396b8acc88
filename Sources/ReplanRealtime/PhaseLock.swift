/// Keeps the ticks in step with the samples of the plant, whose clock is not ours.
///
/// A free-running timer at the same nominal rate would now and then skip a sample or meet one
/// twice, as the clocks drift. The lock is told when each sample arrived and says when to wake for
/// the next one: when it is due, plus a lead that leaves room for late arrivals.
///
/// ```swift
/// var lock = PhaseLock(nominalPeriod: 20e6, lead: 3_000_000)
/// while … {
///   let wake = lock.nextWake(after: MonotonicClock.nanoseconds)
///   MonotonicClock.sleepUntil(nanoseconds: wake.nanoseconds)
///   lock.observe(sequence: sample.sequence, arrival: sample.arrival)
/// }
/// ```
///
/// A sample can be late and never early, so what is tracked is not the mean arrival but a value
/// near the earliest: errors are weighed by their sign, which makes it an expectile. The filter is
/// of second order, phase and period. It starts with the gains of a least-squares line through the
/// arrivals so far, and ends with constant ones. An error counts as an eighth of a period at most,
/// so that after the first eighty no single arrival moves the phase by over a 160th of a period.
///
/// Times are passed in: it has no clock. A tick that comes late by more than half a period is
/// given up, and counted, rather than made up for: ticks never follow in a burst.
///
/// - Units: ns.
/// - Timing: O(1); no allocation, lock or C call.
/// - Source: gains: E. Brookner, "Tracking and Kalman Filtering Made Easy", 1998, eq. 1.2.38, the
///   growing-memory filter; expectiles: W. Newey and J. Powell, 1987, doi:10.2307/1911031.
public struct PhaseLock: Sendable {
  /// How far the wake times can be trusted.
  public enum State: UInt8, Sendable, BitwiseCopyable { case searching, locked, lost }

  /// When to wake, and what had to be given up for it.
  public struct Wake: Sendable, Equatable {
    /// In the past if the tick is to run at once; at most a period ahead when the phase is locked.
    public var nanoseconds: Int64
    /// Ticks given up between the last wake and this one.
    public var missed: Int
  }

  /// What the plant's sample rate says.
  public let nominalPeriod: Double
  /// From when a sample is due until the wake for it; negative to wake before it.
  public let lead: Int64
  /// The estimated period, never further than `tolerance` from the nominal one.
  public private(set) var period: Double
  /// Samples that never arrived, by their sequence numbers.
  public private(set) var lostSamples = 0
  /// Ticks given up because the caller came too late for them.
  public private(set) var missedTicks = 0
  /// How often the phase was found anew: resets of the plant, and jumps of its clock.
  public private(set) var restarts = 0

  private let tolerance: Double
  private var anchor: Anchor?
  private var wakeIndex: Int64?
  private var lastWake: Int64?
  private var fittedPhase = 0
  private var fittedPeriod = 0
  private var outliers = 0
  private var spread = 0.0

  /// The newest sample: its sequence number, its place in the unbroken count of samples since the
  /// first, when it arrived, and when it was due (whole and fraction: a Double alone would lose
  /// nanoseconds after a hundred days).
  private struct Anchor {
    var sequence: UInt32
    var index: Int64
    var arrival: Int64
    var due: Int64
    var fraction: Double
  }

  /// - Parameter tolerance: how far the plant's clock may be off, as a fraction.
  /// - Precondition: the period is positive and the lead shorter than a period.
  public init(nominalPeriod: Double, lead: Int64, tolerance: Double = 0.05) {
    precondition(nominalPeriod > 0, "a period is positive")
    precondition(Double(abs(lead)) < nominalPeriod, "a lead is shorter than a period")
    self.nominalPeriod = nominalPeriod
    self.lead = lead
    self.tolerance = tolerance
    period = nominalPeriod
  }

  /// Whether the phase is known at a given time.
  ///
  /// Lost means that nothing has arrived for five periods; the wakes go on at the last phase.
  public func state(at now: Int64) -> State {
    guard let anchor else { return .searching }
    if Double(now - anchor.arrival) > Self.patience * period { return .lost }
    let settled = fittedPhase >= Self.settling && fittedPeriod >= Self.settling
    return settled && spread < period / 8 ? .locked : .searching
  }

  private static let patience = 5.0
  private static let settling = 32
  private static let outliersForRestart = 8
  private static let longGap = 64
}

extension PhaseLock {
  /// Takes note of one sample.
  ///
  /// A repeated sequence number is ignored; a smaller one means that the plant was reset.
  public mutating func observe(sequence: UInt32, arrival: Int64) {
    guard var newest = anchor else {
      restart(sequence: sequence, arrival: arrival)
      return
    }
    let step = Int(Int32(bitPattern: sequence &- newest.sequence))
    if step == 0 { return }
    let ahead = newest.fraction + period * Double(step)
    let error = Double(arrival - newest.due) - ahead
    outliers = abs(error) > period / 2 ? outliers + 1 : 0
    if step < 0 || outliers >= Self.outliersForRestart || (outliers > 0 && step > Self.longGap) {
      restarts += 1
      restart(sequence: sequence, arrival: arrival)
      return
    }
    lostSamples += step - 1
    let due = ahead + correct(error, step: Double(step))
    newest.sequence = sequence
    newest.index += Int64(step)
    newest.arrival = arrival
    newest.due += Int64(due.rounded(.down))
    newest.fraction = due - due.rounded(.down)
    anchor = newest
  }

  /// Adapts the period to an error and returns by how much to shift the phase.
  private mutating func correct(_ error: Double, step: Double) -> Double {
    fittedPhase += 1
    fittedPeriod += 1
    let settled = fittedPhase >= Self.settling
    let limit = settled ? period / 8 : period / 2
    let bounded = min(max(error, -limit), limit)
    spread += (abs(bounded) - spread) / 16
    let weighed = settled && bounded > 0 ? bounded * 0.2 : bounded
    let (phases, periods) = (Double(fittedPhase), Double(fittedPeriod))
    let phaseGain = max(0.05, 2 * (2 * phases - 1) / (phases * (phases + 1)))
    let periodGain = max(0.0006, 6 / (periods * (periods + 1)))
    let allowed = nominalPeriod * tolerance
    period = min(
      max(period + periodGain * weighed / step, nominalPeriod - allowed), nominalPeriod + allowed)
    return phaseGain * weighed
  }

  /// Takes a sample as the new origin of the phase; keeps the period if it is known well.
  private mutating func restart(sequence: UInt32, arrival: Int64) {
    // What is observed now serves the tick that is running now: the next wake is for the next one.
    let index = max((anchor?.index ?? -1) + 1, wakeIndex ?? 0)
    wakeIndex = index
    anchor = Anchor(
      sequence: sequence, index: index, arrival: arrival, due: arrival, fraction: 0)
    if fittedPeriod < Self.settling {
      fittedPeriod = 1
      period = nominalPeriod
    }
    fittedPhase = 1
    outliers = 0
    spread = 0
  }

  /// The time of the next tick.
  ///
  /// Before the first sample, and when samples fail to come, ticks go on at the period known.
  public mutating func nextWake(after now: Int64) -> Wake {
    guard let anchor else { return freeRunning(after: now) }
    let sinceDue = Double(now - anchor.due - lead) - anchor.fraction
    let current = anchor.index + Int64((sinceDue / period).rounded(.down))
    let last = wakeIndex ?? current
    var next = last + 1
    if current >= next {
      let late = sinceDue - Double(current - anchor.index) * period
      next = late < period / 2 ? current : current + 1
    }
    let missed = Int(next - last - 1)
    missedTicks += missed
    wakeIndex = next
    let offset = anchor.fraction + Double(next - anchor.index) * period
    let time = anchor.due + lead + Int64(offset.rounded())
    lastWake = time
    return Wake(nanoseconds: time, missed: missed)
  }

  private mutating func freeRunning(after now: Int64) -> Wake {
    let step = Int64(nominalPeriod.rounded())
    let base = lastWake ?? now
    let passed = max(0, (now - base) / step)
    let missed = Int(passed)
    missedTicks += missed
    let time = base + (passed + 1) * step
    lastWake = time
    return Wake(nanoseconds: time, missed: missed)
  }
}
