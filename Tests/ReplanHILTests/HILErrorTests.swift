import ReplanHIL
import ReplanWire
import Testing

@Suite struct HILErrorTests {
  static let path = "/dev/ttyUSB7"

  /// Every error says where it happened, what was found, and what to do.
  @Test(arguments: [
    (HILError.noDevice(path: path), [path, "replan ports"]),
    (.notAllowed(path: path), [path, "dialout"]),
    (.busy(path: path), [path, "close that program"]),
    (.notAPort(path: path, reason: "odd"), [path, "odd", "replan ports"]),
    (.cannotConfigure(path: path, baud: 12, reason: "odd"), [path, "12 baud", "choose"]),
    (.cannotList(reason: "odd"), ["odd"]),
    (.vanished(path: path, reason: "odd"), [path, "odd", "cable"]),
    (.silent(path: path, seconds: 5), [path, "5.0 s", "powered"]),
    (.noise(path: path, baud: 9600, bytes: 31), [path, "9600 baud", "31 bytes"]),
    (.firstVersion(path: path), [path, "MAVLink 1", "MAVLink 2"]),
    (.wrongVersion(path: path, found: 2), [path, "version 2", "replan.xml"]),
    (.noReply(path: path, what: "arming", tries: 6), [path, "arming", "6 tries", "PROTOCOL.md"]),
    (.refused(path: path, what: "arming", result: .denied), [path, "arming", "denied"]),
    (
      .channelMismatch(
        plant: "cart", wanted: ChannelCounts(observations: 4, actions: 2),
        found: ChannelCounts(observations: 5, actions: 1)),
      ["cart", "5 observation and 1 action", "4 observation and 2 action"]
    ),
    (.rateMismatch(plant: "cart", wanted: 50, found: 49), ["cart", "50.0 Hz", "49.0 Hz"]),
    (.resetUnfinished(path: path, seconds: 60), [path, "60.0 s"]),
    (.unusable(path: path, notFinite: 7, wrongCount: 3), [path, "7 had", "not finite", "3 "]),
    (.stopped(path: path), [path, "stopped"]),
  ])
  func saysWhatIsWrongAndWhere(error: HILError, parts: [String]) {
    for part in parts {
      #expect(error.description.contains(part), "\(error.description) lacks \(part)")
    }
  }
}
