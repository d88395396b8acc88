import Glibc

/// Why the simulation cannot start.
enum HostError: Error, CustomStringConvertible {
  /// The pseudo-terminal could not be had.
  case terminal(call: String, code: Int32)
  /// Something that is no symbolic link has the link's name.
  case linkOccupied(String)
  case link(String, code: Int32)
  case log(String, code: Int32)

  var description: String {
    switch self {
    case .terminal(let call, let code):
      "no pseudo-terminal: \(call): \(HostError.text(code)); is /dev/pts mounted?"
    case .linkOccupied(let path):
      "\(path) exists and is no symbolic link; choose another --link or remove it"
    case .link(let path, let code):
      "cannot create the link \(path): \(HostError.text(code)); --link names a path in a folder"
        + " that can be written to"
    case .log(let path, let code):
      "cannot write the log \(path): \(HostError.text(code))"
    }
  }

  private static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
