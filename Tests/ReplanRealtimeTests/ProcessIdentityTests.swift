import Glibc
import Testing

@testable import ReplanRealtime

@Suite struct ProcessIdentityTests {
  @Test func thisProcessIsAlive() throws {
    let start = try #require(ProcessIdentity.start(of: getpid()))
    #expect(ProcessIdentity(number: getpid(), start: start).isAlive)
    // Another one of the same number is another one.
    #expect(!ProcessIdentity(number: getpid(), start: start + 1).isAlive)
  }

  @Test func aProcessThatHasEndedIsNot() throws {
    var number = pid_t()
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("1000"), nil]
    defer { for argument in arguments { free(argument) } }
    try #require(posix_spawn(&number, "/bin/sleep", nil, nil, &arguments, environ) == 0)
    let start = ProcessIdentity.start(of: number)
    let identity = ProcessIdentity(number: number, start: start ?? 0)
    #expect(identity.isAlive)
    kill(number, SIGKILL)
    while waitpid(number, nil, 0) < 0 && errno == EINTR {}
    #expect(!identity.isAlive)
    #expect(!ProcessIdentity(number: 0, start: 0).isAlive)
    #expect(!ProcessIdentity(number: -1, start: 1).isAlive)
  }

  @Test(arguments: [
    ("42 (a) b (c)) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 0", 4711 as UInt64?),
    ("42 (gone) Z 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 0", nil), ("42", nil),
    ("42 (x) S 1", nil),
  ])
  func theStartIsTheTwentySecondField(line: String, start: UInt64?) {
    #expect(ProcessIdentity.start(in: line) == start)
  }
}
