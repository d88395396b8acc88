import ReplanCore
import ReplanLoop
import Testing

@testable import ReplanScenarios

/// The words follow the enumerations, so that a case that is added can be expected at once.
@Suite struct WordTests {
  @Test func verdictsAreKeys() {
    #expect(Word.of(Verdict.planned) == "planned")
    #expect(Word.of(Verdict.outsideEnvelope) == "outside_envelope")
    #expect(Word.of(Verdict.notFinite) == "not_finite")
  }

  @Test func endsAreValues() {
    #expect(Word.of(LoopEnd.timeUp) == "time-up")
    #expect(Word.of(LoopEnd.silent) == "silent")
  }

  @Test func wordsAreDistinctAndComplete() {
    let verdicts = Word.verdicts.map { Word.of($0) }
    #expect(verdicts.contains("stale") && verdicts.contains("no_model"))
    #expect(Set(verdicts).count == verdicts.count)
    #expect(Set(Word.ends).count == LoopEnd.allCases.count + 1)
    #expect(Word.ends.contains("refused"))
  }
}
