import Foundation
import ReplanCore
import ReplanRecord
import ReplanRobot

/// What an episode's file says before the first sample.
extension EpisodeRunner {
  func header(_ episode: EpisodeOptions, index: Int) -> EpisodeHeader {
    let now = Date()
    return EpisodeHeader(
      robotName: robot.name, robotText: robot.source,
      observationChannels: robot.observation.map(\.name),
      actionChannels: robot.action.map(\.name), rate: robot.rate, tick: robot.period, seed: seed,
      modelHash: host.modelHash, index: index, kind: episode.kind.rawValue, build: build,
      created: now.ISO8601Format(), startTime: UInt64(now.timeIntervalSince1970 * 1e9),
      plant: plant,
      control: ControlSettings(
        basePolicy: episode.prepared == nil ? episode.mode.basePolicy : nil,
        gate: host.gate(gate(episode)),
        model: host.modelOrigin, isLockstep: options.isLockstep, processor: Processor.name,
        excitation: episode.prepared?.design, isSettling: episode.kind == .reset),
      prepared: episode.prepared?.table)
  }

  /// The episode's file, with the model in use if no other file has it.
  func createFile(
    _ item: Workspace.Item, _ header: EpisodeHeader
  ) throws(RecordError) -> EpisodeWriter {
    let writer = try EpisodeWriter(
      path: item.path, header: header, isSynchronized: !options.isLockstep)
    if let model = host.unstoredModel {
      let bytes = try ModelFile.encode(model, path: item.path)
      try writer.attach(model: bytes, generation: 0, logTime: header.startTime)
    }
    return writer
  }

  /// The factor of disagreement that is usual which bounds the episode's plans; nil for none.
  func gate(_ episode: EpisodeOptions) -> Float? {
    episode.keepsToKnown ? robot.guarding.gate.map(Float.init) : nil
  }
}

extension Controller.Mode {
  /// The policy that explores; nil if plans are executed.
  fileprivate var basePolicy: BasePolicy? {
    switch self {
    case .explore(let policy): policy
    case .plan, .settle: nil
    }
  }
}
