/// Simulates an equation over windows, with derivatives where they are wanted.
public protocol EquationSimulator: Sendable {
  var stateCount: Int { get }
  var actionCount: Int { get }
  var parameterCount: Int { get }

  /// The states at the samples `range` of a record, from an initial state at the first of them.
  ///
  /// - Shapes: parameters [P], start [S], result [sample × S].
  func simulate(
    _ record: MeasuredRecord, _ range: Range<Int>, parameters: [Double], start: [Double],
    step: Double
  ) -> [Double]

  /// The same, with the derivatives by the parameters of `free` and then by the initial state.
  ///
  /// - Shapes: slopes [sample × S × (F + S)].
  func linearize(
    _ record: MeasuredRecord, _ range: Range<Int>, parameters: [Double], free: [Int],
    start: [Double], step: Double
  ) -> (states: [Double], slopes: [Double])

  /// What is left over of the equation at a state with a known rate of change, with derivatives by the
  /// parameters of `free`.
  ///
  /// - Shapes: state, rate and left [S], slopes [S × F].
  func balance(
    state: [Double], rate: [Double], action: [Double], parameters: [Double], free: [Int]
  ) -> (left: [Double], slopes: [Double])
}

/// An equation, integrated by the classical Runge-Kutta method between the samples' own time stamps.
public struct RungeKuttaSimulator<E: IdentifiableEquation>: EquationSimulator {
  public init(_ equation: E.Type = E.self) {
    precondition(
      E.parameterCount + E.stateCount <= Dual.width,
      "parameters and states are \(Dual.width) together at most")
  }

  public var stateCount: Int { E.stateCount }
  public var actionCount: Int { E.actionCount }
  public var parameterCount: Int { E.parameterCount }

  public func simulate(
    _ record: MeasuredRecord, _ range: Range<Int>, parameters: [Double], start: [Double],
    step: Double
  ) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(range.count * E.stateCount)
    Self.integrate(record, range, parameters, start, step) { x in
      for i in 0..<E.stateCount { result.append(x[i]) }
    }
    return result
  }

  public func linearize(
    _ record: MeasuredRecord, _ range: Range<Int>, parameters: [Double], free: [Int],
    start: [Double], step: Double
  ) -> (states: [Double], slopes: [Double]) {
    var states: [Double] = []
    var slopes: [Double] = []
    let count = free.count + E.stateCount
    states.reserveCapacity(range.count * E.stateCount)
    slopes.reserveCapacity(range.count * E.stateCount * count)
    let first = start.enumerated().map { Dual($1, variable: free.count + $0) }
    Self.integrate(record, range, Self.variables(parameters, free), first, step) { x in
      for i in 0..<E.stateCount {
        states.append(x[i].value)
        for j in 0..<count { slopes.append(x[i].slope[j]) }
      }
    }
    return (states, slopes)
  }

  public func balance(
    state: [Double], rate: [Double], action: [Double], parameters: [Double], free: [Int]
  ) -> (left: [Double], slopes: [Double]) {
    let p = Self.variables(parameters, free)
    let x = state.map { Dual($0) }
    let left = [Dual](unsafeUninitializedCapacity: E.stateCount) { left, count in
      left.initialize(repeating: Dual(0))
      E.balance(at: x, known: rate, under: action, p, into: left.baseAddress!)
      count = E.stateCount
    }
    return (left.map(\.value), left.flatMap { dual in free.indices.map { dual.slope[$0] } })
  }

  private static func variables(_ parameters: [Double], _ free: [Int]) -> [Dual] {
    var result = parameters.map { Dual($0) }
    for (index, parameter) in free.enumerated() {
      result[parameter] = Dual(parameters[parameter], variable: index)
    }
    return result
  }

  /// Integrates with steps of at most `step` and hands out the state at each sample.
  private static func integrate<N: EquationNumber>(
    _ record: MeasuredRecord, _ range: Range<Int>, _ parameters: [N], _ start: [N],
    _ step: Double, _ visit: (UnsafePointer<N>) -> Void
  ) {
    let n = E.stateCount
    // State, argument of a stage, its rate, weighted sum of rates.
    withUnsafeTemporaryAllocation(of: N.self, capacity: 4 * n) { memory in
      memory.initialize(repeating: N(0))
      let x = memory.baseAddress!
      let (y, k, sum) = (x + n, x + 2 * n, x + 3 * n)
      for i in 0..<n { x[i] = start[i] }
      visit(x)
      for sample in range.dropLast() {
        let interval = record.times[sample + 1] - record.times[sample]
        // Time stamps are rounded, which must not cost a step.
        let steps = max(1, Int((interval / step - 1e-6).rounded(.up)))
        let h = interval / Double(steps)
        record.actions.withUnsafeBufferPointer { actions in
          let u = actions.baseAddress! + sample * record.actionCount
          for _ in 0..<steps {
            for i in 0..<n { y[i] = x[i] }
            for stage in 0..<4 {
              E.rate(at: y, under: u, parameters, into: k)
              let reach = stage == 2 ? h : 0.5 * h
              let weight: Double = stage == 0 || stage == 3 ? 1 : 2
              for i in 0..<n {
                sum[i] = stage == 0 ? k[i] : sum[i] + weight * k[i]
                y[i] = x[i] + reach * k[i]
              }
            }
            for i in 0..<n { x[i] = x[i] + (h / 6) * sum[i] }
          }
        }
        visit(x)
      }
    }
  }
}
