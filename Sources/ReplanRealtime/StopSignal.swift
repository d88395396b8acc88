internal import CRealtime

/// Requests to stop: SIGINT, SIGTERM and SIGHUP, counted instead of obeyed.
///
/// Signal handlers belong to the process, so this is not a value of which there could be two.
/// A program installs it before it arms a plant, polls `requests` in every tick, disarms, closes
/// its files and restores the former handlers. What a second request means is for the program to
/// say; restoring after the first makes the second one fatal.
public enum StopSignal {
  /// Starts counting from zero. Does nothing if it is installed already.
  ///
  /// A SIGHUP that is ignored at the time (nohup) stays ignored.
  ///
  /// - Throws: `RealtimeError.stopSignal` if the kernel refuses a handler.
  public static func install() throws(RealtimeError) {
    let code = crealtime_stop_install()
    if code != 0 { throw .stopSignal(code: code) }
  }

  /// How often the process has been asked to stop since `install`.
  ///
  /// - Timing: one relaxed atomic load.
  public static var requests: Int { Int(crealtime_stop_requests()) }

  /// The number of the last signal counted, nil if there was none.
  public static var lastSignal: Int32? {
    let signal = crealtime_stop_last_signal()
    return signal == 0 ? nil : signal
  }

  /// Gives the signals back to the handlers that were there before `install`.
  public static func restore() { crealtime_stop_restore() }
}
