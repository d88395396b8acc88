/// Two levels by a shift register of maximal length, held for some ticks each.
///
/// Its autocorrelation over a period is that of white noise but for 1 / length, so that the same
/// sequence, shifted, moves further channels.
///
/// - Source: Golomb 1967, Shift register sequences; Ljung 1999, System identification, 13.3.
struct BinarySequence {
  /// Places of the register.
  let places: Int
  /// Ticks that a level is held.
  let held: Int

  /// Ticks of a period.
  var period: Int { length * held }
  /// Levels of a period.
  var length: Int { (1 << places) - 1 }

  /// Feedback places of a primitive polynomial for 3 to 20 places.
  static let taps: [[Int]] = [
    [3, 2], [4, 3], [5, 3], [6, 5], [7, 6], [8, 6, 5, 4], [9, 5], [10, 7], [11, 9],
    [12, 11, 10, 4], [13, 12, 11, 8], [14, 13, 12, 2], [15, 14], [16, 15, 13, 4], [17, 14],
    [18, 11], [19, 18, 17, 14], [20, 17],
  ]

  init(places: Int, held: Int) {
    precondition((3...20).contains(places) && held >= 1)
    self.places = places
    self.held = held
  }

  /// The shortest period that holds the length.
  init(_ settings: ExcitationSettings) {
    var places = 3
    while places < 20 && ((1 << places) - 1) * settings.heldTicks < settings.ticks { places += 1 }
    self.init(places: places, held: settings.heldTicks)
  }

  /// One period, true for the upper level.
  func levels() -> [Bool] {
    var register = 1
    return (0..<length).map { _ in
      let bit = Self.taps[places - 3].reduce(0) { $0 ^ (register >> ($1 - 1)) & 1 }
      register = (register << 1 | bit) & length
      return bit == 1
    }
  }

  /// -1 and 1; each channel a part of a period behind the one before. Shape [channel][tick].
  func signals(_ settings: ExcitationSettings) -> [[Double]] {
    let levels = levels()
    let periods = settings.channels.indices.map { channel in
      (0..<period).map { tick in
        let shift = channel * length / settings.channels.count
        return levels[(tick / held + shift) % length] ? 1.0 : -1.0
      }
    }
    var numbers = ExcitationNumbers(seed: settings.seed)
    let sign = numbers.below(2) == 0 ? 1.0 : -1.0
    return Drift.begun(periods, ticks: settings.ticks, &numbers).map { $0.map { sign * $0 } }
  }
}
