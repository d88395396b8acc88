import Foundation
import Glibc

/// Why a file of a workspace could not be written or read.
public enum RecordError: Error, Equatable, Sendable {
  /// The operating system refused `operation` on the file; `code` is its errno.
  case file(path: String, operation: String, code: Int32)
  /// The content at byte `offset` is not what the format asks for.
  case damaged(path: String, offset: Int, reason: String)
  /// An episode holds what no recorder has written, although its checksums are right.
  case altered(path: String, reason: String)
  /// A table of text is not one from `line` on.
  case table(path: String, line: Int, reason: String)
  /// Columns of a table and channels of a robot do not go together.
  case mapping(reason: String)
  /// The caller's values do not fit the format; nothing was written.
  case refused(path: String, reason: String)
  /// The episode or journal was closed before.
  case closed(path: String)
  /// Another process holds the workspace; 0 if it left no process id.
  case locked(path: String, process: Int)
  /// The workspace belongs to a robot that is described differently.
  case otherRobot(path: String, stored: String, given: String)
  /// An episode tells no cost, but the robot's objective asks for a learned one.
  case noCost(path: String)
  /// The folder holds files that are not a workspace's.
  case notAWorkspace(path: String, found: String)
}

extension RecordError: CustomStringConvertible {
  /// What is wrong, with which file, and what to do.
  public var description: String {
    switch self {
    case .file(let path, let operation, let code):
      "\(path): cannot \(operation): \(String(cString: strerror(code))). \(Self.advice(for: code))"
    case .damaged(let path, let offset, let reason):
      "\(path): damaged at byte \(offset): \(reason). Take the file from a copy, or move it "
        + "out of the workspace; the others do not depend on it."
    case .altered(let path, let reason):
      "\(path): altered since it was recorded: \(reason). Take the file from a copy."
    case .table(let path, let line, let reason):
      "\(path):\(line): \(reason)."
    case .mapping(let reason):
      reason + "."
    case .refused(let path, let reason):
      "\(path): refused: \(reason)."
    case .closed(let path):
      "\(path): is closed already; open a new file for what follows."
    case .locked(let path, let process):
      "\(path): in use by "
        + (process > 0 ? "process \(process)" : "another process")
        + ". Wait for it, end it, or use another --workspace."
    case .otherRobot(let path, let stored, let given):
      "\(path): belongs to robot \(stored), but the robot given is \(given)"
        + (stored == given ? " with another description" : "")
        + ". Use another --workspace, or --fresh to move this one aside and start anew."
    case .noCost(let path):
      "\(path): holds no measured cost (OBSERVATION.cost), but the robot's objective has a "
        + "learned_cost. Record with a plant that sends its cost, or take learned_cost out of the "
        + "robot file."
    case .notAWorkspace(let path, let found):
      "\(path): is no workspace: it has no robot.yaml, but holds \(found). "
        + "Name an empty or new folder by --workspace."
    }
  }

  private static func advice(for code: Int32) -> String {
    switch code {
    case ENOSPC, EDQUOT: "The disk is full: free some space, or use a --workspace on another disk."
    case EACCES, EPERM: "Check the owner and permissions of the file and its folder."
    case EROFS: "The file system is read-only: use a --workspace elsewhere."
    case ENOENT: "Check the path."
    case EEXIST: "It is never overwritten: choose another name, or move it away."
    case ENOTDIR, EISDIR: "Name a folder where a folder is expected, and a file otherwise."
    case EIO: "The disk reports a fault: check its cable and health."
    case EMFILE, ENFILE: "Too many files are open: raise the limit (ulimit -n)."
    default: "Check that the disk is present and writable."
    }
  }
}

extension RecordError {
  /// The error of the system call that failed just now.
  static func system(_ operation: String, _ path: String) -> RecordError {
    .file(path: path, operation: operation, code: errno)
  }
}
