import Foundation
import Glibc
import Testing

@testable import ReplanRecord

@Suite struct WorkspaceTests {
  /// Reads `name: X`, and takes everything but comments for the meaning.
  private static func identify(_ text: String) -> Workspace.Robot? {
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    guard let name = lines.first(where: { $0.hasPrefix("name: ") }) else { return nil }
    return Workspace.Robot(name: String(name.dropFirst(6)), meaning: lines.joined())
  }

  private func open(
    _ path: String, _ text: String = "name: arm\nrate: 50\n", isFresh: Bool = false
  ) throws -> Workspace {
    try Workspace(path: path, robotText: text, isFresh: isFresh, identify: Self.identify)
  }

  @Test func aNewWorkspaceHasItsFoldersAndNumbersFromOne() throws {
    let folder = try TemporaryFolder()
    let workspace = try open(folder.file("a/b/work/"))
    #expect(workspace.path == folder.file("a/b/work"))
    #expect(workspace.opening == Workspace.Opening(isNew: true))
    #expect(try folder.read("a/b/work/robot.yaml") == Array("name: arm\nrate: 50\n".utf8))
    let first = workspace.nextEpisode()
    #expect(first == .init(index: 1, path: folder.file("a/b/work/episodes/0001.mcap")))
    #expect(workspace.nextEpisode().index == 2)
    let stored = try workspace.store(.ensemble(Samples.model()))
    #expect(stored.item.path == folder.file("a/b/work/models/0001.safetensors"))
    #expect(try ModelFile.read(stored.item.path).hash == stored.hash)
    #expect(try workspace.models() == [stored.item])
    #expect(try workspace.store(.ensemble(Samples.model())).item.index == 2)
  }

  @Test func anExistingWorkspaceIsContinued() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("work")
    do {
      let workspace = try open(path)
      try Samples.write(Samples.episode(ticks: 3), to: workspace.nextEpisode().path)
      try workspace.journal.append(["event": "start"])
    }
    try folder.write([], "work/episodes/12345.mcap")
    try folder.write([], "work/episodes/notes.txt")
    let again = try open(path, "# written differently\nname: arm\nrate: 50\n")
    #expect(!again.opening.isNew)
    #expect(try again.episodes().map(\.index) == [1, 12345])
    #expect(again.nextEpisode().path == path + "/episodes/12346.mcap")
    #expect(try again.journal.lines() == [#"{"event":"start"}"#])
    #expect(try folder.read("work/robot.yaml") == Array("name: arm\nrate: 50\n".utf8))
  }

  @Test func anotherRobotIsRefusedByName() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("work")
    _ = try open(path)
    let other = #expect(throws: RecordError.self) { try open(path, "name: leg\n") }
    #expect(other == .otherRobot(path: path, stored: "arm", given: "leg"))
    for word in ["arm", "leg", "--fresh", "--workspace"] {
      #expect(other?.description.contains(word) == true)
    }
    let changed = #expect(throws: RecordError.self) { try open(path, "name: arm\nrate: 60\n") }
    #expect(changed?.description.contains("another description") == true)
    // The refusal released the lock.
    _ = try open(path)
  }

  @Test func freshMovesTheOldOneAsideAndLosesNothing() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("work")
    #expect(try open(path, isFresh: true).opening.movedAside == nil)
    try folder.write([9], "work/episodes/0001.mcap")
    #expect(try open(path, "name: leg\n", isFresh: true).opening.movedAside == path + ".1")
    #expect(try open(path, isFresh: true).opening.movedAside == path + ".2")
    #expect(try folder.read("work.1/episodes/0001.mcap") == [9])
    #expect(try folder.read("work.1/robot.yaml") == Array("name: arm\nrate: 50\n".utf8))
    #expect(try folder.read("work.2/robot.yaml") == Array("name: leg\n".utf8))
    #expect(try open(path).episodes().isEmpty)
  }

  @Test func someoneElsesFolderIsLeftAlone() throws {
    let folder = try TemporaryFolder()
    try folder.write([1], "thesis.tex")
    for isFresh in [false, true] {
      let error = #expect(throws: RecordError.self) { try open(folder.path, isFresh: isFresh) }
      #expect(error == .notAWorkspace(path: folder.path, found: "thesis.tex"))
    }
    #expect(throws: RecordError.self) { try open(folder.file("thesis.tex")) }
    #expect(throws: RecordError.self) { try open(folder.file("thesis.tex/work")) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["thesis.tex"])
  }

  @Test func whatACrashDuringCreationLeavesOpens() throws {
    let folder = try TemporaryFolder()
    try folder.write([], ".lock")
    try folder.write([1], "robot.yaml.tmp")
    #expect(try open(folder.path).opening.isNew)
  }

  @Test func anotherProcessIsKeptOutAndNamed() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("work")
    _ = try open(path)
    let holder = try PythonReferee("hold_lock.py", path + "/.lock")
    let process = try #require(Int(holder.firstLine()))
    for isFresh in [false, true] {
      let error = #expect(throws: RecordError.self) { try open(path, isFresh: isFresh) }
      #expect(error == .locked(path: path, process: process))
      #expect(error?.description.contains("process \(process)") == true)
    }
    _ = try holder.result()
    _ = try open(path)
  }

  @Test func aSecondOpeningOfTheSameProcessIsKeptOutToo() throws {
    let folder = try TemporaryFolder()
    let first = try open(folder.file("work"))
    #expect(throws: RecordError.locked(path: first.path, process: Int(getpid()))) {
      try open(folder.file("work"))
    }
    withExtendedLifetime(first) {}
  }

  @Test func cutOffEpisodesAreKeptAndReported() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("work")
    do {
      let workspace = try open(path)
      try Samples.write(Samples.episode(ticks: 3), to: workspace.nextEpisode().path)
      try Samples.write(
        Samples.episode(ticks: 30), to: workspace.nextEpisode().path, isClosed: false)
      try folder.write([], "work/episodes/0003.mcap")
    }
    let again = try open(path)
    #expect(again.opening.unfinishedEpisodes.count == 2)
    #expect(again.opening.unfinishedEpisodes[0].contains("0002.mcap: cut off; 30 observations"))
    #expect(again.opening.unfinishedEpisodes[1].contains("0003.mcap"))
    #expect(try again.episodes().count == 3 && again.nextEpisode().index == 4)
  }

  @Test func modelsBesideAnEpisodeAreFoundWithoutItsWorkspace() throws {
    let folder = try TemporaryFolder()
    let workspace = try open(folder.file("work"))
    let model = try workspace.store(.ensemble(Samples.model())).item.path
    let episode = workspace.nextEpisode().path
    #expect(try Workspace.modelFiles(besideEpisode: episode).paths == [model])
    let dotted = folder.file("work/episodes/.") + "/0001.mcap"
    #expect(try Workspace.modelFiles(besideEpisode: dotted).paths.count == 1)
    #expect(try Workspace.modelFiles(besideEpisode: "0001.mcap").folder == "./../models")
    #expect(try Workspace.modelFiles(besideEpisode: folder.file("a/b.mcap")).paths.isEmpty)
    withExtendedLifetime(workspace) {}
  }

  /// Nobody may create folders in /sys, root included.
  @Test func missingPermissionIsAnErrorThatSaysSo() throws {
    let error = #expect(throws: RecordError.self) { try open("/sys/replan-workspace") }
    let text = error?.description ?? ""
    #expect(text.contains("permissions") || text.contains("read-only"), "\(text)")
  }
}
