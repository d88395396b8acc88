import ReplanCore
public import ReplanLearn
import ReplanRecord
import ReplanRobot

/// Identifies a linear model, s' = A s + B a + c, by the method and of the order that simulate held-out
/// parts of the recordings best.
///
/// Where the measured channels do not tell the state, their past values and past actions are part of
/// it, as with every model with a history.
public struct LinearIdentification: IdentificationMethod {
  public let kind = "linear"
  public var methods: [LinearMethod] = LinearMethod.allCases
  /// Orders to choose from; empty for all that fit.
  public var orders: [Int] = []
  /// Samples by which actions come into force later than recorded, beyond the robot's latency.
  public var inputDelay = 0
  /// Makes a model stable that is not.
  public var isStable = false
  public var seed: UInt64 = 1
  public var threads = 1
  /// Told of each order that was tried, and of the coefficients.
  public var told: @Sendable (IdentificationEvent) -> Void = { _ in }
  public var isCancelled: @Sendable () -> Bool = { false }

  public init() {}

  public func fit(
    _ data: IdentificationData, progress: @escaping @Sendable (IdentificationProgress) -> Void
  ) throws -> IdentifiedModel {
    IdentifiedModel(identified: .linear(try linear(data, progress: progress)))
  }

  /// The model itself.
  func linear(
    _ data: IdentificationData, progress: @escaping @Sendable (IdentificationProgress) -> Void
  ) throws -> LinearFit {
    let channels = LinearChannels(data.robot)
    let recorded = data.trajectories.flatMap(channels.records)
    let records = recorded.compactMap { $0.delayingInputs(inputDelay) }
    let settings = try self.settings(channels, records)
    let scaling = RecordScaling(records)
    try check(scaling, channels)
    let search = LinearSearch(
      records: records.map(scaling.applied), outputs: channels.outputCount, settings: settings)
    guard
      let found = search.found({ progress(IdentificationProgress($0)) }),
      let result = LinearResult(
        found.best.candidate, records, scaling, outputs: channels.outputCount, settings)
    else {
      if isCancelled() { throw IdentifyError.cancelled }
      throw IdentifyError.tooLittleData(
        samples: records.reduce(0) { $0 + $1.count },
        needed: 8 * channels.smallest(of: settings))
    }
    tell(found, scaling, seconds: result.seconds)
    // The model's own history holds the delay: it is judged on the inputs as they were recorded.
    let (squares, count) = result.model.oneStepErrors(recorded)
    let free = Double(max(1, count - result.model.regressorCount))
    var fit = channels.fit(result.model, noise: squares.map { $0 / free })
    tell(fit)
    fit.summary = try self.summary(result, fit, data, records)
    return fit
  }

  private func settings(
    _ channels: LinearChannels, _ records: [LinearRecord]
  ) throws(IdentifyError) -> LinearSettings {
    guard !records.isEmpty else { throw .tooLittleData(samples: 0, needed: 100) }
    let longest = channels.longestHistory - inputDelay
    guard longest >= 0 else {
      throw .delayTooLong(samples: inputDelay, longest: channels.longestHistory)
    }
    var settings = LinearSettings(longestHistory: longest)
    settings.methods = methods
    settings.orders = orders
    settings.inputDelay = inputDelay
    settings.isStable = isStable
    settings.isCancelled = isCancelled
    if settings.candidates(outputs: channels.outputCount).isEmpty {
      throw .noOrder(
        orders: orders, longest: methods == [.dmdc] ? channels.outputCount : longest + 1)
    }
    return settings
  }

  /// A channel that stands still tells nothing of how it moves, or moves others.
  private func check(_ scaling: RecordScaling, _ channels: LinearChannels) throws(IdentifyError) {
    for (index, size) in scaling.outputSizes.enumerated() where size == 0 {
      throw .constant(channel: channels.outputNames[index])
    }
    for (index, size) in scaling.inputSizes.enumerated() where size == 0 {
      throw .constant(channel: channels.inputNames[index])
    }
  }

  private func tell(
    _ found: LinearSearch.Found, _ scaling: RecordScaling, seconds: Double
  ) {
    for tried in found.table {
      let isChosen = tried.candidate == found.best.candidate
      let errors = found.isSimulated ? tried.simulated : tried.windowed
      told(
        .order(
          IdentificationEvent.OrderTried(
            method: tried.candidate.method.rawValue, order: tried.candidate.order,
            history: tried.candidate.history + inputDelay, loss: found.loss(tried),
            rmse: zip(errors.squares, scaling.outputSizes).map {
              ($0 / Double(max(errors.count, 1))).squareRoot() * $1
            }, steps: found.isSimulated ? nil : LinearSearch.windowSteps,
            eigenvalue: tried.radius, isChosen: isChosen,
            seconds: isChosen ? seconds : nil)))
    }
  }

  /// The coefficients of each measured channel.
  private func tell(_ fit: LinearFit) {
    let (s, a) = (fit.structure.stateCount, fit.structure.actionCount)
    for channel in 0..<fit.structure.measuredCount {
      func add(_ regressor: String, _ value: Double, _ deviation: Double?) {
        guard value != 0 else { return }
        told(
          .coefficient(
            IdentificationEvent.Coefficient(
              channel: fit.channels[channel], regressor: regressor, value: value,
              deviation: deviation)))
      }
      for j in 0..<s {
        let at = channel * s + j
        add(fit.channels[j], fit.byState[at], fit.deviations?.byState[at])
      }
      for j in 0..<a {
        let at = channel * a + j
        add(fit.channels[s + j], fit.byAction[at], fit.deviations?.byAction[at])
      }
      add("1", fit.offset[channel], fit.deviations?.offset[channel])
    }
  }

  private func summary(
    _ result: LinearResult, _ fit: LinearFit, _ data: IdentificationData, _ records: [LinearRecord]
  ) throws -> IdentificationSummary {
    var summary = IdentificationSummary()
    summary.transitions = data.trajectories.reduce(0) { $0 + $1.count }
    summary.records = records.count
    summary.seconds =
      data.robot.period * records.reduce(0.0) { $0 + Double(max(0, $1.count - 1)) }
    summary.method = result.words
    summary.assumption = result.candidate.method == .oe ? "output-error" : "process-noise"
    summary.rmse = (0..<fit.structure.measuredCount).map {
      Float(fit.noiseVariance[$0].squareRoot())
    }
    summary.dataHash = data.hash
    summary.spread = try SpreadCalibration.fitted(
      to: .linear(fit), data.trajectories.remembering(fit.structure), seed: seed, threads: threads)
    return summary
  }
}

extension LinearResult {
  /// What was fitted, and what was done to it.
  fileprivate var words: String {
    var words = "\(candidate.method.rawValue) of order \(candidate.order)"
    if model.history > 0 { words += ", \(model.history) ticks of history" }
    if let stabilization {
      words +=
        ", largest eigenvalue \(Self.rounded(stabilization.before)) scaled to "
        + "\(Self.rounded(Stabilization.limit))"
      if stabilization.isRefined { words += " and refined by simulation errors" }
    }
    return words
  }

  private static func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
}
