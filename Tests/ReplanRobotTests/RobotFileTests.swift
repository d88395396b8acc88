import Foundation
import Testing

@testable import ReplanRobot

@Suite struct RobotFileTests {
  private func fault(of path: String) throws -> RobotError {
    do {
      _ = try RobotDescription.load(path: path)
    } catch {
      return error
    }
    Issue.record("\(path) describes no robot")
    throw CancellationError()
  }

  /// What loading a file of these bytes says, with FILE for its path; nil if it describes a robot.
  private func complaint(about bytes: Data) throws -> String? {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "robot-\(UUID().uuidString).yaml").path
    try bytes.write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    do {
      _ = try RobotDescription.load(path: path)
      return nil
    } catch {
      return error.description.replacing(path, with: "FILE")
    }
  }

  @Test func missingFilesAndFoldersAreUnreadable() throws {
    let missing = try fault(of: "/nowhere/robot.yaml")
    #expect(
      missing.description
        == "/nowhere/robot.yaml: found no such file or directory, allowed a readable file")
    guard case .unreadable = missing else {
      Issue.record("a missing file is unreadable")
      return
    }
    #expect(try fault(of: "/").description == "/: found a folder, allowed a robot file")
  }

  @Test func devicesAreNotRead() throws {
    #expect(try fault(of: "/dev/zero").description.contains("no regular file"))
  }

  @Test func tooLargeFilesAreRefusedBeforeTheyAreParsed() throws {
    let tenMegabytes = Data(repeating: UInt8(ascii: "a"), count: 10 << 20)
    let expected = "found more than 256 KiB, allowed a robot file of at most 256 KiB"
    #expect(try complaint(about: tenMegabytes) == "FILE: " + expected)
    #expect(try faults(of: String(repeating: "#", count: 300_000)).count == 1)
  }

  @Test func bytesThatAreNotTextNameTheirLine() throws {
    let bytes = Data("name: a\nrate: 5\nunit: ".utf8) + [0xFF, 0x0A]
    #expect(
      try complaint(about: bytes)
        == "FILE:3:1: found bytes that are not UTF-8, allowed UTF-8 text")
  }

  @Test func anEmptyFileIsAFault() throws {
    #expect(
      try complaint(about: Data()) == "FILE:1:1: found nothing, allowed a robot description")
  }

  @Test func theSourceIsTheFile() throws {
    let robot = try RobotDescription.load(path: Shipped.path("cart-pole"))
    #expect(robot.source == (try Shipped.text("cart-pole")))
  }

  @Test func windowsLinesAndAByteOrderMarkAreFine() throws {
    let windows = minimal.replacing("\n", with: "\r\n")
    #expect(try complaint(about: Data(windows.utf8)) == nil)
    #expect(try complaint(about: Data("\u{FEFF}\(minimal)".utf8)) == nil)
  }

  @Test func faultsEncodeForMachines() throws {
    let fault = Fault(
      file: "robots/x.yaml", line: 12, column: 7, key: "action[0].safe", found: "12",
      allowed: "-10...10")
    #expect(
      fault.description == "robots/x.yaml:12:7: action[0].safe: found 12, allowed -10...10")
    let data = try JSONEncoder().encode(fault)
    #expect(try JSONDecoder().decode(Fault.self, from: data) == fault)
    #expect(RobotError.invalid([fault, fault]).description == "\(fault)\n\(fault)")
  }
}
