import Foundation
import Glibc
import Testing

@testable import ReplanRecord

@Suite struct FilesTests {
  @Test func anAtomicWriteReplacesTheWholeFileAndLeavesNothingBeside() throws {
    let folder = try TemporaryFolder()
    try Files.writeAtomically(Array("a long old content".utf8), to: folder.file("f"))
    try folder.write([1], "f.tmp")
    try Files.writeAtomically([1, 2], to: folder.file("f"))
    #expect(try Files.read(folder.file("f")) == [1, 2])
    #expect(try Files.names(in: folder.path) == ["f"])
  }

  @Test func anAtomicWriteThatFailsKeepsTheOldFile() throws {
    let folder = try TemporaryFolder()
    try Files.makeFolder(folder.file("f/inside"))
    #expect(throws: RecordError.self) { try Files.writeAtomically([1], to: folder.file("f")) }
    #expect(try Files.names(in: folder.file("f")) == ["inside"])
  }

  @Test func aWriteThatIsTakenBackLeavesNoTrace() throws {
    let folder = try TemporaryFolder()
    let file = try OutputFile(creating: folder.file("f"))
    try file.write([1, 2, 3, 4])
    try file.truncate(to: 2)
    try file.write([5])
    #expect(try Files.read(folder.file("f")) == [1, 2, 5])
    #expect(try Files.read(folder.file("f"), last: 2) == [2, 5])
  }

  @Test func anErrorNamesTheFileAndWhatToDo() {
    let advice: [(Int32, String)] = [
      (ENOSPC, "disk is full"), (EACCES, "permissions"), (EROFS, "read-only"),
      (ENOENT, "Check the path"), (EEXIST, "never overwritten"), (EIO, "disk reports a fault"),
    ]
    for (code, text) in advice {
      let error = RecordError.file(path: "w/e.mcap", operation: "write", code: code)
      #expect(error.description.hasPrefix("w/e.mcap: cannot write: "))
      #expect(error.description.contains(text))
    }
  }

  /// The check value of CRC-32 and SHA-256 of "abc" (FIPS 180-4).
  @Test func checksumsHaveTheirKnownValues() {
    let digits = Array("123456789".utf8)
    #expect(Checksum.crc32(digits) == 0xCBF4_3926)
    #expect(
      Checksum.crc32(digits, in: 4..<9, continuing: Checksum.crc32(digits, in: 0..<4))
        == 0xCBF4_3926)
    #expect(Checksum.crc32([]) == 0)
    #expect(
      Checksum.sha256(Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func packedChunksUnpackOnlyToTheirOwnSize() {
    let bytes = [UInt8](repeating: 7, count: 5000) + [1, 2, 3]
    let packed = Zstandard.compress(bytes)
    #expect(packed.count < 100)
    #expect(Zstandard.decompress(packed, size: 5003) == bytes)
    #expect(Zstandard.decompress(packed, size: 5004) == nil)
    #expect(Zstandard.decompress(packed, size: 5002) == nil)
    #expect(Zstandard.decompress(packed, size: .max) == nil)
    #expect(Zstandard.decompress([1, 2, 3], size: 3) == nil)
  }
}
