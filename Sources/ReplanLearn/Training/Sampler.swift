import ReplanNumerics

/// Fills batches: every transition of a member's bag once an epoch, in a new random order, and
/// mirrored with probability ½ where the plant is symmetric.
struct Sampler {
  private let data: PreparedData
  /// Rows of the bag. Shape [bag].
  private let order: UnsafeMutableBufferPointer<Int32>
  private var next: Int
  private var shuffling: IndexSource
  private var coins: IndexSource
  private var coin: UInt32 = 0
  private var coinsLeft = 0

  /// - Precondition: `order` holds the bag and outlives the sampler.
  init(data: PreparedData, order: UnsafeMutableBufferPointer<Int32>, stream: Stream) {
    self.data = data
    self.order = order
    next = order.count
    shuffling = IndexSource(stream.numbers(.order))
    coins = IndexSource(stream.numbers(.mirror))
  }

  mutating func fill(
    rows: Int, input: UnsafeMutablePointer<Lanes>, target: UnsafeMutablePointer<Lanes>
  ) {
    let width = data.inputVectors
    let targetWidth = data.targetVectors
    // SAFETY: rows of the order are rows of the data; the targets of the copies were sized for
    // `rows` rows by MemberTrainer.
    data.inputs.withUnsafeBufferPointer { inputs in
      data.targets.withUnsafeBufferPointer { targets in
        for b in 0..<rows {
          let row = nextRow()
          for j in 0..<width { input[b * width + j] = inputs[row * width + j] }
          for j in 0..<targetWidth {
            target[b * targetWidth + j] = targets[row * targetWidth + j]
          }
        }
      }
    }
    guard let mirror = data.mirror else { return }
    for b in 0..<rows where tossed() {
      for j in 0..<width { input[b * width + j] = input[b * width + j] * mirror.inputs[j] }
      for j in 0..<targetWidth {
        target[b * targetWidth + j] = target[b * targetWidth + j] * mirror.targets[j]
      }
    }
  }

  private mutating func nextRow() -> Int {
    if next == order.count {
      shuffling.shuffle(order)
      next = 0
    }
    let row = Int(order[next])
    next += 1
    return row
  }

  private mutating func tossed() -> Bool {
    if coinsLeft == 0 {
      coin = coins.word()
      coinsLeft = 32
    }
    coinsLeft -= 1
    return (coin >> UInt32(coinsLeft)) & 1 == 1
  }
}
