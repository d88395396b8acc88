internal import CRealtime

/// Brackets code that must not allocate, lock or block, for RealtimeSanitizer to watch.
///
/// Linked with `-fsanitize=realtime`, the first forbidden call between `enter` and `exit` on this
/// thread ends the program with a report. Linked without, both are a comparison with null.
public enum RealtimeContext {
  /// Whether the sanitizer is part of this program.
  public static var isChecked: Bool { crealtime_is_checked() }

  /// Starts the watched part; calls nest.
  public static func enter() { crealtime_enter() }

  /// Ends the watched part that the last `enter` started.
  public static func exit() { crealtime_exit() }
}
