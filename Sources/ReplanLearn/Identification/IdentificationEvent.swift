public import ReplanRecord

/// What identification and validation found, for `--json`: one JSON object a line.
public enum IdentificationEvent: Sendable, Encodable {
  case data(DataRead)
  case memory(MemoryTried)
  case training(Training)
  case order(OrderTried)
  case coefficient(Coefficient)
  case parameter(Parameter)
  case confounded(Confounded)
  case identified(Identified)
  case delay(Delay)
  case validation(Figures)
  case residuals(Residuals)
  case ranking(Rank)

  /// A recording was read.
  public struct DataRead: Sendable, Encodable {
    let event = "data"
    /// data or validate.
    public var role: String
    public var file: String
    public var transitions: Int
    /// Unbroken runs.
    public var runs: Int
    /// Samples that were left out as spikes.
    public var spikes: Int
    /// What became of the rows of a table.
    public var table: SeriesReport?
  }

  /// A memory was tried on held-out trajectories.
  public struct MemoryTried: Sendable, Encodable {
    let event = "history"
    /// Ticks of past outputs and actions in the state.
    public var history: Int
    /// Sum over channels of the squared share of the scatter that is not explained.
    public var loss: Double
    /// Over `steps` steps, of each measured channel.
    public var rmse: [Double]
    public var steps: Int
  }

  /// An ensemble was trained, the memory being chosen.
  public struct Training: Sendable, Encodable {
    let event = "training"
    public var history: Int
    public var members: Int
    public var steps: Int
    /// True if trajectories were held out from it, to find noise and spread.
    public var holdsOut: Bool
    /// Wall time.
    public var seconds: Double

    enum CodingKeys: String, CodingKey {
      case event, history, members, steps, seconds
      case holdsOut = "holds_out"
    }
  }

  /// A linear model of one method and order was tried on held-out parts of the recordings.
  public struct OrderTried: Sendable, Encodable {
    let event = "order"
    /// arx, oe, n4sid or dmdc.
    public var method: String
    public var order: Int
    /// Ticks of past outputs and actions in the state.
    public var history: Int
    /// Sum over channels of the squared share of the scatter that is not explained.
    public var loss: Double
    /// Of each channel with a past that counts, in its unit.
    public var rmse: [Double]
    /// Over which errors were summed; nil for free simulation.
    public var steps: Int?
    /// Largest magnitude of an eigenvalue: below 1 the model is stable.
    public var eigenvalue: Double
    public var isChosen: Bool
    /// Wall time of the chosen one's fit to all recordings, without the search; nil for the others.
    public var seconds: Double?

    enum CodingKeys: String, CodingKey {
      case event, method, order, history, loss, rmse, steps, eigenvalue, seconds
      case isChosen = "chosen"
    }

    public init(
      method: String, order: Int, history: Int, loss: Double, rmse: [Double], steps: Int?,
      eigenvalue: Double, isChosen: Bool, seconds: Double? = nil
    ) {
      self.method = method
      self.order = order
      self.history = history
      self.loss = loss
      self.rmse = rmse
      self.steps = steps
      self.eigenvalue = eigenvalue
      self.isChosen = isChosen
      self.seconds = seconds
    }
  }

  /// A coefficient of a linear model: what a channel's next value has of a state channel or an action.
  public struct Coefficient: Sendable, Encodable {
    let event = "coefficient"
    public var channel: String
    /// A state channel, an action, or 1 for the constant.
    public var regressor: String
    public var value: Double
    /// Standard deviation of the estimate; nil if there is none.
    public var deviation: Double?

    public init(channel: String, regressor: String, value: Double, deviation: Double?) {
      self.channel = channel
      self.regressor = regressor
      self.value = value
      self.deviation = deviation
    }
  }

  /// A parameter of equations of motion was fitted, or kept.
  public struct Parameter: Sendable, Encodable {
    let event = "parameter"
    public var name: String
    public var unit: String
    public var value: Double
    /// Standard deviation of the estimate; nil if there is none.
    public var deviation: Double?
    /// Ends of the interval that holds the true value in 95 of 100 cases, inside the bounds; nil if there
    /// is none.
    public var low: Double?
    public var high: Double?
    /// fitted, fixed or undetermined.
    public var origin: String

    public init(
      name: String, unit: String, value: Double, deviation: Double?, interval: ClosedRange<Double>?,
      origin: String
    ) {
      self.name = name
      self.unit = unit
      self.value = value
      self.deviation = deviation
      low = interval?.lowerBound
      high = interval?.upperBound
      self.origin = origin
    }
  }

