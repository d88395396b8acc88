import Glibc
import Testing

@testable import ReplanRealtime

@Suite struct StartUpPagesTests {
  @Test func mappingsAreRead() {
    let mappings = StartUpPages.mappings()
    #expect(mappings.count > 10)
    #expect(mappings.allSatisfy { $0.start < $0.end })
    // Where this very code lies.
    let code = mappings.filter { $0.isFile && !$0.isWritable && $0.residentBytes > 0 }
    #expect(!code.isEmpty)
    var local = 0
    let stack = withUnsafePointer(to: &local) { UInt(bitPattern: $0) }
    let own = mappings.first { $0.start <= stack && stack < $0.end }
    #expect(own != nil && own!.isWritable && !own!.isUnchangedFile)
  }

  @Test func aLineThatIsNoMappingIsNone() {
    #expect(StartUpPages.Mapping("Rss:                 128 kB\n") == nil)
    #expect(StartUpPages.Mapping("VmFlags: rd ex mr mw me sd\n") == nil)
    let mapping = StartUpPages.Mapping("7f00-7f10 r-xp 00000000 08:01 42    /usr/lib/libc.so.6\n")
    #expect(mapping?.start == 0x7f00 && mapping?.end == 0x7f10 && mapping?.isFile == true)
    #expect(StartUpPages.Mapping("7f00-7f10 rw-p 00000000 00:00 0 \n")?.isFile == false)
  }

  /// Giving back shrinks the process, and everything still works: the pages come again.
  @Test func pagesThatNobodyChangedAreGivenBack() {
    func resident() -> Int {
      StartUpPages.mappings().filter(\.isUnchangedFile).map { Int($0.residentBytes) }.reduce(0, +)
    }
    // Other tests bring them in again meanwhile.
    let hasShrunk = (0..<20).contains { _ in
      let before = resident()
      return StartUpPages.giveBack() > 0 && resident() < before
    }
    #expect(hasShrunk)
    #expect("\(Double.pi)".hasPrefix("3.14"))
  }
}
