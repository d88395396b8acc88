import ArgumentParser
import ReplanIdentify

/// How a linear model is fitted to recordings.
struct LinearFitOptions: ParsableArguments {
  @Option(
    help: """
      The way to a linear model: \(Method.names). arx: least squares on one-step errors; oe: on \
      simulation errors; n4sid: subspace identification; dmdc: dynamic mode decomposition of a \
      measured state; auto: all are tried.
      """)
  var method: Method = .auto

  @Option(
    parsing: .upToNextOption,
    help: """
      Orders of a linear model to choose from, by the simulation of held-out parts. (default: all \
      that fit)
      """)
  var order: [Int] = []

  @Option(help: "Samples by which actions come into force later, beyond the robot's latency.")
  var inputDelay = 0

  @Flag(help: "Make a linear model stable that is not, and tell what was done.")
  var stable = false

  enum Method: String, ExpressibleByArgument, CaseIterable {
    case auto, arx, oe, n4sid, dmdc

    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
  }

  func check() throws {
    if order.contains(where: { $0 < 1 }) {
      throw ValidationError("--order takes numbers of 1 or more.")
    }
    if inputDelay < 0 {
      throw ValidationError("--input-delay is \(inputDelay); 0 or more is allowed.")
    }
  }

  func identification() -> LinearIdentification {
    var result = LinearIdentification()
    if let chosen = LinearMethod(rawValue: method.rawValue) { result.methods = [chosen] }
    result.orders = order
    result.inputDelay = inputDelay
    result.isStable = stable
    return result
  }
}
