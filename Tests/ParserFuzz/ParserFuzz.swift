// libFuzzer's entry: the parser in one module with this file, as `make fuzz` compiles them.

/// Feeds the bytes whole and in small pieces, and compares what comes out.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzParser(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = UnsafeRawBufferPointer(start: start, count: count)
  let whole = found(bytes, piece: 512)
  precondition(whole == found(bytes, piece: 1), "the frames depend on how the bytes are cut")
  precondition(whole == found(bytes, piece: 7), "the frames depend on how the bytes are cut")
  return 0
}

/// All frames as bytes; each is judged as it would be by a receiver, and taken for none every third
/// time, as when its signature is wrong.
private func found(_ bytes: UnsafeRawBufferPointer, piece: Int) -> [[UInt8]] {
  var parser = FrameParser()
  var frames: [[UInt8]] = []
  var copy = [UInt8](repeating: 0, count: Frame.maximumLength)
  var at = 0
  while at < bytes.count {
    let end = min(at + piece, bytes.count)
    var rest = UnsafeRawBufferPointer(rebasing: bytes[at..<end])
    at = end
    repeat {
      rest = parser.append(rest)
      while case let outcome = parser.next(), outcome.isProgress {
        guard case .frame(let frame) = outcome else { continue }
        let count = copy.withUnsafeMutableBytes { parser.copyLastFrame(into: $0) }
        frames.append(Array(copy[..<count]))
        check(frame)
        if frames.count % 3 == 0 { parser.reconsiderLastFrame() }
      }
    } while !rest.isEmpty
  }
  return frames
}

/// A frame can be encoded again, and is then found again.
private func check(_ frame: Frame) {
  _ = Message(frame)
  var again = [UInt8](repeating: 0, count: Frame.maximumLength)
  let count = again.withUnsafeMutableBytes {
    frame.encode(into: $0, leavingRoomToSign: frame.header.isSigned)
  }
  var parser = FrameParser()
  _ = again[..<count].withUnsafeBytes { parser.append($0) }
  guard case .frame(let second) = parser.next(), second.header == frame.header else {
    fatalError("a frame that was accepted is not found again")
  }
}
