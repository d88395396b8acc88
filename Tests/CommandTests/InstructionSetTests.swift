import Foundation
import Testing

/// What the programs say on a processor that lacks what they were built for.
///
/// Valgrind's processor has AVX2 and no AVX-512, so that a build for AVX-512 meets a lesser one.
@Suite struct InstructionSetTests {
  @Test(arguments: ["replan", "firmware-sim"])
  func aLesserProcessorIsNamedBeforeAnythingElse(program: String) throws {
    let folder = try Folder()
    // Without debug information, some forms of which valgrind gives up at.
    let copy = folder.file(program)
    let stripped = try run("strip", ["-o", copy, Places.program(program).path])
    #expect(stripped.status == 0, "\(stripped.errors)")
    let result = try run("valgrind", ["--tool=none", "--quiet", copy, "--help"])
    // Everything is built with the same options: this tile stands for AVX-512.
    #if REPLAN_WIDE_TILE
      #expect(result.status == 70)
      #expect(result.errors.contains("built for a processor with AVX-512"))
      #expect(result.errors.contains("make build"))
      #expect(result.output.isEmpty)
    #else
      // Its processor is the one that this was built for. It cannot run a main function that waits for
      // others, which ends the main thread.
      #expect(!result.errors.contains("built for a processor"))
      #expect(
        program == "replan" || result.status == 0 && result.output.contains("USAGE"),
        "\(result.errors)")
    #endif
  }

  private func run(
    _ tool: String, _ arguments: [String]
  ) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let texts = [output, errors].map {
      String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    process.waitUntilExit()
    return (process.terminationStatus, texts[0], texts[1])
  }
}
