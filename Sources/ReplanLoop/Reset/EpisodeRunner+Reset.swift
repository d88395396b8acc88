import ReplanCore
import ReplanHIL
import ReplanRealtime
import ReplanRobot
import ReplanWire

/// How the plant comes into its initial state, by the ways that the robot file names, in their order.
extension EpisodeRunner {
  /// Brings the plant to its initial state, disarmed.
  ///
  /// A plant that cannot reset itself, or refuses to, leaves it to the next way. What the controller can
  /// do for it is an episode of its own, before this one.
  ///
  /// - Parameter sequence: of the last action that was sent; in lockstep an action has to be sent for a
  ///   sample where no reset gives one.
  /// - Returns: the sample to begin with; nil while streaming, where samples come by themselves.
  func bringToStart(
    _ episode: EpisodeOptions, sequence: inout UInt32
  ) throws(LoopError) -> ObservationMessage? {
    let (initial, ways) = (episode.initialState, robot.episode.resetBy)
    if episode.isInPlace {
      do throws(HILError) { return try sample(sequence: &sequence) } catch { throw .plant(error) }
    }
    var refusal: String?
    for way in ways {
      switch way {
      case .plant:
        do throws(HILError) {
          return try session.reset(initial, isStopRequested: isStopRequested)
        } catch {
          // Silence and a lost line are no refusal: whoever comes next could not reach it either.
          guard case .refused = error else { throw .plant(error) }
          refusal = error.description
        }
      case .operator:
        if try awaitOperator(initial) {
          do throws(HILError) { return try sample(sequence: &sequence) } catch {
            throw .plant(error)
          }
        }
        refusal = "the operator says that the plant cannot be brought there"
      case .controller: continue
      }
    }
    throw .noReset(
      refusal
        ?? (initial == .rest
          ? "the controller has not brought the plant to rest"
          : "the controller brings the plant to rest only, and a random state was asked for"),
      ways: ways.map(\.rawValue))
  }

  /// Asks the operator, with the plant disarmed.
  ///
  /// - Returns: whether it is done; false if the operator says that it cannot be.
  private func awaitOperator(_ initial: InitialState) throws(LoopError) -> Bool {
    session.disarm()
    let state =
      switch initial {
      case .rest: "to rest"
      case .random: "into a state of your choice"
      }
    let answer = prompt(
      "bring the plant \(state); it is disarmed", robot.episode.resetTimeout, isStopRequested)
    switch answer {
    case .done: return true
    case .refused: return false
    case .unanswered, .gone:
      // A terminal that is closed asks for a stop as well, which is in order.
      if isStopRequested() { throw .plant(.stopped(path: session.link.path)) }
      throw .operatorSilent(seconds: answer == .gone ? nil : robot.episode.resetTimeout)
    }
  }

  /// A sample of a plant that nothing has reset.
  private func sample(sequence: inout UInt32) throws(HILError) -> ObservationMessage? {
    guard options.isLockstep else { return nil }
    sequence &+= 1
    let limits = robot.limits()
    var values = InlineArray<16, Float>(repeating: 0)
    for i in robot.action.indices { values[i] = limits.safe[i] }
    return try session.exchange(
      ActionMessage(
        timeMicroseconds: UInt64(MonotonicClock.nanoseconds / 1000), sequence: sequence, tick: 0,
        flags: [], count: UInt8(robot.action.count), values: values),
      isStopRequested: isStopRequested)
  }
}
