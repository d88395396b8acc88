import Foundation
import ReplanCore
import ReplanRobot
import Synchronization
import Testing

@testable import ReplanBench

@Suite(.serialized)
struct BenchTests {
  private final class Events: Sendable {
    private let events = Mutex<[BenchEvent]>([])
    func append(_ event: BenchEvent) { events.withLock { $0.append(event) } }
    var all: [BenchEvent] { events.withLock { $0 } }
  }

  private static let twoJoints = """
    name: two_joints
    rate: 100
    observation:
      - {name: first, unit: rad, kind: angle}
      - {name: second, unit: m}
    action:
      - {name: torque, unit: N, min: -1, max: 3, safe: 0}
    objective: {terms: [{quadratic: second, weight: 1}]}
    planner: {kind: cem, horizon: 0.2, candidates: 64}
    model: {members: 2, hidden: [16], likelihood: gaussian}

    """

  @Test func givesEveryFigure() throws {
    let robot = try RobotDescription.parse(text: Self.twoJoints, file: "test")
    let events = try undisturbed(robot)
    var names: [String] = []
    var kinds: [String] = []
    for event in events.all {
      switch event {
      case .start(let start):
        names.append("start")
        #expect(start.robot == "two_joints" && start.processors > 0)
      case .peak(let peak):
        names.append("peak")
        #expect(peak.gflops > 0.1)
      case .network(let network):
        names.append("network")
        #expect(["4-16-4", "6-64-64-8"].contains(network.shape))
        #expect(network.peakShare > 0 && network.peakShare < 1.2)
      case .tick(let tick):
        names.append("tick")
        kinds.append(tick.planner)
        // The regulator follows the linearised plant, without a network.
        let hasRollouts = tick.planner != "lqr"
        #expect(tick.isOwn == (tick.planner == "cem") && (tick.evaluations > 0) == hasRollouts)
        #expect(tick.p50 <= tick.p90 && tick.p90 <= tick.p99 && tick.p99 <= tick.max)
        #expect((tick.peakShare > 0) == hasRollouts && tick.peakShare < 1.2 && tick.arenaBytes > 0)
        if tick.planner != "lqr" { #expect(tick.fallbacks == 0, "\(tick.planner)") }
        if tick.isOwn { #expect(tick.setting == "3 x 64 x 20") }
      case .refit(let refit):
        names.append("refit")
        #expect(refit.batch == 64 && refit.examplesMembers > 0)
      case .fitRate(let fit):
        names.append("fit")
        #expect(fit.result.fits == (fit.result.periodShare <= FitRate.share))
        #expect(fit.result.horizon <= fit.result.wantedHorizon && fit.planner == "cem")
      }
    }
    #expect(
      names == ["start", "peak", "network", "network"] + Array(repeating: "tick", count: 6)
        + ["refit"] + Array(repeating: "fit", count: Bench.rates.count))
    #expect(kinds == ["cem", "ilqr", "mppi", "shooting", "cem-ilqr", "lqr"])
  }

  /// What else runs here may have the processor while the peak is measured, and leave it to the
  /// networks after that: then once more.
  private func undisturbed(_ robot: RobotDescription) throws -> Events {
    for _ in 0..<5 {
      let events = Events()
      try Bench(robot: robot, effort: .quick, emit: events.append).run()
      let isSound = events.all.allSatisfy { event in
        switch event {
        case .network(let network): network.peakShare < 1.2
        case .tick(let tick): tick.peakShare < 1.2
        default: true
        }
      }
      if isSound { return events }
    }
    throw Disturbed()
  }

  private struct Disturbed: Error {}

  /// States are drawn where the guard lets them pass, so that ticks plan.
  @Test func ticksPlanForEveryPlanner() throws {
    let robot = try RobotDescription.standard()
    var configuration = robot.controllerConfiguration(seed: 1)
    for planner in PlannerConfiguration.every(horizon: 10) {
      configuration.planner = planner
      var bench = TickBench(configuration)
      let times = bench.measure(ticks: 120)
      #expect(times.count == 120)
      // An untrained network need not be controllable at the target.
      if planner.kind != "lqr" { #expect(times.fallbacks == 0, "\(planner.kind)") }
    }
  }

  @Test func theStandardRobotIsACartPole() throws {
    let robot = try RobotDescription.standard()
    #expect(robot.rate == 50 && robot.ensembleShape().words == "5-32-32-2")
    #expect(robot.plannerConfiguration().words == "2 x 32 x 50")
  }

  @Test func eventsAreFlatObjects() throws {
    let fit = FitRate(
      rate: 200, horizon: 100, wantedHorizon: 200, candidates: 64, iterations: 2, p50: 1000,
      p99: 1500, fits: true)
    let event = BenchEvent.fitRate(BenchEvent.Fit(planner: "ilqr", result: fit))
    let data = try JSONEncoder().encode(event)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["event"] as? String == "fit_rate" && object["rate_hz"] as? Int == 200)
    #expect(object["horizon_s"] as? Double == 0.5 && object["shortened"] as? Bool == true)
    #expect(object["period_share"] as? Double == 0.3)
  }

  @Test func fitsAreWrittenIntoTheFile() throws {
    let robot = try RobotDescription.parse(text: Self.twoJoints, file: "test")
    var edit = RobotFileEdit(text: Self.twoJoints, file: "test")
    let fit = FitRate(
      rate: 300, horizon: 40, wantedHorizon: 60, candidates: 80, iterations: 2, p50: 1, p99: 2,
      fits: true)
    try edit.apply(fit, to: robot)
    let changed = try edit.checked()
    #expect(changed.rate == 300 && changed.ticks(in: changed.planner.horizon) == 40)
    let planner = changed.plannerConfiguration()
    #expect(planner.candidates == 80 && planner.iterations == 2)
    #expect(
      edit.text.contains("planner: {kind: cem, iterations: 2, horizon: 0.1333, candidates: 80}"))
    // What is as it was is not touched.
    var same = RobotFileEdit(text: Self.twoJoints, file: "test")
    let unchanged = FitRate(
      rate: 100, horizon: 20, wantedHorizon: 20, candidates: 64, iterations: 3, p50: 1, p99: 2,
      fits: true)
    try same.apply(unchanged, to: robot)
    #expect(same.text == Self.twoJoints)
  }
}
