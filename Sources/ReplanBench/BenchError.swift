public import ReplanLearn
public import ReplanLoop
public import ReplanRealtime

/// Why a measurement could not be made.
public enum BenchError: Error, Sendable, CustomStringConvertible {
  /// There is no thread or no memory to measure with.
  case realtime(RealtimeError)
  /// The trainer refused the robot's settings.
  case learn(LearnError)
  /// An episode of the loop could not be run.
  case loop(LoopError)
  /// An episode of the loop ended before its time; why.
  case ended(String)
  /// cyclictest failed, or said what cannot be read.
  case cyclicTest(String)
  /// The live page cannot be looked at.
  case page(String)

  public var description: String {
    switch self {
    case .realtime(let error): error.description
    case .learn(let error): error.description
    case .loop(let error): error.description
    case .ended(let why): "measuring ended early: \(why)"
    case .page(let why): why
    case .cyclicTest(let why):
      "cyclictest failed: \(why); it needs the rights to real-time priority and locked memory, "
        + "--no-cyclictest measures the loop alone"
    }
  }
}
