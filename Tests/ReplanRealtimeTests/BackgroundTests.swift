import Foundation
import Testing

/// Priority and processors belong to the whole process, so a program of its own is looked at: the
/// test of `replan watch` in CommandTests. Here only the list of processors is checked.
@testable import ReplanRealtime

@Suite struct BackgroundTests {
  @Test func theRestIsAllOthersOrAllThereAre() {
    #expect(Background.rest(of: [0, 1, 2], without: 1) == [0, 2])
    #expect(Background.rest(of: [0, 1], without: nil) == [0, 1])
    #expect(Background.rest(of: [3], without: 3) == [3])
    #expect(Background.rest(of: [0, 1], without: 7) == [0, 1])
  }
}
