import ReplanNumerics

/// Where a plan leads, member by member, for people to look at; no part of the tick.
///
/// ```swift
/// var forecast = Forecast(configuration, arena: &arena)
/// forecast.adopt(parameters)
/// forecast.run(member: 0, from: state, under: actions, ticks: 50, into: states)
/// ```
public struct Forecast: ~Copyable {
  public let structure: PlantStructure
  public let memberCount: Int
  private var model: Model
  private let state: UnsafeMutablePointer<Lanes>
  private let next: UnsafeMutablePointer<Lanes>
  private let action: UnsafeMutablePointer<Lanes>

  /// Bytes of the arena that it needs.
  public static func byteCount(_ model: ModelConfiguration, _ structure: PlantStructure) -> Int {
    var arena = Arena.measuring()
    _ = Forecast(measuring: model, structure, arena: &arena)
    return arena.used
  }

  /// - Precondition: the arena holds `byteCount` bytes and outlives the forecast.
  public init(_ model: ModelConfiguration, _ structure: PlantStructure, arena: inout Arena) {
    self.init(measuring: model, structure, arena: &arena)
    self.model.prepare(model, structure: structure)
  }

  private init(
    measuring model: ModelConfiguration, _ structure: PlantStructure, arena: inout Arena
  ) {
    self.structure = structure
    memberCount = model.memberCount
    self.model = Model(model, structure: structure, arena: &arena)
    state = arena.lanes(structure.stateCount)
    next = arena.lanes(structure.stateCount)
    action = arena.lanes(structure.actionCount)
  }

  /// Predicts with another block of parameters from now on.
  ///
  /// - Precondition: the block is packed by the model's layout and outlives its use.
  public mutating func adopt(_ parameters: UnsafePointer<Float>) { model.adopt(parameters) }

  /// The states that one member predicts, the first one included.
  ///
  /// - Shapes: start [S], actions [ticks × A], states [(ticks + 1) × S], row-major.
  /// - Precondition: parameters were adopted.
  public func run(
    member: Int, from start: UnsafePointer<Float>, under actions: UnsafePointer<Float>, ticks: Int,
    into states: UnsafeMutablePointer<Float>
  ) {
    let stateCount = structure.stateCount
    let actionCount = structure.actionCount
    for i in 0..<stateCount {
      state[i] = Lanes(repeating: start[i])
      states[i] = start[i]
    }
    for t in 0..<ticks {
      for i in 0..<actionCount { action[i] = Lanes(repeating: actions[t * actionCount + i]) }
      model.predict(member: member, state, action, vectors: 1, into: next)
      for i in 0..<stateCount {
        state[i] = next[i]
        states[(t + 1) * stateCount + i] = next[i][0]
      }
    }
  }
}
