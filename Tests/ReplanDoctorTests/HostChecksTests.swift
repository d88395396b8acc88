import Testing

@testable import ReplanDoctor

@Suite struct HostChecksTests {
  @Test func whatCannotBeReadIsUnknownAndSaysSo() throws {
    for cpu in [nil, 1] {
      let checks = try PlantedHost().checks(cpu: cpu).all()
      #expect(checks.count == 14)
      for check in checks { #expect(check.finding == .unknown, "\(check.name): \(check.found)") }
      #expect(checks.filter { $0.found.hasPrefix("cannot read /") }.count >= 10)
    }
  }

  @Test func checksHaveNamesOfTheirOwnAndAReason() {
    let checks = HostChecks(priority: 80, period: 0.02).all()
    #expect(Set(checks.map(\.name)).count == checks.count)
    for check in checks {
      #expect(!check.why.isEmpty && !check.found.isEmpty)
      let needsRemedy = check.finding == .warning || check.finding == .problem
      #expect(!needsRemedy || !check.remedy.isEmpty, "\(check.name)")
    }
  }

  @Test func filesAreReadBelowTheRootOnly() throws {
    let host = try PlantedHost(["/etc/a": "  text \n\n", "/etc/b10": "x", "/etc/b9": "x"])
    let files = HostFiles(root: host.path)
    #expect(try files.text("/etc/a") == "text")
    #expect(try files.numbered("b", in: "/etc") == [9, 10])
    #expect(files.exists("/etc/a") && !files.exists("/etc/passwd"))
    #expect(throws: HostFileError.self) { try files.text("/etc/passwd") }
    #expect(throws: HostFileError.self) { try files.number("/etc/a") }
    #expect(throws: HostFileError.self) { try files.names("/etc/a") }
    #expect(throws: HostFileError.self) { try files.text("/etc") }
  }
}
