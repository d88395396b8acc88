import ReplanNumerics
import Testing

@testable import ReplanCore

/// One state at a time gives the bits that the lanes give.
@Suite struct EnsemblePointTests {
  @Test(arguments: EnsembleCorner.all)
  func aSingleStateHasTheBitsOfALane(corner: EnsembleCorner) {
    let (fixture, _) = corner.make()
    guard case .ensemble(let ensemble) = fixture.model else { return #expect(Bool(false)) }
    let (state, action) = fixture.points(vectors: 1)
    let mean = fixture.mean(state, action)
    let spread = fixture.disagreement(state, action)
    for lane in 0..<16 {
      let x = state.map { $0[lane] }
      let a = action.map { $0[lane] }
      var next = [Float](repeating: 0, count: x.count)
      ensemble.predictMean(point: x, a, into: &next)
      for i in x.indices { #expect(next[i].bitPattern == mean[i][lane].bitPattern) }
      let found = fixture.model.disagreement(point: x, a)
      #expect(found.bitPattern == spread[lane].bitPattern)
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func aStateThatIsNotFinitePredictsNothingFinite(value: Float) {
    let (fixture, _) = EnsembleCorner.all[5].make()
    guard case .ensemble(let ensemble) = fixture.model else { return #expect(Bool(false)) }
    let states = fixture.structure.stateCount
    let state = [Float](repeating: value, count: states)
    let action = [Float](repeating: 0, count: fixture.structure.actionCount)
    var next = [Float](repeating: 0, count: states)
    ensemble.predictMean(point: state, action, into: &next)
    for x in next { #expect(!x.isFinite) }
  }
}
