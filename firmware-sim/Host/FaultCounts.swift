import Glibc
import ReplanFaults

/// The file that says how often each fault has acted: one JSON object a line, in the order of the
/// fault file.
final class FaultCounts {
  private let file: UnsafeMutablePointer<FILE>

  /// Opened before anything moves, so that what cannot be written is told at once.
  init(path: String) throws(HostError) {
    guard let file = fopen(path, "we") else { throw .log(path, code: errno) }
    self.file = file
  }

  func write(_ faults: FaultInjection) {
    for (fault, acted) in zip(faults.schedule.faults, faults.acted) {
      // A fault's name needs no escapes.
      fputs("{\"fault\":\"\(fault.name)\",\"line\":\(fault.line),\"acted\":\(acted)}\n", file)
    }
    fclose(file)
  }
}
