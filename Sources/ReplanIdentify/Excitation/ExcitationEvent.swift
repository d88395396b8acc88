/// What an excitation is and what it has shown, for `--json`: one JSON object a line.
public enum ExcitationEvent: Sendable, Encodable {
  case excitation(Designed)
  case regressors(Regressors)

  /// A signal was designed.
  public struct Designed: Sendable, Encodable {
    let event = "excitation"
    public var kind: ExcitationSettings.Kind
    public var seed: UInt64
    public var ticks: Int
    public var seconds: Double
    /// Fraction of half the action's range.
    public var amplitude: Double
    /// Lowest and highest frequency, Hz.
    public var band: [Double]
    /// True where the slew limit has changed the signal itself.
    public var isSlewed: Bool
    public var channels: [Channel]
    /// The largest of two channels at any lag; nil for one channel.
    public var correlation: Double?

    public struct Channel: Sendable, Encodable {
      public var name: String
      public var low: Double
      public var high: Double
      public var mean: Double
      public var rms: Double
      public var crestFactor: Double
      public var inBand: Double
      public var spectrum: [ExcitationReport.Part]

      enum CodingKeys: String, CodingKey {
        case name, low, high, mean, rms, spectrum
        case crestFactor = "crest_factor"
        case inBand = "in_band"
      }
    }

    enum CodingKeys: String, CodingKey {
      case event, kind, seed, ticks, seconds, amplitude, band, channels, correlation
      case isSlewed = "slewed"
    }
  }

  /// What a model would be regressed on was recorded.
  public struct Regressors: Sendable, Encodable {
    let event = "regressors"
    public var samples: Int
    public var columns: [String]
    /// Columns that never changed.
    public var constant: [String]
    public var singularValues: [Double]
    public var condition: Double
    /// Columns of the direction that the record tells least of.
    public var weakest: [String]

    enum CodingKeys: String, CodingKey {
      case event, samples, columns, constant, condition, weakest
      case singularValues = "singular_values"
    }
  }

  public init(_ design: ExcitationDesign) {
    let settings = design.settings
    let report = ExcitationReport(design)
    self = .excitation(
      Designed(
        kind: settings.kind, seed: settings.seed, ticks: settings.ticks,
        seconds: Double(settings.ticks) / settings.rate, amplitude: settings.amplitude,
        band: [settings.band.lowerBound, settings.band.upperBound], isSlewed: design.isSlewed,
        channels: report.channels.map {
          Designed.Channel(
            name: $0.name, low: $0.low, high: $0.high, mean: $0.mean, rms: $0.rms,
            crestFactor: $0.crestFactor, inBand: $0.inBand, spectrum: $0.spectrum)
        }, correlation: report.correlation))
  }

  public init(_ report: RegressorReport) {
    self = .regressors(
      Regressors(
        samples: report.samples, columns: report.columns, constant: report.constant,
        singularValues: report.singularValues, condition: report.condition,
        weakest: report.weakest))
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .excitation(let event): try event.encode(to: encoder)
    case .regressors(let event): try event.encode(to: encoder)
    }
  }
}
