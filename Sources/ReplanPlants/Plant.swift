/// The state of a plant: one value for each observation channel; entries past the count are 0.
///
/// The channels are chosen such that the true observation is the state.
public typealias PlantState = SIMD8<Float>

/// One value for each actuator; entries past the plant's action count are 0.
public typealias PlantAction = SIMD4<Float>

/// Names one random plant: its parameters, its sensors' noise and its own random resets.
public typealias PlantSeed = SIMD2<UInt32>

/// Where a reset puts the plant.
public enum PlantReset: Sendable, Equatable {
  /// The stable equilibrium, exactly: poles hang, nothing moves.
  case rest
  /// A state drawn from the plant's documented range.
  case random(PlantSeed)
}

/// Which plants exist. The raw values count up from 0.
public enum PlantKind: UInt8, Sendable, Equatable {
  case cartPole
  case pendulum
  case furuta
  case reacher
  case motor

  /// How many there are: `allCases` would be an array, which lives on the heap.
  public static var count: UInt8 { 5 }

  /// The name on the command line, in a plant description and in a robot file.
  public var name: StaticString {
    switch self {
    case .cartPole: "cart-pole"
    case .pendulum: "pendulum"
    case .furuta: "furuta"
    case .reacher: "reacher"
    case .motor: "motor"
    }
  }

  public var facts: PlantFacts {
    switch self {
    case .cartPole: CartPole.facts
    case .pendulum: Pendulum.facts
    case .furuta: FurutaPendulum.facts
    case .reacher: Reacher.facts
    case .motor: Motor.facts
    }
  }
}

/// A simulated plant with its drawn parameters and its present state.
///
/// A closed enum rather than a protocol: it is a plain value without a heap, also on a
/// microcontroller. A new plant is a struct like `CartPole` and one line in each switch here.
public enum Plant: Sendable {
  case cartPole(CartPole)
  case pendulum(Pendulum)
  case furuta(FurutaPendulum)
  case reacher(Reacher)
  case motor(Motor)

  /// The plant of this seed at rest: the seed draws every parameter from its range.
  public init(_ kind: PlantKind, seed: PlantSeed) {
    switch kind {
    case .cartPole: self = .cartPole(CartPole(parameters: CartPole.Parameters(seed: seed)))
    case .pendulum: self = .pendulum(Pendulum(parameters: Pendulum.Parameters(seed: seed)))
    case .furuta:
      self = .furuta(FurutaPendulum(parameters: FurutaPendulum.Parameters(seed: seed)))
    case .reacher: self = .reacher(Reacher(parameters: Reacher.Parameters(seed: seed)))
    case .motor: self = .motor(Motor(parameters: Motor.Parameters(seed: seed)))
    }
  }

  public var kind: PlantKind {
    switch self {
    case .cartPole: .cartPole
    case .pendulum: .pendulum
    case .furuta: .furuta
    case .reacher: .reacher
    case .motor: .motor
    }
  }

  public var facts: PlantFacts { kind.facts }

  /// The true observation.
  public var state: PlantState {
    switch self {
    case .cartPole(let plant): plant.state
    case .pendulum(let plant): plant.state
    case .furuta(let plant): plant.state
    case .reacher(let plant): plant.state
    case .motor(let plant): plant.state
    }
  }

  /// The cost of the present state, for plants that measure one; 0 at the goal and still.
  public var cost: Float {
    switch self {
    case .cartPole(let plant): plant.cost
    case .pendulum(let plant): plant.cost
    case .furuta(let plant): plant.cost
    case .reacher(let plant): plant.cost
    case .motor(let plant): plant.cost
    }
  }

  /// The parameter of an index below `facts.parameterCount`.
  public func parameter(_ index: Int) -> PlantParameter {
    switch self {
    case .cartPole(let plant): plant.parameters[index]
    case .pendulum(let plant): plant.parameters[index]
    case .furuta(let plant): plant.parameters[index]
    case .reacher(let plant): plant.parameters[index]
    case .motor(let plant): plant.parameters[index]
    }
  }

  public mutating func reset(_ reset: PlantReset) {
    switch self {
    case .cartPole(var plant):
      plant.reset(reset)
      self = .cartPole(plant)
    case .pendulum(var plant):
      plant.reset(reset)
      self = .pendulum(plant)
    case .furuta(var plant):
      plant.reset(reset)
      self = .furuta(plant)
    case .reacher(var plant):
      plant.reset(reset)
      self = .reacher(plant)
    case .motor(var plant):
      plant.reset(reset)
      self = .motor(plant)
    }
  }

  /// One Runge-Kutta step of at most 1 ms under a constant action.
  public mutating func step(_ action: PlantAction, seconds: Float) {
    switch self {
    case .cartPole(var plant):
      plant.step(action, seconds: seconds)
      self = .cartPole(plant)
    case .pendulum(var plant):
      plant.step(action, seconds: seconds)
      self = .pendulum(plant)
    case .furuta(var plant):
      plant.step(action, seconds: seconds)
      self = .furuta(plant)
    case .reacher(var plant):
      plant.step(action, seconds: seconds)
      self = .reacher(plant)
    case .motor(var plant):
      plant.step(action, seconds: seconds)
      self = .motor(plant)
    }
  }

  /// The plant after a time under a constant action, in equal steps of at most 1 ms.
  ///
  /// - Timing: proportional to the time that passes; no allocation.
  public mutating func advance(_ action: PlantAction, microseconds: UInt32) {
    if microseconds == 0 { return }
    let count = Int(microseconds &+ 999) / 1000
    // Divided first: a second at once and in fifty pieces take the same steps to the bit.
    let seconds = Float(Int(microseconds)) / Float(count) * 1e-6
    for _ in 0..<count { step(action, seconds: seconds) }
  }
}
