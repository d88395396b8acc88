/// What is wrong with a key file.
public enum SigningError: Error, Equatable, Sendable {
  case noFile(path: String)
  case unreadable(path: String, reason: String)
  case otherOwner(path: String, owner: UInt32)
  case openToOthers(path: String, mode: UInt32)
  /// At most 1024 and some bytes were read.
  case wrongLength(path: String, bytes: Int)
  /// `position` counts from 1.
  case notHexadecimal(path: String, position: Int)
  case allZero(path: String)

  /// Whether the file's content is at fault, rather than the file.
  public var isAboutContent: Bool {
    switch self {
    case .noFile, .unreadable, .otherOwner, .openToOthers: false
    case .wrongLength, .notHexadecimal, .allZero: true
    }
  }
}

extension SigningError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noFile(let path):
      "\(path): no such key file; make one with "
        + "`(umask 077; head -c 32 /dev/urandom > \(path))` and give the plant the same"
    case .unreadable(let path, let reason):
      "\(path): the key cannot be read (\(reason)); --key names a file with a key"
    case .otherOwner(let path, let owner):
      "\(path): the key belongs to user \(owner), who could exchange it; take it over with "
        + "`sudo chown $USER \(path) && chmod 600 \(path)`"
    case .openToOthers(let path, let mode):
      "\(path): the key has mode 0\(String(mode, radix: 8)), so that others may have read or "
        + "changed it; protect it with `chmod 600 \(path)`, or make a new one"
    case .wrongLength(let path, let bytes):
      "\(path): \(bytes > 1024 ? "more than 1024" : "\(bytes)") bytes are no key, which is 32 bytes "
        + "or 64 hexadecimal digits; make one with "
        + "`(umask 077; head -c 32 /dev/urandom > \(path))`"
    case .notHexadecimal(let path, let position):
      "\(path): character \(position) is no hexadecimal digit; a key is 32 bytes or 64 of these "
        + "digits"
    case .allZero(let path):
      "\(path): the key is all zeros, which everybody can guess; make one with "
        + "`(umask 077; head -c 32 /dev/urandom > \(path))`"
    }
  }
}
