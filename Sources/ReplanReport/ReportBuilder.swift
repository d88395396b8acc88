import ReplanRecord
import ReplanRobot

/// Reads a workspace, one episode in memory at a time.
struct ReportBuilder {
  private let workspace: WorkspaceContents
  private let options: Report.Options
  private(set) var content: ReportContent
  /// Data of the page by the element that holds it.
  private(set) var blocks: [(id: String, bytes: [UInt8])] = []
  private var robots = RobotFiles()
  private var samples: StateSamples?
  private var models: [String: StoredModel] = [:]
  /// Bytes that the series may still take.
  private var budget: Int
  private var experience = 0.0

  init(_ workspace: WorkspaceContents, _ options: Report.Options) {
    self.workspace = workspace
    self.options = options
    // What base64 makes of it, beside a third of a megabyte of scripts and tables.
    budget = max(0, options.size - 350_000) * 3 / 4
    content = ReportContent(
      workspace: String(workspace.path.split(separator: "/").last ?? "/"), build: options.build,
      isExcerpt: options.episode != nil)
  }

  mutating func read(_ progress: (Int, Int) -> Void) throws(ReportError) {
    readRobot()
    readJournal()
    readModels()
    let items = try chosen()
    if let robot {
      // Of the page a tenth for the coverage of the dataset.
      samples = StateSamples(robot: robot, episodes: items.count, bytes: budget / 10)
      budget -= budget / 10
    }
    for (place, item) in items.enumerated() {
      progress(place, items.count)
      try read(item, left: items.count - place)
    }
    progress(items.count, items.count)
    content.robots = robots.contents
    if let samples {
      content.samples = samples.content
      blocks.append(("samples", samples.bytes))
    }
    tellThinning()
  }

  /// The workspace's own robot.
  private var robot: RobotDescription? { content.robot.map { robots.descriptions[$0] } }

  private func chosen() throws(ReportError) -> [Workspace.Item] {
    guard let index = options.episode else { return workspace.episodes }
    guard let item = workspace.episodes.first(where: { $0.index == index }) else {
      throw .noEpisode(
        index, workspace: workspace.path, there: workspace.episodes.map(\.index))
    }
    return [item]
  }

  private mutating func readRobot() {
    guard let text = workspace.robotText else {
      content.notes.append(
        "The workspace has no robot.yaml: units and limits are those of the episodes' own robot files."
      )
      return
    }
    do throws(RobotError) {
      content.robot = try robots.add(text, file: "robot.yaml")
    } catch {
      content.notes.append("robot.yaml cannot be used: \(error.description)")
    }
  }

  private mutating func readJournal() {
    let (runs, unreadable) = RunContent.runs(of: workspace.journal)
    content.runs = runs
    if unreadable > 0 {
      content.notes.append(
        "\(unreadable) \(unreadable == 1 ? "line" : "lines") of the journal cannot be read.")
    }
  }

  private mutating func readModels() {
    let channels = robot.map { robot in
      robot.observation.map { ($0.name, $0.unit) } + robot.action.map { ($0.name, $0.unit) }
    }
    let units = Dictionary(uniqueKeysWithValues: channels ?? [])
    for item in workspace.models {
      let file = relative(item.path)
      do throws(RecordError) {
        let stored = try ModelFile.read(item.path)
        models[stored.hash] = stored
        content.models.append(ModelContent(stored, index: item.index, file: file, units: units))
      } catch {
        content.models.append(ModelContent(index: item.index, file: file))
        content.notes.append("A model is left out: \(error.description)")
      }
    }
  }

