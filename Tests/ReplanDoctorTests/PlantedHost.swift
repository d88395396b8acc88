import Foundation

@testable import ReplanDoctor

/// A folder that stands for the root of a machine, with the files that a test plants there.
final class PlantedHost {
  let path = NSTemporaryDirectory() + "replan-host-" + UUID().uuidString

  init(_ files: [String: String] = [:]) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try plant(files)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func plant(_ files: [String: String]) throws {
    for (name, text) in files {
      let file = URL(filePath: path + name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data((text + "\n").utf8).write(to: file)
    }
  }

  func folder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: path + name, withIntermediateDirectories: true)
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createDirectory(
      at: URL(filePath: path + name).deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: path + name, withDestinationPath: path + target)
  }

  func checks(
    priority: Int = 80, cpu: Int? = nil, period: Double = 0.02, device: String? = nil
  ) -> HostChecks {
    HostChecks(
      files: HostFiles(root: path), priority: priority, cpu: cpu, period: period, device: device)
  }
}
