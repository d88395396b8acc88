import Foundation
import Testing

@testable import ReplanSigning

/// Key files as a user may have them.
@Suite struct KeyFileTests {
  private let path = FileManager.default.temporaryDirectory
    .appending(path: "key-\(UUID().uuidString)").path
  private let raw: [UInt8] = (0..<32).map { 200 &+ $0 }

  private func read(_ content: [UInt8], mode: mode_t = 0o600) throws -> [UInt8] {
    try Data(content).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(chmod(path, mode) == 0)
    return try SigningKey(path: path).bytes
  }

  private func failure(_ content: [UInt8], mode: mode_t = 0o600) throws -> SigningError? {
    do {
      _ = try read(content, mode: mode)
      return nil
    } catch let error as SigningError {
      return error
    }
  }

  @Test func bytesAndDigitsAreKeys() throws {
    #expect(try read(raw) == raw)
    #expect(try read(raw, mode: 0o400) == raw)
    let digits = hex(raw)
    for text in [digits, digits + "\n", digits + "\r\n", digits.uppercased() + "\n"] {
      #expect(try read([UInt8](text.utf8)) == raw)
    }
    // Bytes that happen to be a line's end are a key's.
    let odd = [UInt8](repeating: 0x0A, count: 32)
    #expect(try read(odd) == odd)
  }

  @Test(arguments: [0o644, 0o640, 0o604, 0o660, 0o602, 0o700, 0o4600] as [mode_t])
  func othersMustNotReadOrChangeIt(mode: mode_t) throws {
    let error = try failure(raw, mode: mode)
    #expect(error == .openToOthers(path: path, mode: mode))
    let words = try #require(error?.description)
    #expect(words.contains("`chmod 600 \(path)`"))
    #expect(words.contains("0\(String(mode, radix: 8))"))
  }

  @Test func anotherUserMustNotOwnIt() throws {
    var theirs = "/etc/passwd"
    if geteuid() == 0 {
      try Data(raw).write(to: URL(filePath: path))
      #expect(chmod(path, 0o600) == 0 && chown(path, 12_345, 12_345) == 0)
      theirs = path
    }
    defer { try? FileManager.default.removeItem(atPath: path) }
    let owner: UInt32 = geteuid() == 0 ? 12_345 : 0
    let error = #expect(throws: SigningError.self) { try SigningKey(path: theirs) }
    #expect(error == .otherOwner(path: theirs, owner: owner))
    #expect(error?.description.contains("chmod 600 \(theirs)") == true)
  }

  @Test(arguments: [0, 1, 31, 33, 63, 65, 1000, 5000]) func otherLengthsAreNoKeys(
    count: Int
  ) throws {
    let error = try failure([UInt8](repeating: 0x61, count: count))
    guard case .wrongLength(_, let bytes) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(count <= 1000 ? bytes == count : bytes > 1024)
    #expect(error?.isAboutContent == true)
  }

  @Test func whatIsNoDigitIsNamed() throws {
    var digits = [UInt8](hex(raw).utf8)
    digits[10] = UInt8(ascii: "g")
    #expect(try failure(digits) == .notHexadecimal(path: path, position: 11))
  }

  @Test func zerosAreNoKey() throws {
    #expect(try failure([UInt8](repeating: 0, count: 32)) == .allZero(path: path))
    #expect(try failure([UInt8](repeating: 0x30, count: 64)) == .allZero(path: path))
  }

  @Test func whatIsNoFileIsRefused() throws {
    let missing = #expect(throws: SigningError.self) { try SigningKey(path: path) }
    #expect(missing == .noFile(path: path))
    #expect(missing?.isAboutContent == false)
    let folder = #expect(throws: SigningError.self) { try SigningKey(path: "/tmp") }
    #expect(folder == .unreadable(path: "/tmp", reason: "not a file"))
    // A pipe that nobody writes to must not be waited for.
    #expect(mkfifo(path, 0o600) == 0)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let pipe = #expect(throws: SigningError.self) { try SigningKey(path: path) }
    #expect(pipe == .unreadable(path: path, reason: "not a file"))
  }
}
