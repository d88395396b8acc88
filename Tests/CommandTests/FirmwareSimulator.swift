import Foundation
import Testing

/// A plant that lives apart from `replan`: firmware-sim, or a script that misbehaves.
final class SeparatePlant {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var said = ""
  /// Where the plant's line is.
  let device: String

  /// firmware-sim, logging its samples to `plant.csv`.
  static func simulator(
    _ plant: String = "cart-pole", in folder: Folder, seed: Int = 1, key: String? = nil,
    resets: Bool = true
  ) throws -> SeparatePlant {
    let plant = try SeparatePlant(
      Places.program("firmware-sim"),
      [
        "--plant", plant, "--link", folder.file("plant"), "--log", folder.file("plant.csv"),
        "--seed", "\(seed)", "--until-eof",
      ] + (key.map { ["--key", $0] } ?? []) + (resets ? [] : ["--no-reset"]),
      device: folder.file("plant"))
    return plant
  }

  /// `scripted_plant.py` with a vice.
  static func scripted(_ vice: String, in folder: Folder) throws -> SeparatePlant {
    try SeparatePlant(
      Places.python(),
      [
        Places.script("scripted_plant.py"), Places.root + "/hil/replan.xml", folder.file("codec"),
        folder.file("plant"), vice,
      ], device: folder.file("plant"))
  }

  /// Whether a plant says in its heartbeat that it is armed.
  static func armedAfterwards(_ device: String, in folder: Folder) throws -> String {
    let process = Process()
    process.executableURL = try Places.python()
    process.arguments = [
      Places.script("scripted_plant.py"), Places.root + "/hil/replan.xml", folder.file("codec"),
      device, "listen",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private init(_ program: URL, _ arguments: [String], device: String) throws {
    self.device = device
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard line.hasPrefix("ready") else {
      throw Failure(description: "the plant is not ready: '\(line)'")
    }
  }

  /// Waits until a scripted plant says a word.
  func await(_ word: String) throws {
    while !said.split(separator: "\n").contains(where: { $0 == word }) {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { throw Failure(description: "the plant never said \(word): \(said)") }
      said += String(decoding: data, as: UTF8.self)
    }
  }

  deinit { end() }

  /// Ends it in order; its log is written then.
  func end() {
    try? input.fileHandleForWriting.close()
    if process.isRunning { process.waitUntilExit() }
  }

  /// Takes it away at once, as a pulled plug does.
  func vanish() {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}

/// The samples that a simulated plant logged.
struct SampleTable {
  private let columns: [String: Int]
  private let rows: [[Substring]]

  init(_ folder: Folder) throws {
    let lines = try folder.text("plant.csv").split(separator: "\n")
    let names = lines[0].split(separator: ",")
    columns = Dictionary(uniqueKeysWithValues: names.enumerated().map { ("\($1)", $0) })
    rows = lines.dropFirst().map { $0.split(separator: ",") }
  }

  func values(_ column: String) throws -> [Double] {
    let index = try #require(columns[column])
    return try rows.map { try #require(Double($0[index])) }
  }
}
