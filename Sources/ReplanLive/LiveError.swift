public import ReplanRecord
public import ReplanRobot

/// Why a session cannot be watched.
public enum LiveError: Error, Sendable, CustomStringConvertible {
  case record(RecordError)
  case robot(RobotError)
  /// The folder is not there, or holds no workspace.
  case noWorkspace(path: String)
  /// An address of `--listen` that is none.
  case address(String)
  /// An address that others can reach, without a token.
  case noToken(address: String)
  /// A token that is too short, or holds what an address of a page cannot.
  case token(String)
  case cannotListen(address: String, port: UInt16, reason: String)

  public var description: String {
    switch self {
    case .record(let error): error.description
    case .robot(let error): error.description
    case .noWorkspace(let path):
      "\(path): holds no workspace (no robot.yaml); name the folder that `replan learn` or "
        + "`replan run` works in, such as workspaces/cart_pole"
    case .address(let text):
      "--listen is \(text); an IP address is allowed, such as 192.168.1.20, 0.0.0.0 or ::"
    case .noToken(let address):
      "--listen \(address) can be reached by others, who could stop the robot: give a secret by "
        + "--token TEXT, or --token new to have one made"
    case .token(let reason):
      "--token \(reason); give 16 to 128 letters, digits, - or _, or `new` to have one made"
    case .cannotListen(let address, let port, let reason):
      "cannot listen on \(address), port \(port): \(reason); choose another --port, or 0 for any "
        + "that is free"
    }
  }
}
