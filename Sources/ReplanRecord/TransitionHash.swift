extension TransitionSet {
  /// SHA-256 of the dimensions and of all values, in hexadecimal.
  ///
  /// The bytes are state and action count as 64-bit integers, then states, actions and next
  /// states, then the costs if there is any, all little-endian.
  public var dataHash: String {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt64(stateCount))
    bytes.append(littleEndian: UInt64(actionCount))
    bytes.append(littleEndian: states)
    bytes.append(littleEndian: actions)
    bytes.append(littleEndian: nextStates)
    // Without a cost the hash is that of transitions that know of none.
    if costs.contains(where: \.isFinite) { bytes.append(littleEndian: costs) }
    return Checksum.sha256(bytes)
  }
}
