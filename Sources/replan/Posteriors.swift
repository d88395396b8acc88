import ArgumentParser
import Foundation
import ReplanLearn
import ReplanRealtime
import ReplanRecord
import ReplanRobot

struct Posteriors: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare the ways in which an ensemble's members come about, on held-out recordings.",
    discussion: """
      Example: replan posteriors --robot robots/cart-pole.yaml --data w/episodes/0001.mcap \
      w/episodes/0002.mcap --validate w/episodes/0003.mcap

      Each posterior is fitted to the recordings of --data as learn and refit would, and judged on \
      those of --validate over one tick: nll is the negative log-likelihood of a transition under the \
      mixture of the members, in nats (less is better); the next three columns are the shares inside \
      central intervals of 50, 90 and 99 %; calib. is their mean distance from what they should be; \
      auroc is how well the members' disagreement tells states outside of the data from held-out ones \
      (0.5 nothing, 1 all); edge is the same for held-out transitions of regions at the edge of the \
      data that were kept from another fit, and edge nll their likelihood; error, disagree and noise are \
      in units of the usual change over a tick. \
      docs/POSTERIORS.md has measured ones.
      """)

  @Option(
    help: "The robot's description, a YAML file.", completion: .file(extensions: ["yaml"]))
  var robot: String

  @Option(
    parsing: .upToNextOption, help: "Recordings to fit to: files or folders.", completion: .file())
  var data: [String]

  @Option(
    name: .customLong("validate"), parsing: .upToNextOption,
    help: "Recordings to judge on: files or folders.", completion: .file())
  var records: [String]

  @Option(
    name: .customLong("posterior"), parsing: .upToNextOption,
    help: """
      Those to compare. (default: \
      \(ModelDescription.Posterior.allCases.map(\.rawValue).joined(separator: " ")))
      """)
  var posteriors: [ModelDescription.Posterior] = []

  @Option(help: "Members, instead of the robot file's.")
  var members: Int?

  @Option(help: "Steps of gradient descent, instead of the robot file's.")
  var steps: Int?

  @Option(help: "The first seed.")
  var seed: UInt64 = 1

  @Option(help: "Fits of each posterior, by seeds one after the other.")
  var repetitions = 1

  @OptionGroup(title: "Tables") var table: SeriesOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if data.isEmpty { throw ValidationError("Name recordings to fit to by --data.") }
    if records.isEmpty { throw ValidationError("Name recordings to judge on by --validate.") }
    if !(1...1000).contains(repetitions) {
      throw ValidationError("--repetitions is \(repetitions); 1 to 1000 is allowed.")
    }
    if let steps, !(1...1_000_000).contains(steps) {
      throw ValidationError("--steps is \(steps); 1 to 1000000 is allowed.")
    }
    if let members, !(2...16).contains(members) {
      throw ValidationError("--members is \(members); 2 to 16 is allowed.")
    }
  }

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      let robot = try RobotDescription.load(path: robot)
      let identification = IdentificationRun(
        robot: robot, map: try ColumnMap(table.map), table: table.settings(for: robot),
        emit: { event in console.object(event) }, progress: { console.redraw($0.text) })
      let fitted = try identification.read(data, role: "data").transitions
      let heldOut = try identification.read(records, role: "validate").transitions
      var comparison = PosteriorComparison(robot: robot)
      if !posteriors.isEmpty { comparison.posteriors = posteriors.map { Posterior($0) } }
      comparison.seeds = (0..<UInt64(repetitions)).map { seed &+ $0 }
      comparison.steps = steps
      comparison.members = members
      var rows = Table([
        "<posterior", "seed", "nll", "error", "in 50 %", "in 90 %", "in 99 %", "calib.", "auroc",
        "edge", "edge nll", "disagree", "noise", "fit s",
      ])
      try comparison.run(fitted: fitted, heldOut: heldOut) { finding in
        console.object(finding)
        rows.add(finding.row)
      } progress: {
        console.redraw($0)
      }
      console.clear()
      guard !console.isJSON else { return nil }
      console.result(
        "\(fitted.count) transitions fitted to, \(heldOut.count) to judge on")
      for line in rows.lines { console.result(line) }
      return nil
    }
  }
}

extension PosteriorComparison.Finding {
  /// The cells of the table.
  fileprivate var row: [String] {
    func share(_ value: Double) -> String { String(format: "%.1f %%", 100 * value) }
    return [
      posterior, "\(seed)", Table.number(likelihood, 3), Table.number(error, 4),
      share(coverage50), share(coverage90), share(coverage99), Table.number(calibrationError, 3),
      detection.map { Table.number($0, 3) } ?? "-",
      withheldDetection.map { Table.number($0, 3) } ?? "-",
      withheldLikelihood.map { Table.number($0, 2) } ?? "-", Table.number(epistemic, 4),
      Table.number(aleatoric, 4), Table.number(seconds, 2),
    ]
  }
}
