import Glibc
public import ReplanRealtime
public import ReplanRecord

/// What a live file says at one moment.
public struct LiveView: Sendable {
  public var shape: LiveShape
  public var head: LiveHead
  /// The state at which the newest plan starts [S], and the plan [horizon × A].
  public var planStart: [Float]
  public var plan: [Float]
  /// The newest ticks, oldest first.
  public var samples: [LiveSample]

  /// Who runs the session, or did.
  public var process: ProcessIdentity {
    ProcessIdentity(number: head.process, start: head.processStart)
  }
}

/// Reads a workspace's live file, also one that is replaced by a later session's.
///
/// It reads instead of mapping, so that nothing that happens to the file can end this program.
public final class LiveReader {
  private let path: String
  private var descriptor: Int32 = -1
  private var identity: (device: UInt64, node: UInt64)?
  private var shape: LiveShape?

  /// - Parameter workspace: its folder.
  public init(workspace: String) { path = LiveFile.path(workspace) }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// - Returns: nil if there is no live file, or a session just begins to write it.
  /// - Throws: `damaged` if the file is none of this version.
  public func view() throws(RecordError) -> LiveView? {
    guard try open(), let shape else { return nil }
    let layout = LiveLayout(shape)
    // A writer that is at it all the time still leaves most reads alone.
    for _ in 0..<1000 {
      guard let bytes = read(layout.viewBytes, at: 0) else { return nil }
      let before = count(bytes, LiveLayout.lock)
      guard before > 0, before.isMultiple(of: 2), count(at: LiveLayout.lock) == before else {
        usleep(50)
        continue
      }
      return view(bytes, shape, layout)
    }
    return nil
  }

  /// Who runs the session, whatever its writer is at: this never changes after its first word.
  ///
  /// - Returns: nil if there is no live file, or a session just begins to write it.
  /// - Throws: `damaged` if the file is none of this version.
  public func process() throws(RecordError) -> ProcessIdentity? {
    guard try open(), count(at: LiveLayout.lock) > 1,
      let bytes = read(MemoryLayout<LiveHead>.size, at: LiveLayout.head)
    else { return nil }
    let head = bytes.withUnsafeBytes { $0.loadUnaligned(as: LiveHead.self) }
    return ProcessIdentity(number: head.process, start: head.processStart)
  }

  /// The parameters of the model in use, if they are others than those of `known`.
  ///
  /// - Returns: their number and values; nil if there is nothing new.
  public func parameters(after known: UInt64) -> (number: UInt64, values: [Float])? {
    guard let shape, shape.parameterCount > 0 else { return nil }
    let before = count(at: LiveLayout.modelLock)
    guard before > 0, before.isMultiple(of: 2), before != known else { return nil }
    let size = shape.parameterCount * MemoryLayout<Float>.stride
    guard let bytes = read(size, at: LiveLayout(shape).parameters),
      count(at: LiveLayout.modelLock) == before
    else { return nil }
    let values = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    return (before, values)
  }

  /// Opens the file, or the one that has taken its place.
  private func open() throws(RecordError) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      forget()
      guard code == ENOENT else { throw .file(path: path, operation: "inspect", code: code) }
      return false
    }
    let found = (device: UInt64(status.st_dev), node: UInt64(status.st_ino))
    if descriptor >= 0, let identity, identity == found { return true }
    forget()
    descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw LiveFile.failure("open", path) }
    guard let bytes = read(MemoryLayout<LivePrologue>.size, at: 0) else { return false }
    let prologue = bytes.withUnsafeBytes { $0.loadUnaligned(as: LivePrologue.self) }
    // Just made and not yet written.
    if prologue.magic == 0 { return false }
    guard let shape = prologue.shape, Int(status.st_size) >= LiveLayout(shape).byteCount else {
      throw .damaged(
        path: path, offset: 0, reason: "it was written by another version of replan, or by none")
    }
    self.shape = shape
    identity = found
    return true
  }

  private func forget() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    identity = nil
    shape = nil
  }

  private func view(_ bytes: [UInt8], _ shape: LiveShape, _ layout: LiveLayout) -> LiveView {
    bytes.withUnsafeBytes { bytes in
      let head = bytes.loadUnaligned(fromByteOffset: LiveLayout.head, as: LiveHead.self)
      func floats(_ count: Int, at offset: Int) -> [Float] {
        (0..<count).map {
          bytes.loadUnaligned(
            fromByteOffset: offset + $0 * MemoryLayout<Float>.stride, as: Float.self)
        }
      }
      let kept = min(head.samples, UInt64(LiveLayout.sampleCount))
      let samples = (head.samples - kept..<head.samples).map { number in
        bytes.loadUnaligned(
          fromByteOffset: layout.samples
            + Int(number % UInt64(LiveLayout.sampleCount)) * MemoryLayout<LiveSample>.stride,
          as: LiveSample.self)
      }
      let stateBytes = shape.stateCount * MemoryLayout<Float>.stride
      return LiveView(
        shape: shape, head: head,
        planStart: floats(shape.stateCount, at: layout.plan),
        plan: floats(shape.horizon * shape.actionCount, at: layout.plan + stateBytes),
        samples: samples)
    }
  }

  private func count(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
    bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
  }

  private func count(at offset: Int) -> UInt64 {
    read(8, at: offset).map { count($0, 0) } ?? 0
  }

  /// nil if the file is shorter.
  private func read(_ count: Int, at offset: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = bytes.withUnsafeMutableBytes {
      pread(descriptor, $0.baseAddress, count, off_t(offset))
    }
    return got == count ? bytes : nil
  }
}
