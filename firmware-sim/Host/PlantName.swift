import ArgumentParser
import ReplanPlants

/// A plant as the command line names it.
struct PlantName: ExpressibleByArgument, CustomStringConvertible {
  var kind: PlantKind

  init(kind: PlantKind) { self.kind = kind }

  init?(argument: String) {
    guard let found = PlantName.all.first(where: { $0.description == argument }) else { return nil }
    self = found
  }

  var description: String { "\(kind.name)" }

  static var all: [PlantName] {
    (0..<PlantKind.count).compactMap { PlantKind(rawValue: $0).map(PlantName.init(kind:)) }
  }

  static var list: String { all.map(\.description).joined(separator: ", ") }
  static var allValueStrings: [String] { all.map(\.description) }
}
