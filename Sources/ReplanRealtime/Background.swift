internal import CRealtime
import Glibc

/// Keeps a program out of the way of a control loop that another one runs.
public final class Background {
  private let allowed = Processors.allowed
  private var avoided: Int?
  private var threads: Set<Int32> = []

  /// How much less than others of ordinary scheduling this program gets.
  static let niceness: Int32 = 10

  public init() {}

  /// Has all threads of this program give way to others, and leave a processor to them; nil to use all.
  ///
  /// A processor that is the only one is used all the same. Both are properties of each thread: those
  /// that start later are told by a later call.
  public func avoid(_ processor: Int?) {
    let wanted = Self.rest(of: allowed, without: processor)
    let current = Self.threads()
    guard processor != avoided || current != threads else { return }
    for thread in current.subtracting(threads) {
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(thread), Self.niceness)
    }
    if processor != nil || avoided != nil {
      var cpus = wanted.map { Int32($0) }
      for thread in current {
        // A thread that has ended meanwhile is no failure.
        crealtime_restrict_to_cpus(thread, &cpus, Int32(cpus.count))
      }
    }
    (avoided, threads) = (processor, current)
  }

  static func rest(of processors: [Int], without processor: Int?) -> [Int] {
    let others = processors.filter { $0 != processor }
    return others.isEmpty ? processors : others
  }

  private static func threads() -> Set<Int32> {
    guard let folder = opendir("/proc/self/task") else { return [] }
    defer { closedir(folder) }
    var result: Set<Int32> = []
    while let entry = readdir(folder) {
      // SAFETY: the system ends d_name with a zero byte; it is copied before the next readdir.
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let number = Int32(name) { result.insert(number) }
    }
    return result
  }
}
