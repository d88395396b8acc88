/// The ways to a linear model.
public enum LinearMethod: String, Sendable, CaseIterable {
  /// Least squares on one-step errors from past outputs and inputs.
  case arx
  /// Least squares on simulation errors.
  case oe
  /// Subspace identification.
  case n4sid
  /// Dynamic mode decomposition with control: least squares on the leading directions of a measured state.
  case dmdc
}

/// A linear model that could be fitted: by which method, and how large.
public struct LinearCandidate: Sendable, Equatable {
  public var method: LinearMethod
  /// Of arx and oe the number of past samples that count; of n4sid the states; of dmdc the directions.
  public var order: Int
  /// Samples before the present one in the model that the loop runs.
  public var history: Int
  var weighting: SubspaceFit.Weighting?
}

/// What is to be tried, and within which bounds.
public struct LinearSettings: Sendable {
  public var methods: [LinearMethod] = LinearMethod.allCases
  /// Orders to choose from; empty for all that fit.
  public var orders: [Int] = []
  /// Longest history that the loop can hold.
  public var longestHistory: Int
  /// Samples by which inputs come into force later than they are recorded.
  public var inputDelay = 0
  /// Models that run away are made stable.
  public var isStable = false
  public var isCancelled: @Sendable () -> Bool = { false }

  static let highestOrder = 10
  /// Output error has its minimum searched for: only few orders are worth it.
  static let highestSearchedOrder = 4

  public init(longestHistory: Int) { self.longestHistory = longestHistory }

  /// All candidates for records of so many outputs whose past counts.
  func candidates(outputs: Int) -> [LinearCandidate] {
    methods.flatMap { candidates($0, outputs: outputs) }
  }

  private func candidates(_ method: LinearMethod, outputs: Int) -> [LinearCandidate] {
    switch method {
    case .arx:
      return wanted(1...min(Self.highestOrder, longestHistory + 1)).map {
        LinearCandidate(method: method, order: $0, history: $0 - 1)
      }
    case .oe:
      return wanted(1...min(Self.highestSearchedOrder, longestHistory + 1)).flatMap { order in
        histories(from: order - 1).map {
          LinearCandidate(method: method, order: order, history: $0)
        }
      }
    case .n4sid:
      let most = min(Self.highestOrder, outputs * (longestHistory + 1))
      return wanted(1...most).flatMap { order in
        SubspaceFit.Weighting.allCases.flatMap { weighting in
          histories(from: (order + outputs - 1) / outputs - 1).map {
            LinearCandidate(method: method, order: order, history: $0, weighting: weighting)
          }
        }
      }
    case .dmdc:
      return wanted(1...outputs).map { LinearCandidate(method: method, order: $0, history: 0) }
    }
  }

  private func wanted(_ possible: ClosedRange<Int>) -> [Int] {
    orders.isEmpty ? Array(possible) : possible.filter(orders.contains)
  }

  /// The shortest history that tells the state, and longer ones that let less noise through.
  private func histories(from shortest: Int) -> [Int] {
    let longer = [shortest, 2 * shortest + 1, 4 * shortest + 3].filter { $0 <= longestHistory }
    return longer
  }
}
