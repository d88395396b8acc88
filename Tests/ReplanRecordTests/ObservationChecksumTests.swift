import Testing

@testable import ReplanRecord

@Suite struct ObservationChecksumTests {
  private func checksum(_ records: [ObservationRecord]) -> UInt32 {
    var checksum = ObservationChecksum()
    for record in records { checksum.add(record) }
    return checksum.value
  }

  private let records = Samples.episode(ticks: 20).observations

  @Test func everythingThatThePlantSaidCounts() {
    let expected = checksum(records)
    let changes: [(inout ObservationRecord) -> Void] = [
      { $0.sequence += 1 }, { $0.actionSequence += 1 }, { $0.plantTime += 1 }, { $0.flags ^= 4 },
      { $0.cost = -1 }, { $0.values[1] = $0.values[1].nextUp },
    ]
    for change in changes {
      var altered = records
      change(&altered[11])
      #expect(checksum(altered) != expected)
    }
    #expect(checksum(records.reversed()) != expected)
    #expect(checksum(Array(records.dropLast())) != expected)
  }

  @Test func theHostsClockDoesNot() {
    var later = records
    for i in later.indices { later[i].logTime += 1 }
    #expect(checksum(later) == checksum(records))
  }

  /// The file widens values, which makes every NaN a quiet one.
  @Test func aSignallingNaNCountsAsTheFileHoldsIt() {
    var original = records
    original[3].values[0] = Float(nan: 5, signaling: true)
    var read = original
    read[3].values[0] = Float(Double(original[3].values[0]))
    #expect(checksum(read) == checksum(original))
  }
}
