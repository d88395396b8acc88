import ArgumentParser

/// How a command tells what it does.
struct OutputOptions: ParsableArguments {
  @Flag(help: "One JSON object a line on standard output; progress goes to standard error.")
  var json = false

  var console: Console { Console(isJSON: json) }
}
