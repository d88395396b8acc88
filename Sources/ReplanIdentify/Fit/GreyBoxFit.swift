import Foundation

/// Fits an equation's parameters to records by multiple shooting.
///
/// ```swift
/// let fit = GreyBoxFit(RungeKuttaSimulator(Decay.self), parameters: [.init("rate", start: 1, 0...10)])
/// let result = try fit.fit([record])
/// ```
/// From several starts, the first of them by finite differences, short windows are fitted, whose error
/// has few local minima; from the best one windows grow to the length that is asked for. The noise of
/// each channel is estimated along the way and weighs its errors.
public struct GreyBoxFit: Sendable {
  /// What is looked for, and where.
  public struct Parameter: Sendable, Equatable {
    public var name: String
    public var start: Double
    public var bounds: ClosedRange<Double>
    /// It keeps its start.
    public var isFixed: Bool

    public init(
      _ name: String, start: Double, _ bounds: ClosedRange<Double>, isFixed: Bool = false
    ) {
      self.name = name
      self.start = start
      self.bounds = bounds
      self.isFixed = isFixed
    }
  }

  public struct Settings: Sendable, Equatable {
    /// Longest integration step, s.
    public var step = 0.01
    /// Length of the last windows, s; nil for 1 s or 50 samples, whichever is longer. Where a state was
    /// not measured a window is a whole record, since each would have to find that state anew.
    public var window: Double?
    /// Random starts beside the given one and that of finite differences.
    public var randomStarts = 6
    public var seed: UInt64 = 1

    public init() {}
  }

  /// What was found.
  public struct Result: Sendable {
    /// All parameters [P].
    public var parameters: [Double]
    /// [P × P], row-major; zero in rows and columns of those that were not fitted or not told.
    public var covariance: [Double]
    /// True for each parameter that is fitted and that the data tell.
    public var isDetermined: [Bool]
    /// Where each parameter is in 95 of 100 cases, by its bounds as well; nil if the data do not tell it.
    public var intervals: [ClosedRange<Double>?]
    /// Indices there are into the parameters.
    public var identifiability: Identifiability
    /// Standard deviation of each channel's measurement noise; not a number where it was not measured.
    public var noise: [Double]
    /// The initial state of each window.
    public var starts: [[Double]]
    public var windows: Int
    /// Starts that were tried, and those of them that led somewhere.
    public var tried: Int
    public var finite: Int
    /// Iterations of the last fit.
    public var iterations: Int
    /// Values that were measured.
    public var measurements: Int

    /// Standard deviation of a parameter's estimate; nil if there is none.
    public func deviation(_ index: Int) -> Double? {
      isDetermined[index] ? covariance[index * (parameters.count + 1)].squareRoot() : nil
    }
  }

  public let simulator: any EquationSimulator
  public var parameters: [Parameter]
  /// Channels whose errors are wrapped; all others if fewer are given.
  public var isAngle: [Bool]
  public var settings: Settings
  /// Told now and then how far it is.
  public var progress: @Sendable (String) -> Void = { _ in }
  public var isCancelled: @Sendable () -> Bool = { false }

  /// - Precondition: one parameter for each of the equation's.
  public init(
    _ simulator: any EquationSimulator, parameters: [Parameter], isAngle: [Bool] = [],
    settings: Settings = Settings()
  ) {
    precondition(parameters.count == simulator.parameterCount, "one for each parameter")
    self.simulator = simulator
    self.parameters = parameters
    self.isAngle = (0..<simulator.stateCount).map { $0 < isAngle.count && isAngle[$0] }
    self.settings = settings
  }

  var free: [Int] { parameters.indices.filter { !parameters[$0].isFixed } }

  /// - Throws: what the data lack; `noFit` if from no start the equation can be integrated.
  public func fit(_ records: [MeasuredRecord]) throws(IdentifyError) -> Result {
    let records = records.filter { $0.count >= 3 && $0.measurements > 0 }
    let measurements = records.reduce(0) { $0 + $1.measurements }
    let needed = 2 * (free.count + simulator.stateCount)
    guard measurements >= needed else {
      throw .tooLittleData(samples: measurements, needed: needed)
    }
    let isWhole = records.allSatisfy { !$0.isMeasured.contains(false) }
    var best = try chosenStart(records, isWhole: isWhole)
    var problem = best.problem
    let lengths = isWhole ? windowLengths(records) : [Int.max]
    for (index, length) in lengths.enumerated() {
      progress("windows of \(length == .max ? "whole records" : "\(length) samples")")
      let isLast = index == lengths.count - 1
      if isWhole {
        problem = self.problem(records, samples: length, noise: problem.noise)
        best.result.point.starts = problem.measuredStarts()
      }
      // The noise weighs the errors and follows from them.
      for _ in 0..<(isLast ? 4 : 1) {
        guard !isCancelled() else { throw .cancelled }
        guard
          let result = LevenbergMarquardt(iterations: isLast ? 60 : 20).minimize(
            problem, from: best.result.point, isCancelled: isCancelled)
        else { throw .noFit(starts: best.tried) }
        best.result = result
        problem.noise = floored(problem.residualNoise(result.point), records)
      }
    }
    guard !isCancelled() else { throw .cancelled }
    return concluded(best, problem, measurements)
  }

  /// Lengths of the windows in samples, rising.
  private func windowLengths(_ records: [MeasuredRecord]) -> [Int] {
    let intervals = records.map { ($0.times[$0.count - 1] - $0.times[0]) / Double($0.count - 1) }
    let interval = intervals.sorted()[intervals.count / 2]
    let last =
      settings.window.map { max(2, Int(($0 / interval).rounded())) }
      ?? max(50, Int((1 / interval).rounded()))
    var lengths: [Int] = []
    var length = 2 * Self.shortWindow
    while 2 * length < last {
      lengths.append(length)
      length *= 3
    }
    return lengths + [last]
  }

  /// Samples of the windows that choose among starts.
  static let shortWindow = 8

  func problem(
    _ records: [MeasuredRecord], samples: Int, noise: [Double]
  ) -> ShootingProblem {
    ShootingProblem(
      simulator: simulator, windows: Window.windows(of: records, samples: samples),
      isAngle: isAngle, step: settings.step, free: free, bounds: parameters.map(\.bounds),
      noise: noise)
  }

  /// Noise that weighs: finite, and not so little that nothing else counts.
  func floored(_ noise: [Double], _ records: [MeasuredRecord]) -> [Double] {
    let scales = usualNoise(records)
    return zip(noise, scales).map { $0.isFinite ? max($0, 1e-4 * $1) : 1 }
  }

  /// A first guess: a share of each channel's scatter.
  func usualNoise(_ records: [MeasuredRecord]) -> [Double] {
    (0..<simulator.stateCount).map { c in
      let values = records.flatMap { record in
        stride(from: c, to: record.states.count, by: record.stateCount).map { record.states[$0] }
      }.filter(\.isFinite)
      guard !values.isEmpty else { return 1 }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance =
        values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      return max(0.05 * variance.squareRoot(), 1e-9)
    }
  }
}
