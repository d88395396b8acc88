import FirmwareSession
import Glibc
import ReplanPlants

/// One line a sample: what was true, what was measured, what was done.
final class SampleLog {
  private let file: UnsafeMutablePointer<FILE>
  private let observationCount: Int
  private let actionCount: Int

  /// - Parameter hasFaults: whether there is a column for the names of those that may act.
  init(path: String, facts: PlantFacts, hasFaults: Bool = false) throws(HostError) {
    guard let file = fopen(path, "we") else { throw .log(path, code: errno) }
    self.file = file
    observationCount = facts.observationCount
    actionCount = facts.actionCount
    // Written in large pieces: a slow disk must not hold up each sample.
    setvbuf(file, nil, Int32(_IOFBF), 1 << 18)
    var columns = ["time_s", "sequence"]
    for i in 0..<observationCount { columns.append("true_\(facts.sensors[i].name)") }
    for i in 0..<observationCount { columns.append("\(facts.sensors[i].name)") }
    for i in 0..<actionCount { columns.append("commanded_\(i)") }
    for i in 0..<actionCount { columns.append("applied_\(i)") }
    columns += ["action_sequence", "armed", "watchdog"]
    if hasFaults { columns.append("fault") }
    fputs(columns.joined(separator: ",") + "\n", file)
  }

  func write(_ sample: Sample, faults: [String]? = nil) {
    var line = "\(Double(sample.timeMicroseconds) * 1e-6),\(sample.sequence)"
    for i in 0..<observationCount { line += ",\(sample.state[i])" }
    for i in 0..<observationCount { line += ",\(sample.measured[i])" }
    for i in 0..<actionCount { line += ",\(sample.commanded[i])" }
    for i in 0..<actionCount { line += ",\(sample.applied[i])" }
    line += ",\(sample.commandedSequence),\(sample.isArmed ? 1 : 0),\(sample.isStarved ? 1 : 0)"
    if let faults { line += "," + faults.joined(separator: " ") }
    fputs(line + "\n", file)
  }

  func close() { fclose(file) }
}
