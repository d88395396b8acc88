public import ArgumentParser
import ReplanLearn
public import ReplanRecord
import ReplanRobot

/// How the columns and rows of a log become channels and samples.
struct SeriesOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Columns and the channels that they fill; column=channel*scale+offset converts units.",
      valueName: "column=channel"))
  var map: [String] = []

  @Option(
    help: ArgumentHelp(
      "The column of time stamps. (default: the one called time, t, timestamp, … with its unit)",
      valueName: "column"))
  var time: String?

  @Option(help: ArgumentHelp("Rows a second, of a file without time stamps.", valueName: "Hz"))
  var rate: Double?

  @Option(
    help: """
      How rows become samples: automatic takes them as they are if their interval is the tick, and \
      interpolates otherwise; rows, interpolate.
      """)
  var sampling = SeriesSettings.Sampling.automatic

  @Flag(help: "Average interpolated observations over a tick: less noise, rounder peaks.")
  var average = false

  @Option(
    help: """
      Which action a row names: the one in force after its sample (what was commanded), or before \
      it (what was measured).
      """)
  var action = SeriesSettings.ActionTiming.after

  func validate() throws {
    do throws(RecordError) {
      _ = try ColumnMap(map)
    } catch {
      throw ValidationError("--map: " + error.description)
    }
    if let rate, !(rate > 0 && rate.isFinite) {
      throw ValidationError("--rate is \(rate); above 0 is allowed.")
    }
  }

  func settings(for robot: RobotDescription) -> SeriesSettings {
    var settings = SeriesSettings(tick: robot.period)
    settings.timeColumn = time
    settings.rate = rate
    settings.sampling = sampling
    settings.averages = average
    settings.actionTiming = action
    return settings
  }

  /// Reads files and converts them, all before anything is written.
  func conversions(
    of files: [String], for robot: RobotDescription, progress: (String) -> Void
  ) throws(RecordError) -> [SeriesConversion] {
    let map = try ColumnMap(map)
    let settings = settings(for: robot)
    var conversions: [SeriesConversion] = []
    for file in files {
      progress(file)
      conversions.append(
        try SeriesConversion(
          try Series.read(file), to: SeriesChannels(robot), map: map, settings: settings))
    }
    return conversions
  }
}

extension SeriesSettings.Sampling: ExpressibleByArgument {}
extension SeriesSettings.ActionTiming: ExpressibleByArgument {}
