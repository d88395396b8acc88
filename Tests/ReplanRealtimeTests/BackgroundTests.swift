import Testing

@testable import ReplanRealtime

/// Which processors are left. The priority is the whole process's: WatchTests look at that of a
/// program of its own.
@Suite struct BackgroundTests {
  @Test func theRestIsAllOthersOrAllThereAre() {
    #expect(Background.rest(of: [0, 1, 2], without: 1) == [0, 2])
    #expect(Background.rest(of: [0, 1], without: nil) == [0, 1])
    #expect(Background.rest(of: [3], without: 3) == [3])
    #expect(Background.rest(of: [0, 1], without: 7) == [0, 1])
  }
}
