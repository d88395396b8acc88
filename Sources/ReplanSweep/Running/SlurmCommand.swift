import Foundation

/// One of Slurm's programs, run to its end.
enum SlurmCommand {
  /// - Parameter forgiving: words of an error that means nothing here.
  /// - Returns: standard output without the line's end; empty where an error was forgiven.
  /// - Throws: `missing` if the program is not there, `refused` with its own words.
  static func run(
    _ program: String, _ arguments: [String], forgiving: String? = nil
  ) throws(SweepError) -> String {
    guard let path = path(of: program) else {
      throw .missing(
        program: program,
        remedy: "install Slurm (on Debian: make slurm), or run with --engine local")
    }
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    do { try process.run() } catch {
      throw .refused(program: program, words: "\(error)")
    }
    // Its few words fit a pipe.
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      if let forgiving, complaint.contains(forgiving) { return "" }
      throw .refused(
        program: program, words: complaint.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    return said.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func path(of program: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
      .split(separator: ":")
    return folders.map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
