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

/// Does something with each of several things; one that fails is told and does not hinder the others.
///
/// - Returns: the exit code of the first failure; nil if there was none.
func forEach<Items: Sequence>(
  _ items: Items, _ console: Console, _ body: (Items.Element) throws -> Void
) throws -> Code? {
  var code: Code?
  for item in items {
    do {
      try body(item)
    } catch {
      guard let failure = Failure(error) else { throw error }
      console.fail(failure)
      code = code ?? failure.code
    }
  }
  return code
}
