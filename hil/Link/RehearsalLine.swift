import Glibc
import ReplanWire

/// A line with nobody at its end: what a plant would send is there beforehand, what is sent to it is
/// lost.
///
/// A loop that has run on it has met every page of its code before it runs beside a moving machine.
public final class RehearsalLine {
  public let link: Link
  private let far: Int32
  private var frameSequence: UInt8 = 0

  /// Makes the line, a pseudo-terminal; the link has heard the plant's heartbeat once it is read.
  ///
  /// - Throws: `notAPort` if the system has no pseudo-terminal to give.
  public init(channels: ChannelCounts) throws(HILError) {
    var (far, near): (Int32, Int32) = (-1, -1)
    guard openpty(&far, &near, nil, nil, nil) == 0 else {
      throw .notAPort(path: "a pseudo-terminal", reason: systemMessage(errno))
    }
    self.far = far
    var name = [CChar](repeating: 0, count: 128)
    let code = ttyname_r(near, &name, name.count)
    guard code == 0 else {
      close(near)
      close(far)
      throw .notAPort(path: "a pseudo-terminal", reason: systemMessage(code))
    }
    let path = name.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    do throws(HILError) {
      defer { close(near) }
      link = try Link(path: path, baud: 0)
    } catch {
      close(far)
      throw error
    }
    link.channels = channels
    add(.heartbeat(.plant(armed: true)))
  }

  deinit { close(far) }

  /// Puts a sample on the line, armed and with these values.
  ///
  /// - Returns: whether there was room for it.
  @discardableResult
  public func add(sequence: UInt32, values: InlineArray<32, Float>) -> Bool {
    add(
      .observation(
        ObservationMessage(
          timeMicroseconds: UInt64(sequence) * 1000, sequence: sequence, actionSequence: 0,
          flags: .armed, count: UInt8(link.channels?.observations ?? 0), values: values)))
  }

  @discardableResult
  private func add(_ message: Message) -> Bool {
    let frame = Frame(message, sequence: frameSequence, source: .plant)
    frameSequence &+= 1
    var bytes = [UInt8](repeating: 0, count: Frame.maximumLength)
    return bytes.withUnsafeMutableBytes { buffer in
      let count = frame.encode(into: buffer)
      return Glibc.write(far, buffer.baseAddress, count) == count
    }
  }
}
