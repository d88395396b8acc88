import Foundation
import Testing

extension CommandTests {
  /// `--key` on both sides of the line, on one, and with different keys.
  @Suite(.serialized)
  struct SigningTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func key(_ name: String, _ byte: UInt8, mode: Int = 0o600) throws -> String {
      let path = folder.file(name)
      let content = Data((0..<32).map { byte &+ $0 })
      guard
        FileManager.default.createFile(
          atPath: path, contents: content, attributes: [.posixPermissions: mode])
      else { throw Failure(description: "\(path) cannot be written") }
      return path
    }

    private func run(_ plant: SeparatePlant, _ more: String...) throws -> Outcome {
      try ReplanProcess(
        [
          "collect", Places.cartPole, "--device", plant.device, "--lockstep", "--episodes", "1",
          "--duration", "1", "--json", "--workspace", "w", "--fresh",
        ] + more, in: folder
      ).finish(within: 30)
    }

    @Test func learningAndRunningWithAKeyGoOnAsWithout() throws {
      let key = try key("key", 1)
      let common = [Places.pendulum, "--lockstep", "--json", "--workspace"]
      // The same seed gives the same runs, whether frames are signed or not.
      for command in ["learn", "run"] {
        let signed = try ReplanProcess([command] + common + ["w", "--key", key], in: folder)
          .finish()
        let plain = try ReplanProcess([command] + common + ["v"], in: folder).finish()
        let returns = try [signed, plain].map {
          try $0.events().named("episode").map { $0.number("return") }
        }
        #expect(signed.code == plain.code, "\(signed.errors)")
        #expect(returns[0] == returns[1] && !returns[0].isEmpty)
      }
    }

    @Test func bothSidesMustHaveTheSameKey() throws {
      let (mine, other) = (try key("mine", 1), try key("other", 2))
      let signing = try SeparatePlant.simulator(in: folder, key: mine)
      #expect(try run(signing, "--key", mine).code == 0)
      for (more, words) in [([], "--key FILE"), (["--key", other], "the same key")] {
        let outcome = try ReplanProcess(
          ["collect", Places.cartPole, "--device", signing.device, "--json", "--workspace", "v"]
            + more, in: folder
        ).finish(within: 30)
        #expect(outcome.code == 69)
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
      }
      signing.end()
      let plain = try SeparatePlant.simulator(in: folder)
      let outcome = try run(plain, "--key", mine)
      #expect(outcome.code == 69)
      #expect(outcome.errors.contains("does not sign"), "\(outcome.errors)")
      #expect(try run(plain).code == 0)
    }

    @Test func aKeyThatOthersMayReadIsRefusedBeforeAnythingStarts() throws {
      let open = try key("open", 1, mode: 0o644)
      let outcome = try folder.replan(
        "collect", Places.cartPole, "--lockstep", "--workspace", "w", "--key", open)
      #expect(outcome.code == 74)
      #expect(outcome.errors.contains("chmod 600 \(open)"), "\(outcome.errors)")
      let short = try folder.write("abc", "short")
      #expect(chmod(short, 0o600) == 0)
      let other = try folder.replan(
        "collect", Places.cartPole, "--lockstep", "--workspace", "w", "--key", short)
      #expect(other.code == 65 && other.errors.contains("3 bytes"), "\(other.errors)")
    }
  }
}
