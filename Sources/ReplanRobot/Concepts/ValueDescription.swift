/// How the sampling planners value an uncertain outcome.
public enum ValueDescription: Sendable, Equatable, Encodable {
  /// The mean cost over particles.
  case expected
  /// The worst end of the central region that holds this share of the outcomes.
  case pessimistic(Double)
  /// The best end of the central region that holds this share of the outcomes.
  case optimistic(Double)

  /// The word in the file.
  package var name: String {
    switch self {
    case .expected: ValueKeys.expected
    case .pessimistic: ValueKeys.pessimistic.descriptor.name
    case .optimistic: ValueKeys.optimistic.descriptor.name
    }
  }
}

enum ValueKeys {
  static let expected = "expected"

  // In single precision a share must stay off 0 and 1.
  static let pessimistic = Key<Double>(
    "pessimistic", .from(0.01, to: 0.999), required: true,
    "The worst end of the central region that holds this share of the outcomes; 0.95 is cautious.")
  static let optimistic = Key<Double>(
    "optimistic", .from(0.01, to: 0.999), required: true,
    "The best end of the central region that holds this share of the outcomes; 0.7 explores.")

  static let section = Section(
    [], selectedBy: .presence,
    [pessimistic, optimistic].map {
      Section.Variant(name: $0.descriptor.name, keys: [$0.descriptor])
    })
}

extension ValueDescription: KeyValue {
  package init?(_ checked: Located<CheckedValue>) {
    switch checked.value {
    case .text(ValueKeys.expected): self = .expected
    case .section(let fields):
      if let share = fields[ValueKeys.pessimistic] {
        self = .pessimistic(share)
      } else if let share = fields[ValueKeys.optimistic] {
        self = .optimistic(share)
      } else {
        return nil
      }
    default: return nil
    }
  }
}
