public import ReplanLearn
public import ReplanRealtime

/// Why a measurement could not be made.
public enum BenchError: Error, Sendable, CustomStringConvertible {
  /// There is no thread or no memory to measure with.
  case realtime(RealtimeError)
  /// The trainer refused the robot's settings.
  case learn(LearnError)

  public var description: String {
    switch self {
    case .realtime(let error): error.description
    case .learn(let error): error.description
    }
  }
}