  private mutating func read(_ item: Workspace.Item, left: Int) throws(ReportError) {
    let episode: Episode
    do throws(RecordError) {
      episode = try EpisodeReader.read(item.path)
    } catch {
      if options.episode != nil { throw .record(error) }
      content.notes.append("An episode is left out: \(error.description)")
      return
    }
    var told = EpisodeContent(episode, file: relative(item.path))
    told.index = item.index
    // What another program recorded is no interaction of this robot's learning.
    if episode.header.kind != EpisodeHeader.imported { experience += told.seconds }
    if options.episode == nil { told.experience = experience }
    do throws(RobotError) {
      told.robot = try robots.add(episode.header.robotText, file: told.file)
    } catch {
      told.notes.append("Its robot file cannot be used: \(error.description)")
    }
    tellControl(of: &told, episode)
    if samples?.add(episode) == false {
      told.notes.append("Its channels are not those of robot.yaml.")
    }
    let obtained = told.robot.map {
      PlanPromise.obtained(of: episode, robot: robots.descriptions[$0])
    }
    told.promise = obtained.flatMap { PlanPromise(of: episode, obtained: $0) }
    predict(&told, episode, episodes: content.isExcerpt ? 1 : workspace.episodes.count)
    // Its words take room in the page too, as they are.
    budget = max(0, budget - (try Page.json(told)).count * 3 / 4)
    let block = SeriesBlock.fitting(
      SeriesTable.tables(of: episode, obtained: obtained ?? []), limit: budget / left)
    budget = max(0, budget - block.bytes.count)
    told.tables = block.layouts
    blocks.append(("series-\(item.index)", block.bytes))
    content.episodes.append(told)
  }

  /// Clock and gate: by the episode itself, or as well as journal and model tell of an older one.
  private func tellControl(of told: inout EpisodeContent, _ episode: Episode) {
    let run = content.runs.last { $0.episodes.contains(told.file) }
    told.isLockstep = episode.header.control?.isLockstep ?? run?.isLockstep
    if let gate = episode.header.control?.gate, gate.isFinite {
      told.gate = gate
      told.isGated = true
      return
    }
    guard let factor = told.robot.flatMap({ robots.descriptions[$0] })?.guarding.gate,
      let usual = models[told.model]?.model.ensemble?.training.disagreement?.value, usual.isFinite
    else { return }
    told.gate = usual * Float(factor)
    // Learning has to leave what is known, so it takes no notice of the gate.
    told.isGated = episode.header.control == nil && run?.command != "learn"
  }

  private mutating func predict(
    _ told: inout EpisodeContent, _ episode: Episode, episodes: Int
  ) {
    guard let robot = told.robot.map({ robots.descriptions[$0] }) else { return }
    let models: ModelsInUse
    do throws(ModelsInUse.Obstacle) {
      models = try ModelsInUse(episode, stored: self.models[told.model])
    } catch {
      told.predictionNote = error.description
      return
    }
    let review = PredictionReview(
      episode, robot: robot, models: models, mostFans: max(6, min(24, 600 / max(episodes, 1))),
      mostSteps: max(200, min(2000, 20_000 / max(episodes, 1))))
    guard let review else {
      told.predictionNote = "no sample of it can be predicted from"
      return
    }
    told.prediction = review.content
    budget = max(0, budget - review.fans.count - review.simulation.count)
    blocks.append(("fans-\(told.index)", review.fans))
    if !review.simulation.isEmpty {
      blocks.append(("simulation-\(told.index)", review.simulation))
    }
  }

  private mutating func tellThinning() {
    let thinned = content.episodes.filter { episode in
      episode.tables.contains { $0.perPoint > 1 }
    }
    guard let first = thinned.first else { return }
    let most = thinned.flatMap(\.tables).map(\.perPoint).max() ?? 1
    content.notes.append(
      "\(thinned.count) episodes have more samples than the page may hold: up to \(Int(most.rounded())) "
        + "of them are behind a point, and the extremes are kept. A page with every sample of one: "
        + "replan report \(content.workspace) --episode \(first.index)")
  }

  /// A path as it is in the workspace.
  private func relative(_ path: String) -> String {
    path.hasPrefix(workspace.path + "/")
      ? String(path.dropFirst(workspace.path.count + 1)) : path
  }
}
