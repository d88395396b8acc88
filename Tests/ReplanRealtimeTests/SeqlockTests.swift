import Glibc
import Synchronization
import Testing

@testable import ReplanRealtime

@Suite struct SeqlockTests {
  /// A lock and the words that it guards.
  private final class Block: @unchecked Sendable {
    // SAFETY: unchecked, because the lock under test tells the reader of mixtures.
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 64 + 800, alignment: 64)
    let lock: Seqlock
    let words: UnsafeMutablePointer<Int>
    static let count = 100

    init() {
      memory.initializeMemory(as: UInt8.self, repeating: 0, count: 864)
      lock = Seqlock(at: memory)
      words = (memory + 64).bindMemory(to: Int.self, capacity: Block.count)
    }

    deinit { memory.deallocate() }

    func write(_ value: Int) {
      lock.publish { for i in 0..<Block.count { words[i] = value } }
    }

    func read() -> (number: UInt64, values: [Int])? {
      var values: [Int] = []
      values.reserveCapacity(Block.count)
      let number = lock.copy { for i in 0..<Block.count { values.append(words[i]) } }
      return number.map { ($0, values) }
    }
  }

  @Test func nothingIsThereBeforeTheFirst() {
    let block = Block()
    #expect(block.read() == nil)
    block.write(7)
    #expect(block.read()?.number == 1)
    #expect(block.read()?.values == [Int](repeating: 7, count: Block.count))
    block.write(8)
    #expect(block.read()?.number == 2)
  }

  @Test func aCopyDuringAPublicationIsNone() {
    let block = Block()
    block.write(1)
    block.lock.publish { #expect(block.read() == nil) }
    #expect(block.read() != nil)
  }

  @Test func aPublicationDuringACopyVoidsIt() {
    let block = Block()
    block.write(1)
    #expect(block.lock.copy { block.write(2) } == nil)
    #expect(block.read()?.number == 2)
  }

  @Test func noMixtureIsTakenForWhole() throws {
    let block = Block()
    block.write(1)
    let isOver = Atomic<Bool>(false)
    let writer = try RealtimeThread<Void>.start(ThreadOptions(name: "writer", priority: nil)) { _ in
      var value = 1
      while !isOver.load(ordering: .relaxed) {
        value += 1
        block.write(value)
        // Without a pause a reader would never get in between.
        usleep(20)
      }
    }
    var whole = 0
    var last = 0
    while whole < 2000 {
      guard let (_, values) = block.read() else { continue }
      whole += 1
      let isEqual = values.allSatisfy { $0 == values[0] }
      #expect(isEqual)
      #expect(values[0] >= last)
      last = values[0]
      if !isEqual { break }
    }
    isOver.store(true, ordering: .relaxed)
    writer.join()
  }
}
