internal import CRealtime

/// Requests to stop: SIGINT, SIGTERM and SIGHUP, counted instead of obeyed, and the emergency stop,
/// SIGQUIT.
///
/// Signal handlers belong to the process, so this is not a value of which there could be two.
/// A program installs it before it arms a plant, polls `requests` and `isEmergency` in every tick,
/// disarms, closes its files and restores the former handlers.
///
/// The first signal asks for an orderly end. A second one is an emergency stop, as is SIGQUIT (Ctrl-\,
/// or the live page's button) and a call of `requestEmergencyStop`: the loop disarms the plant in its next tick, whatever it was about to do,
/// and the session stays stopped.
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

  /// Whether the plant is to be stopped at once: by a second request, or by `requestEmergencyStop`.
  /// Once true it stays so.
  ///
  /// - Timing: two relaxed atomic loads.
  public static var isEmergency: Bool { crealtime_stop_is_emergency() }

  /// Asks for an emergency stop, from any thread, and as often as one likes.
  ///
  /// It is one of the `requests` too, so that what only waits for these ends as well; asked for before
  /// `install` it is kept.
  public static func requestEmergencyStop() { crealtime_stop_emergency() }

  /// The number of the last signal counted, nil if there was none.
  public static var lastSignal: Int32? {
    let signal = crealtime_stop_last_signal()
    return signal == 0 ? nil : signal
  }

  /// Gives the signals back to the handlers that were there before `install`.
  public static func restore() { crealtime_stop_restore() }

  /// Forgets all requests; for tests, which share a process.
  static func forget() { crealtime_stop_forget() }
}
