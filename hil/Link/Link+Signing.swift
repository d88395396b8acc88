public import ReplanRealtime
import ReplanSigning

// The line is the port, or a thread that signs and verifies on it.
extension Link {
  func readLine(into bytes: UnsafeMutableRawBufferPointer) -> SerialPort.Transfer {
    if let signedLine { return signedLine.read(into: bytes) }
    return port.read(into: bytes)
  }

  func writeLine(_ bytes: UnsafeRawBufferPointer) -> SerialPort.Transfer {
    if let signedLine { return signedLine.write(bytes) }
    return port.write(bytes)
  }

  func waitForLine(nanoseconds: Int64) -> Bool {
    if let signedLine { return signedLine.wait(nanoseconds: nanoseconds) }
    return port.wait(nanoseconds: nanoseconds)
  }

  /// What the thread that signs asked of the system and did not get; nothing where frames are not signed.
  public var report: RealtimeReport { signedLine?.report ?? RealtimeReport() }

  var hasHeardVersion1: Bool {
    inbox.hasHeardVersion1 || signedLine?.figures.hasHeardVersion1 == true
  }

  /// What signatures have to do with it that there is no session, if they have.
  ///
  /// - Parameter isHeard: whether the plant's frames got through, and ours have no answer.
  func signatureFault(isHeard: Bool) -> HILError? {
    guard signing != nil else {
      return isHeard && hasHeardSigned ? .needsKey(path: path) : nil
    }
    let refused = counters.refusedFrames
    if isHeard { return nil }
    if refused.wrong > 0 { return .otherKey(path: path) }
    if refused.old > 0 || refused.replayed > 0 { return .oldSignatures(path: path) }
    return refused.unsigned > 0 ? .unsignedPlant(path: path) : nil
  }
}

extension SignedLineFigures {
  func add(to counters: inout Link.Counters) {
    // The link's own parser sees only what was let through.
    counters.frames = frames
    counters.refusedFrames = refused
    counters.bytesIn = bytesIn
    // Nor does it know when its frames go out.
    counters.bytesOut = bytesOut
    counters.framesOut = framesOut
  }
}
