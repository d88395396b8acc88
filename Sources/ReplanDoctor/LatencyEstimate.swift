import Glibc

/// One sample of a probe.
public struct ProbeSample: Sendable, Equatable {
  /// The plant's count of samples.
  public var sequence: UInt32
  public var state: [Double]
  /// The action that the plant had in force at the sample, as it said itself.
  public var action: [Double]

  public init(sequence: UInt32, state: [Double], action: [Double]) {
    self.sequence = sequence
    self.state = state
    self.action = action
  }
}

/// The latency inside a plant, estimated from how its state followed a random action.
///
/// For each candidate d, 0 to 8, the change of the state over a tick is regressed on the state and
/// on the action that was in force d ticks before, and the candidate whose regression predicts best
/// what it has not seen is the latency. With d = 0 the action that came into force after a sample
/// moves the plant until the next: that is the meaning of `latency: 0` in the robot file. The tick
/// that next-tick output waits before it sends is not in it.
public struct LatencyEstimate: Sendable, Equatable {
  /// The best candidate.
  public var ticks: Int
  /// The residual of the runner-up divided by that of the best.
  public var confidence: Double
  /// By how much the data are likelier under the best candidate than under the runner-up, and than
  /// without any effect of the action; natural logarithm.
  public var margin: Double
  /// By candidate: the error on data not fitted to, as a share of what it is without any action
  /// (geometric mean over the channels). 1: the action so many ticks before has no effect.
  public var residuals: [Double]
  /// How many it is estimated from.
  public var transitions: Int

  /// Whether it can be relied upon: odds of some 1000 to 1.
  public var isClear: Bool { margin > 7 }

  /// The largest latency that is looked for.
  public static let longest = 8
  /// Parts of the data, each predicted from the others.
  private static let parts = 5

  /// How many transitions it takes at the least.
  public static func needed(channels: Int, actions: Int) -> Int {
    20 + 3 * (2 * channels + actions)
  }

  /// - Parameters:
  ///   - samples: in their order; where one is missing no transition spans the gap.
  ///   - isAngle: by channel of the state, whether it is periodic, in radians.
  /// - Returns: nil with fewer transitions than needed, or if the state never changes.
  public init?(_ samples: [ProbeSample], isAngle: [Bool]) {
    let rows = ProbeRow.rows(samples, isAngle: isAngle)
    let actions = samples.first?.action.count ?? 0
    guard actions > 0,
      rows.count >= Self.needed(channels: isAngle.count, actions: actions)
    else { return nil }
    let without = Self.errors(rows, candidate: nil)
    // A channel that never changes tells nothing.
    let channels = without.indices.filter { without[$0] > 0 }
    guard !channels.isEmpty else { return nil }
    let logarithms = (0...Self.longest).map { candidate in
      let errors = Self.errors(rows, candidate: candidate)
      return channels.reduce(0) { sum, channel in
        // Without noise the right candidate leaves nothing: its share ends at a millionth.
        sum + 0.5 * log(max(errors[channel] / without[channel], 1e-12))
      }
    }
    let order = logarithms.indices.sorted { logarithms[$0] < logarithms[$1] }
    let (best, second) = (order[0], order[1])
    let count = Double(channels.count)
    ticks = best
    transitions = rows.count
    residuals = logarithms.map { exp($0 / count) }
    confidence = residuals[second] / residuals[best]
    margin = Double(rows.count) * (min(logarithms[second], 0) - logarithms[best])
  }

  /// Mean squared error by channel, each part predicted from the others.
  private static func errors(_ rows: [ProbeRow], candidate: Int?) -> [Double] {
    let channels = rows[0].change.count
    var sums = [Double](repeating: 0, count: channels)
    for part in 0..<parts {
      // Neighbours are alike, so parts are stretches of time.
      let bounds = rows.count * part / parts..<rows.count * (part + 1) / parts
      let known = Array(rows[..<bounds.lowerBound] + rows[bounds.upperBound...])
      let fit = LinearFit(known.map { ($0.features(candidate), $0.change) })
      for row in rows[bounds] {
        let predicted = fit.predict(row.features(candidate))
        for c in 0..<channels {
          sums[c] += (row.change[c] - predicted[c]) * (row.change[c] - predicted[c])
        }
      }
    }
    return sums.map { $0 / Double(rows.count) }
  }
}

/// One transition and the actions before it.
private struct ProbeRow {
  var state: [Double]
  var change: [Double]
  /// By candidate.
  var actions: [[Double]]

  func features(_ candidate: Int?) -> [Double] { state + (candidate.map { actions[$0] } ?? []) }

  static func rows(_ samples: [ProbeSample], isAngle: [Bool]) -> [ProbeRow] {
    let longest = LatencyEstimate.longest
    guard samples.count > longest + 1 else { return [] }
    var rows: [ProbeRow] = []
    for last in (longest + 1)..<samples.count {
      // The oldest action is the one named by the sample `longest` before the last.
      let window = samples[(last - longest - 1)...last]
      guard samples[last].sequence &- window.first!.sequence == UInt32(longest + 1) else {
        continue
      }
      let (from, to) = (samples[last - 1], samples[last])
      rows.append(
        ProbeRow(
          state: features(from.state, isAngle),
          change: isAngle.indices.map { c in
            let difference = to.state[c] - from.state[c]
            return isAngle[c] ? remainder(difference, 2 * .pi) : difference
          },
          actions: (0...longest).map { samples[last - $0].action }))
    }
    return rows
  }

  private static func features(_ state: [Double], _ isAngle: [Bool]) -> [Double] {
    isAngle.indices.flatMap { c in
      isAngle[c] ? [sin(state[c]), cos(state[c])] : [state[c]]
    }
  }
}
