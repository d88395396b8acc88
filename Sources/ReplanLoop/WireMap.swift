import ReplanCore
import ReplanWire

/// Which state channels an observation on the wire holds: all, unless the robot file has some that
/// only the estimator knows.
struct WireMap {
  /// Channels of the wire.
  private let count: Int
  private let isEstimated: InlineArray<32, Bool>
  private let stateCount: Int

  /// True if the wire holds all channels, so that there is nothing to be done.
  var isWhole: Bool { count == stateCount }

  init(_ configuration: ControllerConfiguration) {
    stateCount = configuration.structure.measuredCount
    isEstimated = configuration.estimator.isEstimated
    var measured = 0
    for i in 0..<stateCount where !configuration.estimator.isEstimated[i] { measured += 1 }
    count = measured
  }

  /// Puts each value of a message at the place of its state channel; the others are not a number.
  func spread(_ message: inout ObservationMessage) {
    if isWhole { return }
    // Downwards: no channel moves to an earlier place.
    var source = count - 1
    var place = stateCount - 1
    while place >= 0 {
      if isEstimated[place] {
        message.values[place] = .nan
      } else {
        message.values[place] = message.values[source]
        source -= 1
      }
      place -= 1
    }
    message.count = UInt8(truncatingIfNeeded: stateCount)
  }

  /// Fills in what only the estimate holds.
  func complete(_ values: inout StateVector, from estimate: StateVector) {
    if isWhole { return }
    for i in 0..<stateCount where isEstimated[i] { values[i] = estimate[i] }
  }
}
