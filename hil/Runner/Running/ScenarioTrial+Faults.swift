import Foundation
import ReplanFaults
import ReplanRecord
import Synchronization

/// How often the faults of a scenario have acted, by their places in its lists.
struct FaultCounts: Sendable {
  var controller: [Int: Int] = [:]
  /// Of those that the link injects before a real plant.
  var injected: [Int] = []
}

extension ScenarioTrial {
  /// The faults, each with what whoever makes it has counted: the simulated plant, or our link; the
  /// disturbance of the controller, or the episode itself.
  ///
  /// - Parameter ticks: of the episode.
  func faults(ticks: [TickRecord]) -> [Recording.Fault] {
    let counts = counts.withLock { $0 }
    let plant = counts.injected.isEmpty ? simulated() : counts.injected
    let ofPlant = scenario.faults.faults.enumerated().map { index, fault in
      Recording.Fault(name: fault.name, acted: index < plant.count ? plant[index] : 0)
    }
    let ofController = scenario.controllerFaults.enumerated().map { index, fault in
      let acted =
        if case .plannerLate = fault {
          ticks.count { ticksWithoutPlanning.contains(Int($0.tick)) && $0.iterations == 0 }
        } else {
          counts.controller[index] ?? 0
        }
      return Recording.Fault(name: fault.name, acted: acted)
    }
    return ofPlant + ofController
  }

  /// Notes that a fault of the model file was made.
  func noteModelFault(_ kind: ControllerFault) {
    guard let index = scenario.controllerFaults.firstIndex(of: kind) else { return }
    counts.withLock { $0.controller[index, default: 0] += 1 }
  }

  /// The simulated plant's own account; empty if it has not come to write one.
  private func simulated() -> [Int] {
    struct Entry: Decodable {
      let acted: Int
    }
    guard let text = try? String(contentsOfFile: countsPath, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(Entry.self, from: Data($0.utf8)).acted
    }
  }
}
