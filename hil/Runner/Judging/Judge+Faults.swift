/// What was done to plant and controller.
extension Judge {
  /// Whether the faults have acted; by name, all of that name together.
  func faultsAct(_ recording: Recording, _ name: String?, _ count: Int) -> Finding {
    let faults = recording.faults.filter { name == nil || $0.name == name }
    guard !faults.isEmpty else { return (count == 0, "there is none") }
    let words = faults.map { "\($0.name) \($0.acted == 0 ? "never" : "\($0.acted)")" }
    let least =
      name == nil ? faults.map(\.acted).min() ?? 0 : faults.map(\.acted).reduce(0, +)
    return (least >= count, words.joined(separator: ", "))
  }
}
