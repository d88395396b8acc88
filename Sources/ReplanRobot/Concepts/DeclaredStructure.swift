/// What the robot file declares about the plant, so that it need not be learned.
public struct DeclaredStructure: Sendable, Equatable, Encodable {
  /// A velocity channel and the position channel that it integrates into.
  public struct SecondOrder: Sendable, Equatable, Encodable {
    public let position: String
    public let velocity: String
  }

  /// Channels, of both sorts, that change their sign in the mirrored plant.
  public let symmetry: [String]
  /// Observation channels that nothing depends on.
  public let invariant: [String]
  /// In the order of the names of the positions.
  public let secondOrder: [SecondOrder]
}

enum StructureKeys {
  static let symmetry = Key<[Located<String>]>(
    "symmetry", count: 0...48,
    "Channels whose signs flip in the mirrored plant, which obeys the same dynamics.")
  static let invariant = Key<[Located<String>]>(
    "invariant", count: 0...32,
    "Observation channels that nothing depends on; the model does not see them.")
  static let secondOrder = Key<Entries>(
    "second_order", channelsTo: .text(.name),
    "Pairs `position: velocity`; the model integrates the velocity instead of learning both.")

  static let section = Section([
    symmetry.descriptor, invariant.descriptor, secondOrder.descriptor,
  ])
}

extension DeclaredStructure {
  init?(_ fields: Fields, _ channels: ChannelTable, _ diagnostics: inout Diagnostics) {
    let symmetry = fields[StructureKeys.symmetry]
    let invariant = fields[StructureKeys.invariant]
    Self.checkRepetition(symmetry ?? [], &diagnostics)
    Self.checkRepetition(invariant ?? [], &diagnostics)
    for name in invariant ?? [] { _ = channels.observation(name, &diagnostics) }
    let undeclared = (symmetry ?? []).filter { !channels.isDeclared($0, &diagnostics) }
    // With a name missing, what it is the mirror of is not known.
    let isKnown = fields.isSound(StructureKeys.symmetry) && undeclared.isEmpty
    let mirrored = isKnown ? symmetry.map { Set($0.map(\.value)) } : nil

    guard let pairs = fields[StructureKeys.secondOrder] else { return nil }
    let positions = Set(pairs.entries.map(\.name.value))
    var secondOrder: [SecondOrder] = []
    for entry in pairs.entries {
      guard let velocity = Located<String>(entry.value) else { continue }
      Self.check(entry.name, velocity, positions, channels, &diagnostics)
      if let mirrored { Self.check(entry.name, velocity, mirrored: mirrored, &diagnostics) }
      secondOrder.append(SecondOrder(position: entry.name.value, velocity: velocity.value))
    }
    guard let symmetry, let invariant else { return nil }
    self.init(
      symmetry: symmetry.map(\.value), invariant: invariant.map(\.value),
      secondOrder: secondOrder.sorted { $0.position < $1.position })
  }

  private static func checkRepetition(
    _ names: [Located<String>], _ diagnostics: inout Diagnostics
  ) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name.value).inserted {
      diagnostics.add(name, found: "\(name.value) a second time", allowed: "each channel once")
    }
  }

  private static func check(
    _ position: Located<String>, _ velocity: Located<String>, _ positions: Set<String>,
    _ channels: ChannelTable, _ diagnostics: inout Diagnostics
  ) {
    _ = channels.observation(position, &diagnostics)
    guard let channel = channels.observation(velocity, &diagnostics) else { return }
    if positions.contains(velocity.value) {
      diagnostics.add(
        velocity, found: "\(velocity.value), itself a position",
        allowed: "a channel that is not the integral of another")
    }
    if channel[ObservationKeys.kind] == .angle {
      diagnostics.add(
        velocity, found: "\(velocity.value), an angle", allowed: "a velocity, of kind linear")
    }
  }

  private static func check(
    _ position: Located<String>, _ velocity: Located<String>, mirrored: Set<String>,
    _ diagnostics: inout Diagnostics
  ) {
    let names = [position.value, velocity.value]
    guard let named = names.first(where: mirrored.contains),
      let missing = names.first(where: { !mirrored.contains($0) })
    else { return }
    diagnostics.add(
      velocity, found: "\(named) in symmetry without \(missing)",
      allowed: "both or neither, as one is the integral of the other")
  }
}
