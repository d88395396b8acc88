/// How a series becomes samples on a robot's tick.
public struct SeriesSettings: Sendable, Equatable {
  public enum Sampling: String, Sendable, CaseIterable {
    /// Rows are taken as samples if their interval is the tick within 2 % and steady within 5 %,
    /// otherwise they are interpolated.
    case automatic
    /// Rows are taken as samples, whatever their interval, which then becomes the model's tick.
    case rows
    /// Between rows: observations linearly, actions held and averaged over each tick.
    case interpolate
  }

  /// Which action a row names.
  public enum ActionTiming: String, Sendable, CaseIterable {
    /// The one in force from its sample to the next one: what was commanded upon it.
    case after
    /// The one that was in force up to its sample: what was measured with it.
    case before
  }

  /// Seconds between two transitions of the model.
  public var tick: Double
  /// Name of the column of time stamps; nil to find it by its name.
  public var timeColumn: String?
  /// Rows a second of a file without time stamps.
  public var rate: Double?
  public var sampling = Sampling.automatic
  public var actionTiming = ActionTiming.after
  /// Interpolated observations are averaged over a tick around their instant: less noise, at the
  /// price of rounded peaks. Without it they keep the noise that the loop will see.
  public var averages = false
  /// An interval of more than so many usual ones is a gap, which nothing is carried across.
  public var gap = 1.5

  public init(tick: Double) { self.tick = tick }
}
