import ReplanNumerics

/// How the members of an ensemble come about.
public enum Posterior: String, Sendable, CaseIterable {
  /// Each member is fitted to its own resample of the transitions, drawn with replacement.
  case bootstrap
  /// Each member is fitted to all transitions, from its own initial weights, in its own order.
  case shared
  /// Members are samples of the posterior of all weights of a Bayesian network, by Markov chains.
  case bayesian
  /// Members are samples of the posterior of the output layer of one network, in closed form.
  case lastLayer = "last_layer"
}

/// How an ensemble is fitted. The likelihood follows from `EnsembleShape.noise`: squares for a
/// constant noise variance, Gaussian for a predicted one.
public struct TrainingSettings: Sendable, Equatable {
  /// Optimiser steps of each member; 1 or more.
  public var steps = 2000
  /// Samples of a step; 1 to 4096.
  public var batch = 64
  /// Adam's rate at the first step; it falls along a cosine. Above 0.
  public var learningRate: Float = 5e-3
  /// The rate at the last step as a part of the first; 0 to 1.
  public var finalRateFraction: Float = 0.02
  /// Decoupled weight decay (not of biases); 0 to 1.
  public var weightDecay: Float = 1e-4
  /// Decay of Adam's first and second moment; 0 to 1, 1 excluded.
  public var beta1: Float = 0.9
  public var beta2: Float = 0.99
  public var posterior = Posterior.bootstrap
  /// For `bayesian`.
  public var chains = ChainSettings()
  public var seed: UInt64 = 1
  /// Worker threads; each fits one member at a time. 1 or more. The result does not depend on it.
  public var threads = 1
  /// With at least so many transitions, some are held out and the best weights on them are kept;
  /// with fewer, all serve for training and the last weights are kept. 8 or more.
  public var holdOutFrom = 300
  /// The part of the transitions that is held out, at most `Split.heldOutLimit`; 0.01 to 0.5.
  public var holdOutFraction: Float = 0.1
  /// Steps between two looks at the cancellation and at the held-out transitions; 1 or more. One-step
  /// training looks at many held-out transitions at a multiple of it, so that this takes little time.
  public var checkInterval = 100
  /// Such intervals without improvement after which a member stops; 0 never stops.
  public var patience = 0
  /// How far workers give way to other threads: 0 leaves their scheduling as it is inherited, 1 to
  /// 19 gives them this nice value under SCHED_BATCH, also where the caller is a real-time thread.
  public var niceness = 0
  /// Whether the model is to say how much its members disagree where it has data.
  public var calibrates = true

  public init() {}

  /// - Throws: `LearnError.invalidSettings` with all violations.
  func validate() throws(LearnError) {
    var violations: [String] = []
    func check(_ holds: Bool, _ what: String) { if !holds { violations.append(what) } }
    check(steps >= 1, "steps \(steps), 1 or more")
    check((1...4096).contains(batch), "batch \(batch), 1 to 4096")
    check(learningRate > 0 && learningRate.isFinite, "learningRate \(learningRate), above 0")
    check((0...1).contains(finalRateFraction), "finalRateFraction \(finalRateFraction), 0 to 1")
    check((0...1).contains(weightDecay), "weightDecay \(weightDecay), 0 to 1")
    check((0..<1).contains(beta1), "beta1 \(beta1), 0 to below 1")
    check((0..<1).contains(beta2), "beta2 \(beta2), 0 to below 1")
    check(threads >= 1, "threads \(threads), 1 or more")
    check(holdOutFrom >= Trainer.fewestTransitions, "holdOutFrom \(holdOutFrom), 8 or more")
    check((0.01...0.5).contains(holdOutFraction), "holdOutFraction \(holdOutFraction), 0.01 to 0.5")
    check(checkInterval >= 1, "checkInterval \(checkInterval), 1 or more")
    check(patience >= 0, "patience \(patience), 0 or more")
    check((0...19).contains(niceness), "niceness \(niceness), 0 to 19")
    violations += chains.violations
    if !violations.isEmpty { throw .invalidSettings(violations) }
  }

  /// Adam's rate at `step` of 0..<steps.
  func rate(at step: Int) -> Float {
    let phase = Float(step) / Float(max(steps - 1, 1))
    let cosineDecay = 0.5 * (1 + cosine(3.141_592_7 * phase))
    return learningRate * (finalRateFraction + (1 - finalRateFraction) * cosineDecay)
  }
}
