/// A random binary action around the safe one, the same for the same seed.
///
/// Each channel jumps between safe plus and minus its amplitude, anew at every tick: only edges tell
/// when an action takes effect. Of any eight ticks in a row from a multiple of eight, four are
/// above, so that the plant does not wander off further than it must.
struct Excitation {
  let settings: ProbeSettings
  private var generator: SplitMix
  private var signs: [[Double]] = []
  private var tick = 0
  private var last: [Double]

  init(_ settings: ProbeSettings) {
    self.settings = settings
    generator = SplitMix(state: settings.seed)
    last = settings.actions.map(\.safe)
  }

  /// The next tick's action, inside the limits of value and slew.
  mutating func next() -> [Double] {
    if tick % 8 == 0 {
      signs = settings.actions.map { _ in
        [1.0, 1, 1, 1, -1, -1, -1, -1].shuffled(using: &generator)
      }
    }
    for (channel, action) in settings.actions.enumerated() {
      let half = (action.high - action.low) / 2 * settings.amplitude
      var wanted = action.safe + signs[channel][tick % 8] * half
      if let slew = action.slew {
        let step = slew / settings.rate
        wanted = min(max(wanted, last[channel] - step), last[channel] + step)
      }
      last[channel] = min(max(wanted, action.low), action.high)
    }
    tick += 1
    return last
  }
}

/// - Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", 2014,
///   doi:10.1145/2660193.2660195.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
