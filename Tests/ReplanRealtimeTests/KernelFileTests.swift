import Foundation
import Glibc
import Testing

@testable import ReplanRealtime

@Suite struct KernelFileTests {
  /// Many pages of lines: all of them are there, the last mapping made included.
  @Test func filesOfManyPagesAreReadToTheirEnd() throws {
    let page = Int(getpagesize())
    // Every other page unlike its neighbours, so that none of them are joined to one line.
    let count = 400
    let memory = try #require(
      mmap(nil, count * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
    try #require(memory != MAP_FAILED)
    defer { munmap(memory, count * page) }
    for i in stride(from: 0, to: count, by: 2) {
      try #require(mprotect(memory + i * page, page, PROT_READ | PROT_WRITE) == 0)
    }
    let lines = try #require(KernelFile.lines("/proc/self/maps"))
    #expect(lines.reduce(0) { $0 + $1.utf8.count } > 4 * 4096)
    for i in 0..<count {
      let start = String(UInt(bitPattern: memory + i * page), radix: 16)
      #expect(lines.contains { $0.hasPrefix(start + "-") }, "page \(i)")
    }
    #expect(!lines.contains { $0.hasSuffix("\n") || $0.isEmpty })
  }

  @Test func whatIsNotThereIsTold() {
    #expect(KernelFile.lines("/proc/no such file") == nil)
    #expect(KernelFile.lines("/proc") == nil)
  }

  @Test func lastLinesNeedNoBreak() throws {
    let path = NSTemporaryDirectory() + "kernel-file-\(UUID())"
    defer { unlink(path) }
    try Data("one\n\ntwo".utf8).write(to: URL(filePath: path))
    #expect(KernelFile.lines(path) == ["one", "", "two"])
  }
}
