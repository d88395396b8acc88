internal import CRealtime

/// The processors of this machine that the process may use.
public enum Processors {
  /// Their numbers, rising, as the calling thread may use them.
  public static var allowed: [Int] {
    var numbers = [Int32](repeating: 0, count: 1024)
    let found = crealtime_allowed_cpus(&numbers, Int32(numbers.count))
    return numbers.prefix(Int(found)).map(Int.init)
  }
}
