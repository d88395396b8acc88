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
    guard let symmetry = fields[StructureKeys.symmetry],
      let invariant = fields[StructureKeys.invariant],
      let pairs = fields[StructureKeys.secondOrder]
    else { return nil }
    Self.checkRepetition(symmetry, &diagnostics)
    Self.checkRepetition(invariant, &diagnostics)
    for name in symmetry { _ = channels.isDeclared(name, &diagnostics) }
    for name in invariant { _ = channels.observation(name, &diagnostics) }
    let mirrored = Set(symmetry.map(\.value))
    let positions = Set(pairs.entries.map(\.name.value))
    var secondOrder: [SecondOrder] = []
    for entry in pairs.entries {
      guard let velocity = Located<String>(entry.value) else { continue }
      Self.check(entry.name, velocity, positions, mirrored, channels, &diagnostics)
      secondOrder.append(SecondOrder(position: entry.name.value, velocity: velocity.value))
    }
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
    _ mirrored: Set<String>, _ channels: ChannelTable, _ diagnostics: inout Diagnostics
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
    if mirrored.contains(position.value) != mirrored.contains(velocity.value) {
      let (named, missing) =
        mirrored.contains(position.value)
        ? (position.value, velocity.value) : (velocity.value, position.value)
      diagnostics.add(
        velocity, found: "\(named) in symmetry without \(missing)",
        allowed: "both or neither, as one is the integral of the other")
    }
  }
}
