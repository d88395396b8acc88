import Testing

extension CommandTests {
  /// What the host does not grant the control thread is told, and fatal only where that is wanted.
  @Suite(.serialized)
  struct ShortfallTests {
    let folder: Folder
    /// A processor that no machine has.
    private static let processor = "100000"

    init() throws { folder = try Folder() }

    @Test func isToldOnce() throws {
      let run = try folder.replan(
        "collect", Places.cartPole, "--episodes", "2", "--workspace", "w", "--cpu", Self.processor)
      #expect(run.code == 0, "\(run.errors)")
      let lines = run.errors.split(separator: "\n").filter {
        $0.contains("processor \(Self.processor)")
      }
      #expect(lines.count == 1)
      #expect(lines.first?.hasPrefix("not granted: ") == true)
      #expect(lines.first?.contains("try: ") == true)
    }

    @Test func isFatalOnRequest() throws {
      let run = try folder.replan(
        "collect", Places.cartPole, "--require-realtime", "--workspace", "w", "--cpu",
        Self.processor)
      #expect(run.code == 69)
      #expect(
        run.errors.contains("processor \(Self.processor)")
          && run.errors.contains("--require-realtime"))
    }
  }
}
