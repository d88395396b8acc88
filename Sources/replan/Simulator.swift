import Foundation
import ReplanPlants
import ReplanRobot
import Subprocess
import SystemPackage

/// firmware-sim as a child process, on a pseudo-terminal of its own.
struct Simulator: Sendable {
  var plant: String
  var seed: UInt64
  var noise: Double
  var actuationDelay: Int
  /// The plant measures its cost, for a robot that learns it.
  var sendsCost: Bool
  /// Names of the sensors that it sends; nil for all.
  var sensors: [String]?
  /// What goes wrong, in firmware-sim's words; nil for nothing.
  var faultPath: String?
  /// Where it says at its end how often each of that has happened.
  var faultCountsPath: String?
  /// Where its samples are logged; nil for nowhere.
  var logPath: String?
  /// The file with the key that both sides sign with.
  var key: String?

  /// Runs `body` with the path of the plant's line while the simulator is alive.
  ///
  /// The child is in a process group of its own, so that Ctrl-C reaches only us and the plant stays
  /// to be disarmed; it ends with the body, or with us.
  func run<Output: Sendable>(
    _ body: @escaping @Sendable (_ device: String) async throws -> Output
  ) async throws -> Output {
    let program = try Simulator.program()
    let name =
      "replan-\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0...UInt32.max))"
    // The simulator makes the link and removes it, also when this program is killed.
    let link = FileManager.default.temporaryDirectory.appending(path: name).path
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
    let outcome = try await Subprocess.run(
      .path(FilePath(program)), arguments: Arguments(arguments(link: link)),
      platformOptions: options, input: .inputWriter, output: .sequence,
      error: .currentStandardError
    ) { execution -> Result<Output, any Error> in
      var lines = execution.standardOutput.strings().makeAsyncIterator()
      guard let first = try await lines.next(), first.hasPrefix("ready") else {
        return .failure(Failure(.plant, "firmware-sim did not start; its own words are above"))
      }
      let result: Result<Output, any Error>
      do { result = .success(try await body(link)) } catch { result = .failure(error) }
      try await execution.standardInputWriter.finish()
      return result
    }
    return try outcome.closureResult.get()
  }

  /// Refuses a plant that firmware-sim does not have.
  ///
  /// - Parameter place: what names the plant.
  static func check(_ name: String, _ code: Code, _ place: String) throws {
    let known = (0..<PlantKind.count).compactMap { PlantKind(rawValue: $0) }.map { "\($0.name)" }
    guard known.contains(name) else {
      throw Failure(
        code,
        "\(place) names the simulated plant \(name); there are \(known.joined(separator: ", "))")
    }
  }

  /// The sensors of a plant that a robot reads, where it reads fewer than there are; nil for all.
  ///
  /// - Throws: where a channel is no sensor of the plant, so that it is not clear which are meant.
  static func sensors(of plant: String, for robot: RobotDescription) throws -> [String]? {
    let kinds = (0..<PlantKind.count).compactMap { PlantKind(rawValue: $0) }
    guard let facts = kinds.first(where: { "\($0.name)" == plant })?.facts else { return nil }
    let measured = robot.measuredIndices.map { robot.observation[$0].name }
    guard measured.count < facts.observationCount else { return nil }
    let known = (0..<facts.observationCount).map { "\(facts.sensors[$0].name)" }
    guard measured == known.filter(measured.contains) else {
      throw Failure(
        .data,
        "robot \(robot.name) measures \(measured.joined(separator: ", ")), and the simulated plant "
          + "\(plant) has the sensors \(known.joined(separator: ", ")): name those that are measured "
          + "as the plant does, in its order")
    }
    return measured
  }

  private func arguments(link: String) -> [String] {
    var arguments = [
      "--plant", plant, "--link", link, "--seed", "\(seed % (1 << 32))", "--noise", "\(noise)",
      "--actuation-delay", "\(actuationDelay)", "--until-eof",
    ]
    if sendsCost { arguments.append("--cost") }
    let named: [(String, String?)] = [
      ("--sensors", sensors?.joined(separator: ",")), ("--faults", faultPath),
      ("--fault-counts", faultCountsPath), ("--log", logPath), ("--key", key),
    ]
    for (name, value) in named {
      if let value { arguments += [name, value] }
    }
    return arguments
  }

  /// The program beside this one.
  private static func program() throws -> String {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let path = URL(filePath: own).deletingLastPathComponent().appending(path: "firmware-sim").path
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw Failure(.plant, "\(path): not there; build it with `make build`, or use --device PATH")
    }
    return path
  }
}
