import ReplanHIL
import ReplanRealtime

/// What the loop asks of the system, so that it need not ask for anything once the plant is armed.
struct RealtimePreparation {
  let options: LoopOptions
  let host: ControllerHost
  let link: Link
  let wait: WorkerThreads.Wait

  /// Simulated time needs none of it.
  var isWanted: Bool { !options.isLockstep && options.priority != nil }

  var controlThread: ThreadOptions {
    ThreadOptions(name: "control", priority: options.priority, cpu: options.cpu)
  }

  /// Locks the process's memory and, where real time is required, sees whether the control thread
  /// will get all it asks for.
  ///
  /// Before the episode's file is made and the plant armed: it takes a while, and from arming on
  /// the plant's watchdog waits for actions.
  func prepare() throws(LoopError) -> RealtimeReport {
    let memory = isWanted ? MemoryLock.lockProcess() : RealtimeReport()
    let workers = try startWorkers()
    let helpers = workers + (isWanted ? link.report : RealtimeReport())
    guard isWanted, options.requiresRealtime else { return memory + helpers }
    let report = memory + helpers + (try probe())
    guard report.isComplete else { throw .notRealtime(report) }
    return report
  }

  private func probe() throws(LoopError) -> RealtimeReport {
    do throws(RealtimeError) {
      return try RealtimeThread.start(controlThread) { $0 }.join()
    } catch {
      throw .realtime(error)
    }
  }

  /// Workers run as the control thread does, beside it.
  private func startWorkers() throws(LoopError) -> RealtimeReport {
    do throws(RealtimeError) {
      return try host.startWorkers(
        priority: isWanted ? options.priority : nil, cpu: options.cpu, wait: wait)
    } catch {
      throw .realtime(error)
    }
  }
}
