/// Where a model comes from and how far it can be trusted; texts of the model file's header.
///
/// All of it is optional: files of other kinds and earlier versions say less. Unlike what the tensors
/// need it may be read without the rest of the file.
public struct ModelProvenance: Sendable, Equatable {
  /// Which episodes trained it, and which were kept from it to judge it.
  public struct Split: Sendable, Codable, Equatable {
    /// Numbers as `1-4, 6`.
    public var training: String
    public var heldOut: String

    public init(training: [Int], heldOut: [Int]) {
      self.training = ModelOverview.text(ofEpisodes: training)
      self.heldOut = ModelOverview.text(ofEpisodes: heldOut)
    }

    enum CodingKeys: String, CodingKey {
      case training
      case heldOut = "held_out"
    }
  }

  /// Errors of open-loop prediction at some horizons.
  public struct Errors: Sendable, Codable, Equatable {
    /// Numbers of steps, ascending.
    public var steps: [Int]
    /// Root mean squared error in the channel's unit. Shape [horizon][channel].
    public var rmse: [[Double]]
    /// 1 for a perfect prediction, 0 for one no better than the mean; averaged over the channels, one a
    /// horizon.
    public var fit: [Double]
    /// Share of measured values inside the central 90 % interval, over the channels, one a horizon; nil
    /// if the model states no spread.
    public var coverage90: [Double]?
    /// Numbers of the episodes that it was judged on.
    public var episodes: String
    /// False if these were among those that it was trained on.
    public var isHeldOut: Bool

    public init(
      steps: [Int], rmse: [[Double]], fit: [Double], coverage90: [Double]?, episodes: String,
      isHeldOut: Bool
    ) {
      self.steps = steps
      self.rmse = rmse
      self.fit = fit
      self.coverage90 = coverage90
      self.episodes = episodes
      self.isHeldOut = isHeldOut
    }

    enum CodingKeys: String, CodingKey {
      case steps, rmse, fit, coverage90, episodes
      case isHeldOut = "held_out"
    }
  }

  /// What the training data reach over, in the unit of the channel.
  public struct Region: Sendable, Codable, Equatable {
    public var channel: String
    public var low: Float
    public var high: Float

    public init(channel: String, low: Float, high: Float) {
      self.channel = channel
      self.low = low
      self.high = high
    }
  }

  public var split: Split?
  public var errors: Errors?
  /// By state channel, then by action channel.
  public var region: [Region]?
  /// The bound of disagreement beyond which the guard takes a plan for unknown; nil for none.
  public var gate: Float?
  /// Units of the channels, in their order.
  public var units: [String]?
  /// The program that fitted it.
  public var build: String?

  public init() {}

  static let names = ["split", "errors", "valid_region", "gate", "units", "code_version"]

  /// What of it a header tells; a text that cannot be read counts as none.
  public init(_ metadata: [String: String]) {
    func value<T: Decodable>(_ key: String) -> T? {
      metadata[key].flatMap { try? JSONLine.decode(T.self, Array($0.utf8)) }
    }
    split = value("split")
    errors = value("errors")
    region = value("valid_region")
    gate = value("gate")
    units = value("units")
    build = metadata["code_version"]
  }

  /// The texts of the header.
  public var metadata: [String: String] {
    var texts: [String: String] = [:]
    // Errors of a rollout that left the numbers are written as words.
    func add(_ key: String, _ value: (some Encodable)?) {
      if let value, let text = try? JSONLine.text(value) { texts[key] = text }
    }
    add("split", split)
    add("errors", errors)
    add("valid_region", region)
    add("gate", gate)
    add("units", units)
    texts["code_version"] = build
    return texts
  }
}
