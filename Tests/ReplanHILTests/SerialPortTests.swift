import Foundation
import PlantTerminal
import ReplanWire
import Testing

@testable import ReplanHIL

@Suite(.serialized) struct SerialPortTests {
  func failure(_ path: String) -> HILError? {
    do {
      _ = try SerialPort(path: path, baud: 115_200)
      return nil
    } catch {
      return error
    }
  }

  @Test func aDeviceThatDoesNotExist() {
    #expect(failure("/dev/ttyNOT0") == .noDevice(path: "/dev/ttyNOT0"))
    #expect(failure("/dev/pts/99999") == .noDevice(path: "/dev/pts/99999"))
  }

  @Test func whatIsNoPortIsRefused() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data("no port".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    for path in [file.path, "/dev/null", "/tmp"] {
      guard case .notAPort = failure(path) else {
        Issue.record("\(path): \(failure(path) as Any)")
        continue
      }
    }
  }

  @Test func silenceIsNotTheEnd() throws {
    let terminal = Terminal()
    let port = try SerialPort(path: terminal.path, baud: 115_200)
    withUnsafeTemporaryAllocation(byteCount: 512, alignment: 8) { buffer in
      // Results are taken out first: the macros cannot hold a port that is not copyable.
      var read = port.read(into: buffer)
      #expect(read == .wouldBlock)
      var isReady = port.wait(nanoseconds: 1_000_000)
      #expect(!isReady)
      terminal.write([1, 2, 3])
      isReady = port.wait(nanoseconds: 500_000_000)
      #expect(isReady)
      read = port.read(into: buffer)
      #expect(read == .bytes(3))
      #expect(Array(buffer.prefix(3)) == [1, 2, 3])
      terminal.hangUp()
      isReady = port.wait(nanoseconds: 500_000_000)
      #expect(isReady)
      for transfer in [
        port.read(into: buffer), port.write(UnsafeRawBufferPointer(rebasing: buffer[..<1])),
      ] {
        guard case .gone = transfer else {
          Issue.record("a hung-up terminal must be gone, not \(transfer)")
          continue
        }
      }
    }
  }

  @Test func everyByteGetsThroughUnchanged() throws {
    let terminal = Terminal()
    let port = try SerialPort(path: terminal.path, baud: 9600)
    try exchangeAllBytes(port, terminal)
  }

  /// libserialport wants a symbolic link below sysfs' list of terminals, which a path with `..`
  /// provides, and modem control lines, which Interposed.swift plays in a child process.
  @Test func libserialportOpensARealPort() throws {
    guard Interposed.isActive else {
      let output = try Interposed.run(test: "libserialportOpensARealPort")
      #expect(output.contains("Test run with 1 test in 1 suite passed"), "\(output)")
      return
    }
    let terminal = Terminal()
    let link = FileManager.default.temporaryDirectory.appending(path: "tty-\(UUID().uuidString)")
    try FileManager.default.createSymbolicLink(
      atPath: link.path, withDestinationPath: terminal.path)
    defer { try? FileManager.default.removeItem(at: link) }
    // Below both /dev and /sys/class/tty this leads to the link.
    let path = "/dev/../../..\(link.path)"
    let descriptor = try SerialPort.openSerial(path, baud: 57_600)
    var settings = termios()
    #expect(tcgetattr(descriptor, &settings) == 0)
    #expect(cfgetospeed(&settings) == speed_t(B57600))
    let port = try SerialPort(descriptor: descriptor, path: path, baud: 57_600)
    #expect(tcgetattr(descriptor, &settings) == 0)
    #expect(cfgetospeed(&settings) == speed_t(B57600), "raw mode keeps the rate")
    try exchangeAllBytes(port, terminal)
  }

  @Test func portsCanBeListed() throws {
    for port in try SerialPort.list() {
      #expect(port.path.hasPrefix("/dev/"))
      #expect(!port.description.isEmpty)
    }
  }

  @Test func aLineThatIsNotReadDropsWholeFramesOnly() throws {
    let terminal = Terminal()
    let link = try Link(path: terminal.path, baud: 115_200)
    var sent = 0
    while link.counters.droppedFrames < 3 {
      if link.send(.heartbeat(.controller)) == .sent { sent += 1 }
    }
    var parser = FrameParser()
    var heartbeats = 0
    while heartbeats < sent {
      // What is read makes room, and the next frame first completes the one cut in half.
      let bytes = terminal.read(milliseconds: 0)
      if bytes.isEmpty && link.send(.heartbeat(.controller)) == .sent { sent += 1 }
      bytes.withUnsafeBytes { _ = parser.append($0) }
      while case let outcome = parser.next(), outcome.isProgress {
        if case .frame = outcome { heartbeats += 1 }
      }
    }
    #expect(parser.counters.badChecksums == 0 && parser.counters.skippedBytes == 0)
    #expect(parser.counters.lostFrames == 0)
  }

  private func exchangeAllBytes(_ port: borrowing SerialPort, _ terminal: Terminal) throws {
    let all = (0...255).map { UInt8($0) }
    terminal.write(all)
    var received: [UInt8] = []
    withUnsafeTemporaryAllocation(byteCount: 512, alignment: 8) { buffer in
      while received.count < 256 && port.wait(nanoseconds: 500_000_000) {
        guard case .bytes(let count) = port.read(into: buffer) else { return }
        received += buffer.prefix(count)
      }
    }
    #expect(received == all)
    let written = all.withUnsafeBytes { port.write($0) }
    #expect(written == .bytes(256))
    var back: [UInt8] = []
    while back.count < 256, case let more = terminal.read(milliseconds: 500), !more.isEmpty {
      back += more
    }
    #expect(back == all)
  }
}
