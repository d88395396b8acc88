import ArgumentParser

@main
struct Replan: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "replan", abstract: "x")
}
