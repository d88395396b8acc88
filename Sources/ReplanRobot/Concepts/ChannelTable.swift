/// The channels that the file declares, for everything that refers to one by its name.
struct ChannelTable {
  private(set) var observations: [String: Fields] = [:]
  private(set) var actions: [String: Fields] = [:]
  /// In the order of the file.
  private(set) var observationNames: [String] = []
  private(set) var actionNames: [String] = []
  /// False if a channel's name has a fault: then a name that is not found may be that one.
  private var isComplete = true

  /// Reports names that are declared twice; observations and actions share one set of names.
  init(observations: [Fields]?, actions: [Fields]?, _ diagnostics: inout Diagnostics) {
    isComplete = observations != nil && actions != nil
    var first: [String: Position] = [:]
    for (fields, isAction) in (observations ?? []).map({ ($0, false) })
      + (actions ?? []).map({ ($0, true) })
    {
      // Both kinds of channel call it the same.
      guard let name = fields.located(ObservationKeys.name) else {
        isComplete = false
        continue
      }
      if let earlier = first[name.value] {
        diagnostics.add(
          name, found: "\(name.value), declared already in line \(earlier.line)",
          allowed: "a name of its own for each channel")
        continue
      }
      first[name.value] = name.position
      if isAction {
        self.actions[name.value] = fields
        actionNames.append(name.value)
      } else {
        self.observations[name.value] = fields
        observationNames.append(name.value)
      }
    }
  }

  /// The observation channel of this name, or nil, reported unless that would be a guess.
  func observation(_ name: Located<String>, _ diagnostics: inout Diagnostics) -> Fields? {
    if let fields = observations[name.value] { return fields }
    refuse(name, among: observationNames, "observation", &diagnostics)
    return nil
  }

  func action(_ name: Located<String>, _ diagnostics: inout Diagnostics) -> Fields? {
    if let fields = actions[name.value] { return fields }
    refuse(name, among: actionNames, "action", &diagnostics)
    return nil
  }

  /// True if any channel has the name; reported otherwise.
  func isDeclared(_ name: Located<String>, _ diagnostics: inout Diagnostics) -> Bool {
    if observations[name.value] != nil || actions[name.value] != nil { return true }
    refuse(name, among: observationNames + actionNames, "observation or action", &diagnostics)
    return false
  }

  private func refuse(
    _ name: Located<String>, among names: [String], _ kind: String,
    _ diagnostics: inout Diagnostics
  ) {
    guard isComplete else { return }
    diagnostics.add(
      name, found: Wording.quoted(name.value),
      allowed: "an \(kind) channel, " + Wording.choice(of: names, insteadOf: name.value))
  }
}
