import Foundation
import Testing

extension CommandTests {
  /// A measured cart-pole: a shorter fit than that of `make identify-figures`, held against the same
  /// demands but for the one over 25 steps.
  @Suite(.serialized)
  struct MeasuredPlantTests {
    static let datasets = ProcessInfo.processInfo.environment["REPLAN_DATASETS"] ?? ""
    static let cartPole = datasets + "/cart-pole-physical"

    @Test(
      .enabled(
        if: FileManager.default.fileExists(atPath: cartPole),
        "no records of measured plants: name their folder by REPLAN_DATASETS"))
    func physicalCartPole() throws {
      let folder = try Folder()
      let run = try folder.replan(
        "identify", "--robot", Places.root + "/docs/identify/physical-cart-pole.yaml", "--map",
        "angleD=angle_velocity", "positionD=velocity", "Q=motor", "--data",
        Self.cartPole + "/train", "--validate", Self.cartPole + "/validate", "--history", "1",
        "--steps", "800", "--json")
      #expect(run.code == 0, "\(run.errors)")
      let events = try run.events()
      #expect(events.named("data").count == 122 + 65)
      let angle = events.named("validation").filter { $0.string("channel") == "angle" }
      #expect(angle.count == 5)
      #expect(angle[0].number("rmse") <= 0.0157, "rad, one step")
      #expect(angle[3].number("rmse") <= 0.30, "rad, 25 steps")
      for event in angle[0...3] {
        #expect((0.85...0.97).contains(event.number("coverage90")), "\(event)")
      }
      // Eight episodes have a jump of the encoder in their first samples.
      #expect(events.named("data").filter { $0.integer("spikes") > 0 }.count >= 8)
    }
  }
}
