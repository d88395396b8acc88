import Foundation
import ReplanRobot
import Testing

@testable import ReplanSweep

/// A sweep's file is read whole, and every mistake is told with its line.
@Suite struct SweepSpecTests {
  /// In the repository this file lies two folders below the root.
  private static let file =
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "robots/sweeps/test.yaml").path

  private static func spec(_ text: String) throws -> SweepSpec {
    try SweepSpec.parse(text: text, file: file)
  }

  private static let text = """
    name: trial
    robots: [../cart-pole.yaml, ../pendulum.yaml]
    settings:
      model.members: [1, 3]
      model.refit.every: [0, 5]
    seeds: {from: 4, to: 6}
    max_experience: 12
    plant: {draw: false, seed: 9, noise: 2, actuation_delay: 1}
    """

  @Test func allCombinationsAreJobs() throws {
    let spec = try Self.spec(Self.text)
    #expect(spec.variants.count == 8 && spec.seeds == [4, 5, 6] && spec.jobs.count == 24)
    #expect(Set(spec.jobs.map(\.path)).count == 24 && Set(spec.jobs.map(\.identity)).count == 24)
    let job = spec.jobs[3]
    #expect(job.path == "jobs/cart_pole/model.members=1,model.refit.every=5/seed-4")
    #expect(
      job.options == [
        "--seed", "4", "--lockstep", "--max-experience", "12.0", "--plant-seed", "9", "--noise",
        "2.0", "--actuation-delay", "1",
      ])
    let robot = try RobotDescription.parse(text: job.robotText, file: "job")
    #expect(robot.model.members == 1 && robot.model.refit.every == 5)
  }

  @Test func seedsDrawPlantsUnlessTheFileSaysOtherwise() throws {
    let spec = try Self.spec("name: a\nrobots: [../pendulum.yaml]\nseeds: [3, 1]\n")
    #expect(spec.jobs.map(\.seed) == [3, 1] && spec.maximumExperience == 60)
    #expect(spec.jobs[0].options.contains("3") && spec.jobs[0].setting.label == "as it is")
    #expect(spec.jobs[0].options[4...].starts(with: ["60.0", "--plant-seed", "3"]))
  }

  @Test func shippedSweepIsRight() throws {
    let path = URL(filePath: Self.file).deletingLastPathComponent()
    for name in try FileManager.default.contentsOfDirectory(atPath: path.path)
    where name.hasSuffix(".yaml") {
      #expect(try !SweepSpec.load(path: path.appending(path: name).path).jobs.isEmpty)
    }
  }

  @Test func collectionsAndSectionsAreValuesToo() throws {
    let spec = try Self.spec(
      """
      name: a
      robots: [../cart-pole.yaml]
      settings:
        value: [expected, {pessimistic: 0.95}]
        planner.kind: [cem]
        model.hidden: [[16, 16], [32]]
      seeds: [1]
      """)
    #expect(spec.variants.count == 4)
    let robot = try RobotDescription.parse(text: spec.variants[3].text, file: "job")
    #expect(robot.value.name == "pessimistic" && robot.model.hidden == [32])
    // Words that no folder could bear.
    #expect(Set(spec.jobs.map(\.path)).count == 4)
    #expect(spec.jobs.allSatisfy { !$0.path.contains(" ") && !$0.path.contains("{") })
  }

  @Test(arguments: [
    ("name: trial", "name: Trial!", 1, "name"),
    ("../pendulum.yaml", "../pendulam.yaml", 2, "robots[1]"),
    ("../pendulum.yaml", "../cart-pole.yaml", 2, "robots[1]"),
    ("model.members: [1, 3]", "model.members: [1, 99]", 4, "settings.model.members"),
    ("model.members: [1, 3]", "model.membres: [1, 3]", 4, "settings.model.membres"),
    ("model.members: [1, 3]", "model.members: 3", 4, "settings.model.members"),
    ("model.members: [1, 3]", "model.members: [3, 3]", 4, "settings.model.members"),
    ("model.members: [1, 3]", "Model: [1, 3]", 4, "settings"),
    ("seeds: {from: 4, to: 6}", "seeds: {from: 4, to: 3}", 6, "seeds"),
    ("seeds: {from: 4, to: 6}", "seeds: {from: 4}", 6, "seeds"),
    ("seeds: {from: 4, to: 6}", "seeds: [1, 1]", 6, "seeds"),
    ("max_experience: 12", "max_experience: 0", 7, "max_experience"),
    ("max_experience: 12", "max_experiense: 12", 7, "max_experiense"),
    ("noise: 2", "noise: loud", 8, "plant.noise"),
    ("max_experience: 12", "command: refit", 7, "command"),
  ])
  func mistakesAreToldWithTheirLine(
    right: String, wrong: String, line: Int, key: String
  ) throws {
    let error = #expect(throws: RobotError.self) {
      try Self.spec(Self.text.replacing(right, with: wrong))
    }
    let fault = try #require(error?.faults.first { $0.line == line })
    #expect(fault.key == key && fault.file == Self.file)
  }

  @Test func allMistakesAreToldAtOnce() throws {
    let error = #expect(throws: RobotError.self) {
      try Self.spec(
        Self.text.replacing("[1, 3]", with: "[1, 99]").replacing("12", with: "0")
          .replacing("name: trial", with: "nam: trial"))
    }
    #expect(Set(try #require(error).faults.map(\.line)) == [1, 4, 7])
  }
}
