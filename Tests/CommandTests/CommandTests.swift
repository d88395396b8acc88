import Testing

/// The command line as a user meets it: every test runs `replan` as a process of its own.
///
/// One after another, since several of them keep time.
@Suite(.serialized)
enum CommandTests {}
