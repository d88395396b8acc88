import ArgumentParser

/// Runs a command's body and turns every error into words and an exit code.
func reporting(
  _ console: Console, _ body: () async throws -> Code?
) async throws {
  do {
    if let code = try await body() { throw ExitCode(code.rawValue) }
  } catch {
    guard let failure = Failure(error) else { throw error }
    console.fail(failure)
    throw ExitCode(failure.code.rawValue)
  }
}
