import ReplanRobot
import Testing

@Suite struct LinkBudgetTests {
  @Test func framesOfFullLengthAtTenBitsAByte() {
    // 12 bytes of framing, 22 of fixed fields, 4 for each channel; 13 more when signed.
    let cartPole = LinkBudget(observations: 4, actions: 1, baud: 921_600)
    #expect(cartPole.bitsPerTick == 500 && cartPole.available == 737_280)
    let signed = LinkBudget(observations: 4, actions: 1, baud: 921_600, signed: true)
    #expect(signed.bitsPerTick == 630)
    // 16 actions outweigh one observation: 12 + 18 + 64 bytes.
    #expect(LinkBudget(observations: 1, actions: 16, baud: 9600).bitsPerTick == 940)
  }

  @Test func aRateThatTheLineCannotCarryNamesTheNumbersAndTheLargestRate() throws {
    let found = try faults(of: minimal("link: {baud: 19200}"))
    #expect(
      found.map(\.description) == [
        "robot.yaml:2:7: rate: found 50 Hz, which needs 21000 bit/s in one direction (420 bits a "
          + "tick), allowed at most 36.5 Hz: 80 % of link.baud 19200 is 15360 bit/s"
      ])
    let slower = minimal.replacing("rate: 50", with: "rate: 36.5") + "link: {baud: 19200}\n"
    #expect(try faults(of: slower).isEmpty)
  }

  @Test func theBoundaryItselfIsAllowed() throws {
    // 420 bits a tick at 50 Hz are 80 % of 26250 bit/s.
    #expect(try faults(of: minimal("link: {baud: 26250}")).isEmpty)
    #expect(try faults(of: minimal("link: {baud: 26249}")).map(\.key) == ["rate"])
  }

  @Test func otherFaultsOfTheLinkDoNotHideIt() throws {
    let found = try faults(of: minimal("link: {baud: 1200, timeout: 0}"))
    #expect(found.map(\.key) == ["rate", "link.timeout"])
    #expect(found[0].allowed.hasPrefix("at most 2.2 Hz"))
  }
}
