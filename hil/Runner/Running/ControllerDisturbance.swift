import Foundation
import Glibc
import ReplanLoop
import Synchronization

/// Makes the controller's own faults happen while an episode runs.
///
/// It is told of the episode's progress on the recorder's thread, so that a stall of that thread is
/// real, and the disk fills between two writes of it.
final class ControllerDisturbance: Sendable {
  private struct State {
    var stalls: [(tick: Int, seconds: Double)] = []
    var fullAt: Int?
    var hogs: [(tick: Int, threads: Int, seconds: Double)] = []
  }

  private let pending: Mutex<State>
  /// Ends the threads that are still computing.
  private let isOver = Atomic<Bool>(false)
  private let path: @Sendable () -> String?
  private let rate: Double

  /// - Parameter path: of the episode's file, once there is one.
  init(_ faults: [ControllerFault], rate: Double, path: @escaping @Sendable () -> String?) {
    var state = State()
    for fault in faults {
      switch fault {
      case .recorderStall(let at, let seconds): state.stalls.append((Int(at * rate), seconds))
      case .diskFull(let at): state.fullAt = min(state.fullAt ?? .max, Int(at * rate))
      case .cpuHog(let threads, let at, let seconds):
        state.hogs.append((Int(at * rate), threads, seconds))
      case .plannerLate, .modelMissing, .modelCorrupt: break
      }
    }
    pending = Mutex(state)
    self.rate = rate
    self.path = path
  }

  /// To be called on the recorder's thread, with the ticks that it has taken so far.
  func advance(to ticks: Int) {
    let due = pending.withLock { state in
      let due = State(
        stalls: state.stalls.filter { $0.tick <= ticks },
        fullAt: state.fullAt.flatMap { $0 <= ticks ? $0 : nil },
        hogs: state.hogs.filter { $0.tick <= ticks })
      state.stalls.removeAll { $0.tick <= ticks }
      if due.fullAt != nil { state.fullAt = nil }
      state.hogs.removeAll { $0.tick <= ticks }
      return due
    }
    for hog in due.hogs {
      for _ in 0..<hog.threads { compute(seconds: hog.seconds) }
    }
    if due.fullAt != nil, let path = path() { Self.fillDisk(under: path) }
    for stall in due.stalls { usleep(UInt32(stall.seconds * 1e6)) }
  }

  func end() { isOver.store(true, ordering: .relaxed) }

  private func compute(seconds: Double) {
    let thread = Thread { [self] in
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
  static func fillDisk(under path: String) {
    let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
    guard full >= 0 else { return }
    defer { close(full) }
    let wanted = URL(filePath: path).resolvingSymlinksInPath().path
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    for name in open {
      guard let descriptor = Int32(name),
        let target = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/self/fd/\(name)"),
        target == wanted
      else { continue }
      dup2(full, descriptor)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
  }
}