  /// Parameters that the data do not tell apart, or hardly.
  public struct Confounded: Sendable, Encodable {
    let event = "confounded"
    public var parameters: [String]
    /// Of a pair whose estimates move together; nil where the data tell nothing at all.
    public var correlation: Double?

    public init(parameters: [String], correlation: Double?) {
      self.parameters = parameters
      self.correlation = correlation
    }
  }

  /// The plant's latency was estimated from the recordings.
  public struct Delay: Sendable, Encodable {
    let event = "delay"
    /// Ticks from an action in force to its effect, as the recordings show it best.
    public var ticks: Int
    /// 0 to 1.
    public var confidence: Double
    public var isClear: Bool
    /// What the robot file says; nil where it says nothing.
    public var declared: Int?
    /// What is gone by; nil where neither tells.
    public var used: Int?
    /// By ticks from 0 on, how much less likely the recordings are; natural logarithm.
    public var shortfalls: [Double]
    public var samples: Int

    enum CodingKeys: String, CodingKey {
      case event, ticks, confidence, declared, used, shortfalls, samples
      case isClear = "clear"
    }

    public init(
      ticks: Int, confidence: Double, isClear: Bool, declared: Int?, used: Int?,
      shortfalls: [Double], samples: Int
    ) {
      self.ticks = ticks
      self.confidence = confidence
      self.isClear = isClear
      self.declared = declared
      self.used = used
      self.shortfalls = shortfalls
      self.samples = samples
    }
  }

  /// A model was fitted.
  public struct Identified: Sendable, Encodable {
    let event = "identified"
    public var kind: String
    public var summary: String
    public var transitions: Int
    /// Wall time.
    public var seconds: Double
    /// The model's file; nil if it was not to be stored.
    public var file: String?
    public var hash: String?
  }

  /// Figures of one channel over one horizon.
  public struct Figures: Sendable, Encodable {
    let event = "validation"
    public var model: String
    public var kind: String
    public var channel: String
    public var unit: String
    /// Steps, or `simulation`.
    public var horizon: ChannelFigures.Horizon
    public var count: Int
    public var rmse: Double
    public var nrmseFit: Double
    public var coverage90: Double?
    public var spread: Double
    public var epistemic: Double
    public var aleatoric: Double

    enum CodingKeys: String, CodingKey {
      case event, model, kind, channel, unit, steps, count, rmse, coverage90, spread
      case epistemic, aleatoric
      case nrmseFit = "nrmse_fit"
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(event, forKey: .event)
      try container.encode(model, forKey: .model)
      try container.encode(kind, forKey: .kind)
      try container.encode(channel, forKey: .channel)
      try container.encode(unit, forKey: .unit)
      switch horizon {
      case .steps(let steps): try container.encode(steps, forKey: .steps)
      case .simulation: try container.encode("simulation", forKey: .steps)
      }
      try container.encode(count, forKey: .count)
      try container.encode(rmse, forKey: .rmse)
      try container.encode(nrmseFit, forKey: .nrmseFit)
      try container.encode(coverage90, forKey: .coverage90)
      try container.encode(epistemic, forKey: .epistemic)
      try container.encode(aleatoric, forKey: .aleatoric)
      try container.encode(spread, forKey: .spread)
    }
  }

  /// Correlation of one-step residuals with their past, or with an action.
  public struct Residuals: Sendable, Encodable {
    let event = "residuals"
    public var model: String
    public var channel: String
    /// nil for the residual's own past.
    public var action: String?
    public var firstLag: Int
    public var values: [Double]
    public var bound: Double
    public var outside: Int

    enum CodingKeys: String, CodingKey {
      case event, model, channel, action, values, outside
      case firstLag = "first_lag"
      case bound = "bound99"
    }
  }

  /// A place among models that were compared.
  public struct Rank: Sendable, Encodable {
    let event = "ranking"
    /// From 1.
    public var rank: Int
    public var model: String
    public var kind: String
    /// Mean fit over channels at the longest number of steps.
    public var score: Double
    public var steps: Int
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .data(let event): try event.encode(to: encoder)
    case .memory(let event): try event.encode(to: encoder)
    case .training(let event): try event.encode(to: encoder)
    case .order(let event): try event.encode(to: encoder)
    case .coefficient(let event): try event.encode(to: encoder)
    case .parameter(let event): try event.encode(to: encoder)
    case .confounded(let event): try event.encode(to: encoder)
    case .identified(let event): try event.encode(to: encoder)
    case .delay(let event): try event.encode(to: encoder)
    case .validation(let event): try event.encode(to: encoder)
    case .residuals(let event): try event.encode(to: encoder)
    case .ranking(let event): try event.encode(to: encoder)
    }
  }
}
