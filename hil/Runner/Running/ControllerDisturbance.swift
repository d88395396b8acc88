import Foundation
import Glibc
import ReplanLoop
import Synchronization

/// Makes the controller's own faults happen while an episode runs.
///
/// It is told of the episode's progress on the recorder's thread, so that a stall of that thread is
/// real, and the disk fills between two writes of it.
final class ControllerDisturbance: Sendable {
  /// A fault that begins while the episode runs.
  private struct Pending {
    /// Its place in the scenario's list.
    var index: Int
    var tick: Int
    var fault: ControllerFault
  }

  private struct State {
    var pending: [Pending]
    var acted: [Int]
  }

  private let state: Mutex<State>
  /// Ends the threads that are still computing.
  private let isOver = Atomic<Bool>(false)
  private let computing = Atomic<Int>(0)
  private let path: @Sendable () -> String?

  /// - Parameter path: of the episode's file, once there is one.
  init(_ faults: [ControllerFault], rate: Double, path: @escaping @Sendable () -> String?) {
    let pending = faults.enumerated().compactMap { index, fault -> Pending? in
      switch fault {
      case .recorderStall(let at, _), .diskFull(let at), .cpuHog(_, let at, _):
        Pending(index: index, tick: Int(at * rate), fault: fault)
      case .plannerLate, .modelMissing, .modelCorrupt: nil
      }
    }
    state = Mutex(State(pending: pending, acted: faults.map { _ in 0 }))
    self.path = path
  }

  /// How often each of the faults has happened, in their order; not those that are made elsewhere.
  var acted: [Int] { state.withLock { $0.acted } }

  /// To be called on the recorder's thread, with the ticks that it has taken so far.
  func advance(to ticks: Int) {
    let due = state.withLock { state in
      let due = state.pending.filter { $0.tick <= ticks }
      state.pending.removeAll { $0.tick <= ticks }
      return due
    }
    // A stall last: it holds up the others.
    for item in due.sorted(by: { !$0.fault.isStall && $1.fault.isStall }) {
      guard act(item.fault) else { continue }
      state.withLock { $0.acted[item.index] += 1 }
    }
  }

  private func act(_ fault: ControllerFault) -> Bool {
    switch fault {
    case .cpuHog(let threads, _, let seconds):
      for _ in 0..<threads { compute(seconds: seconds) }
      return true
    case .diskFull: return path().map { Self.fillDisk(under: $0) > 0 } ?? false
    case .recorderStall(_, let seconds):
      usleep(UInt32(seconds * 1e6))
      return true
    case .plannerLate, .modelMissing, .modelCorrupt: return false
    }
  }

  /// Threads that are computing now.
  var hogs: Int { computing.load(ordering: .relaxed) }

  func end() { isOver.store(true, ordering: .relaxed) }

  private func compute(seconds: Double) {
    computing.add(1, ordering: .relaxed)
    let thread = Thread { [self] in
      defer { computing.subtract(1, ordering: .relaxed) }
      let end = Date(timeIntervalSinceNow: seconds)
      var value = 1.0
      while !isOver.load(ordering: .relaxed), Date() < end {
        for _ in 0..<10_000 { value = value * 1.000_000_1 + 1e-9 }
        if value > 1e100 { value = 1 }
      }
    }
    thread.stackSize = 1 << 18
    thread.start()
  }

  /// Puts /dev/full in the place of this process's open file: every write to it finds no room.
  ///
  /// - Returns: how many descriptors of the file were open.
  @discardableResult
  static func fillDisk(under path: String) -> Int {
    let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
    guard full >= 0 else { return 0 }
    defer { close(full) }
    let wanted = URL(filePath: path).resolvingSymlinksInPath().path
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    var count = 0
    for name in open {
      guard let descriptor = Int32(name),
        let target = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/self/fd/\(name)"),
        target == wanted
      else { continue }
      dup2(full, descriptor)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      count += 1
    }
    return count
  }
}

extension ControllerFault {
  fileprivate var isStall: Bool {
    if case .recorderStall = self { true } else { false }
  }
}
