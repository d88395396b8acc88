import Foundation
import Glibc
import Synchronization
import Testing

extension CommandTests {
  /// `replan watch` and `--watch`, met as a user and as a browser meets them.
  @Suite(.serialized)
  struct WatchTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// A session that runs for long, with its page.
    private func watched(_ plant: SeparatePlant) throws -> (
      run: ReplanProcess, url: String
    ) {
      let run = try ReplanProcess(
        [
          "learn", try restless(), "--device", plant.device, "--json", "--workspace", "w",
          "--watch", "--max-experience", "600",
        ], in: folder)
      let event = try run.event("watch")
      return (run, event.string("url"))
    }

    /// A robot file whose task is never done, so that there is something to watch.
    private func restless() throws -> String {
      let text = try String(contentsOfFile: Places.cartPole, encoding: .utf8)
      try #require(text.contains("within: 0.2") && text.contains("seconds: 4"))
      return try folder.write(
        text.replacingOccurrences(of: "within: 0.2", with: "within: 0.000001")
          .replacingOccurrences(of: "seconds: 4", with: "seconds: 600"), "restless.yaml")
    }

    private func browser(_ url: String, _ arguments: String...) throws -> Event {
      let process = Process()
      process.executableURL = try Places.python()
      process.arguments = [Places.script("watch_browser.py"), url] + arguments
      let output = Pipe()
      let errors = Pipe()
      (process.standardOutput, process.standardError) = (output, errors)
      try process.run()
      let said = output.fileHandleForReading.readDataToEndOfFile()
      let complaint = errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      try #require(
        process.terminationStatus == 0,
        "\(String(decoding: said, as: UTF8.self)) \(String(decoding: complaint, as: UTF8.self))")
      return try #require(try Event.parse(String(decoding: said, as: UTF8.self)).last)
    }

    @Test func aBrowserSeesThePlantMoveAndThePlan() throws {
      let plant = try SeparatePlant.simulator(in: folder)
      let (run, url) = try watched(plant)
      let seen = try browser(url, "look")
      #expect(seen.integer("members") == 3)
      run.send(SIGINT)
      #expect(run.finish(within: 30).code == 1)
    }

    @Test(arguments: ["stop", "key"])
    func theButtonStopsThePlant(by way: String) throws {
      let plant = try SeparatePlant.simulator(in: folder)
      let (run, url) = try watched(plant)
      let seen = try browser(url, way)
      let notice = seen.string("notice")
      #expect(notice.contains("told to disarm"), "\(notice)")
      let outcome = run.finish(within: 30)
      #expect(outcome.code == 1, "\(outcome.errors)")
      let events = try outcome.events()
      #expect(events.named("episode").last?.string("end") == "emergency stop")
      #expect(events.last?.string("reason").hasPrefix("emergency stop") == true)
      plant.end()
      // What the plant itself logged: it was armed, and in the end it was not, under the safe action.
      let table = try SampleTable(folder)
      let armed = try table.values("armed")
      #expect(armed.contains(1) && armed.last == 0)
      #expect(try table.values("applied_0").last == 0)
      try expectComplete(folder.file("w"))
      let episodes = try WorkspaceReferee(folder.file("w")).episodes
      #expect(episodes.allSatisfy { $0.flag("finished") == true })
    }

    /// A session that does not move any more cannot disarm; it is taken away, and the plant's watchdog
    /// acts.
    @Test func aSessionThatHangsIsKilled() throws {
      let plant = try SeparatePlant.simulator(in: folder)
      let run = try folder.start(
        "learn", try restless(), "--device", plant.device, "--json", "--workspace", "w")
      let page = try folder.start("watch", "w-not-yet", "--json")
      #expect(page.finish().code == 65)
      try run.await("fit")
      let watch = try folder.start("watch", "w", "--json")
      let url = try watch.event("listening").string("url")
      let client = try PageClient(url)
      try client.await { $0["phase"] as? String == "running" }
      // The server gives way to others.
      #expect(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(watch.identifier)) == 10)
      run.send(SIGSTOP)
      let answer = try client.stop()
      #expect(answer.code == 200 && answer.body.contains("\"killed\""), "\(answer.body)")
      #expect(run.finish(within: 30).code == -SIGKILL)
      try client.await { $0["isAlive"] as? Bool == false }
      watch.send(SIGTERM)
      #expect(watch.finish(within: 30).code == 0)
      plant.end()
      let table = try SampleTable(folder)
      #expect(try table.values("armed").contains(1))
      #expect(try table.values("applied_0").last == 0)
    }

    /// A page repeats a request that nobody answers: all have one outcome, also what comes after the end.
    @Test func repeatedRequestsAreOneStop() throws {
      let plant = try SeparatePlant.simulator(in: folder)
      let run = try folder.start(
        "learn", try restless(), "--device", plant.device, "--json", "--workspace", "w")
      try run.await("fit")
      let watch = try folder.start("watch", "w", "--json")
      let client = try PageClient(try watch.event("listening").string("url"))
      try client.await { $0["phase"] as? String == "running" }
      let (port, token) = (client.port, client.token)
      let answers = Mutex<[String]>([])
      let done = DispatchGroup()
      for k in 0..<5 {
        done.enter()
        Thread.detachNewThread {
          usleep(UInt32(k) * 20_000)
          let answer = try? PageClient.stop(port: port, token: token)
          answers.withLock { $0.append(answer?.body ?? "none") }
          done.leave()
        }
      }
      done.wait()
      let all = answers.withLock(\.self)
      #expect(all.count == 5 && all.allSatisfy { $0.contains("\"stopped\"") }, "\(all)")
      let outcome = run.finish(within: 30)
      #expect(outcome.code == 1, "\(outcome.errors)")
      #expect(try outcome.events().named("episode").last?.string("end") == "emergency stop")
      #expect(try client.stop().body.contains("\"stopped\""))
      watch.send(SIGTERM)
      #expect(watch.finish(within: 30).code == 0)
      plant.end()
      try expectComplete(folder.file("w"))
    }

    @Test func nobodyIsStoppedWhereNobodyRuns() throws {
      #expect(
        try folder.replan(
          "collect", Places.cartPole, "--lockstep", "--duration", "1", "--workspace", "w"
        ).code == 0)
      let watch = try folder.start("watch", "w", "--json", "--port", "0")
      let url = try watch.event("listening").string("url")
      #expect(url.hasPrefix("http://127.0.0.1:"))
      let client = try PageClient(url)
      // The last finished state is still there to be seen.
      try client.await { $0["phase"] as? String == "ended" && $0["isAlive"] as? Bool == false }
      #expect(try client.stop().body.contains("\"nobody\""))
      #expect(try client.stop(token: "wrong-wrong-wrong-wrong").code == 403)
      watch.send(SIGINT)
      #expect(watch.finish(within: 30).code == 0)
    }

    @Test(arguments: [
      ["w", "--port", "70000"], ["w", "--listen", "robot.local"], ["w", "--listen", "0.0.0.0"],
      ["w", "--listen", "::", "--token", "short"],
      ["w", "--listen", "0.0.0.0", "--token", "a b c d e f g h i j"],
    ])
    func wrongUsage(arguments: [String]) throws {
      #expect(
        try folder.replan(
          "collect", Places.cartPole, "--lockstep", "--duration", "0.1", "--workspace", "w"
        ).code == 0)
      let run = try ReplanProcess(["watch"] + arguments, in: folder).finish()
      #expect(run.code == 64, "\(run.errors)")
      #expect(!run.errors.isEmpty)
    }

    @Test func othersNeedTheToken() throws {
      #expect(
        try folder.replan(
          "collect", Places.cartPole, "--lockstep", "--duration", "0.1", "--workspace", "w"
        ).code == 0)
      let watch = try folder.start(
        "watch", "w", "--json", "--listen", "0.0.0.0", "--token", "new")
      let url = try watch.event("listening").string("url")
      let parts = try #require(URLComponents(string: url))
      let token = try #require(parts.queryItems?.first { $0.name == "token" }?.value)
      #expect(parts.host == "0.0.0.0" && token.count == 32)
      let port = try #require(parts.port)
      func get(_ path: String) throws -> Int {
        try PageClient.request(port: port, "GET \(path) HTTP/1.1\r\nHost: robot:\(port)").code
      }
      #expect(try get("/") == 403 && get("/?token=wrong") == 403 && get("/stream") == 403)
      #expect(try get("/?token=\(token)") == 200)
      watch.send(SIGINT)
      #expect(watch.finish(within: 30).code == 0)
    }

    @Test func aPortThatIsTakenIsToldOf() throws {
      #expect(
        try folder.replan(
          "collect", Places.cartPole, "--lockstep", "--duration", "0.1", "--workspace", "w"
        ).code == 0)
      let first = try folder.start("watch", "w", "--json")
      let url = try first.event("listening").string("url")
      let port = try #require(URLComponents(string: url)?.port)
      let second = try folder.replan("watch", "w", "--port", "\(port)")
      #expect(second.code == 64 && second.errors.contains("--port"), "\(second.errors)")
      first.send(SIGINT)
      #expect(first.finish(within: 30).code == 0)
    }
  }
}
