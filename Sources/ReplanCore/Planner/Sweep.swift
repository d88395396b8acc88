import ReplanNumerics

/// Draws and values all candidates of an iteration, the work shared among workers.
///
/// The unit of work is one particle of one block of candidates. Each worker takes an unbroken run
/// of units of about the same weight, so that thirteen vectors divide by two all the same. A unit's
/// numbers depend on its place only, and the particles' costs are reduced by the caller in a fixed
/// order: the result has the same bits for any number of workers.
///
/// A worker whose run begins inside a block draws the block's candidates again, in memory of its
/// own; beside a single rollout that is nothing.
struct Sweep {
  /// What is drawn in one iteration.
  struct Request {
    var iteration: Int
    var count: Int
    /// Candidates before this number are the mean itself.
    var exact: Int
    /// Distribution of the plan [horizon × A].
    var mean: UnsafePointer<Float>
    var deviation: UnsafePointer<Float>
    /// Plans [count × horizon × A] that stand in for drawn candidates, the first of which is
    /// `givenFirst`.
    var given: UnsafePointer<Float>?
    var givenFirst = 0
    var givenCount = 0
  }

  /// What a worker other than the caller writes to while it works.
  private struct Helper {
    var model: Model
    let scorer: Scorer
    let sampler: Sampler

    init(_ configuration: ControllerConfiguration, sampler: Sampler, arena: inout Arena) {
      model = Model(configuration.model, structure: configuration.structure, arena: &arena)
      scorer = Scorer(configuration, horizon: sampler.horizon, arena: &arena)
      self.sampler = sampler.withOwnScratch(arena: &arena)
    }
  }

  /// What the workers are handed.
  private struct Job {
    let sweep: Sweep
    let request: Request
    let problem: PlanningProblem
  }

  let candidates: Candidates
  /// The caller's.
  let scorer: Scorer
  private let sampler: Sampler
  private let workers: Int
  /// Costs of all particles, block by block [particle × vectors].
  private let costs: UnsafeMutablePointer<Lanes>
  private let job: UnsafeMutablePointer<Job>
  private let helpers: UnsafeMutablePointer<Helper>
  private let helperMemory: UnsafeMutableRawPointer
  private let helperBytes: Int

  init(
    _ configuration: ControllerConfiguration, candidates count: Int, sampler: Sampler,
    arena: inout Arena
  ) {
    precondition(
      configuration.workers >= 1 && configuration.workers <= 16, "1 to 16 workers are supported")
    workers = configuration.workers
    self.sampler = sampler
    scorer = Scorer(configuration, horizon: sampler.horizon, arena: &arena)
    candidates = Candidates(
      capacity: count, horizon: sampler.horizon, actionCount: sampler.actionCount,
      particles: scorer.particles, workers: workers, arena: &arena)
    costs = arena.lanes(Lanes.vectors(for: count) * scorer.particles)
    // SAFETY: both hold pointers and numbers only, and are written before they are read: the
    // helpers by `prepare`, the job by `run`.
    job = UnsafeMutableRawPointer(arena.take(UInt8.self, count: MemoryLayout<Job>.stride))
      .assumingMemoryBound(to: Job.self)
    helpers = UnsafeMutableRawPointer(
      arena.take(UInt8.self, count: MemoryLayout<Helper>.stride * (workers - 1))
    ).assumingMemoryBound(to: Helper.self)
    var measure = Arena.measuring()
    _ = Helper(configuration, sampler: sampler, arena: &measure)
    helperBytes = measure.used
    helperMemory = UnsafeMutableRawPointer(
      arena.take(UInt8.self, count: helperBytes * (workers - 1)))
  }

  /// Fills tables; not on the tick.
  func prepare(_ configuration: ControllerConfiguration) {
    sampler.prepare()
    for i in 0..<(workers - 1) {
      var arena = Arena(base: helperMemory + i * helperBytes, capacity: helperBytes)
      let helper = Helper(configuration, sampler: sampler, arena: &arena)
      helper.model.prepare(configuration.model, structure: configuration.structure)
      (helpers + i).initialize(to: helper)
    }
  }

  /// Draws and values the candidates; plans and costs are in `candidates` afterwards.
  func run(_ request: Request, _ problem: borrowing PlanningProblem) {
    job.initialize(to: Job(sweep: self, request: request, problem: copy problem))
    problem.crew.share(workers, job) { Sweep.work($0, $1) }
    var start = 0
    while start < Lanes.vectors(for: request.count) {
      let vectors = candidates.block(of: start, count: request.count).vectors
      scorer.reduce(
        costs + start * scorer.particles, vectors: vectors, into: candidates.costs + start)
      start += vectors
    }
  }

  @_noAllocation @_noLocks
  private static func work(_ argument: UnsafeMutableRawPointer?, _ part: Int) {
    guard let argument else { return }
    // SAFETY: `run` passes the job, and does not write to it before all parts have returned.
    let job = UnsafePointer(argument.assumingMemoryBound(to: Job.self))
    job.pointee.sweep.work(part, job.pointee.request, job.pointee.problem)
  }

  private func work(_ part: Int, _ request: Request, _ problem: PlanningProblem) {
    guard part > 0 else { return work(part, scorer, sampler, request, problem) }
    let helper = helpers[part - 1]
    var own = problem
    own.model = helper.model
    if let parameters = problem.model.parameters { own.model.adopt(parameters) }
    work(part, helper.scorer, helper.sampler, request, own)
  }

  /// Carries out the units of one part.
  private func work(
    _ part: Int, _ scorer: Scorer, _ sampler: Sampler, _ request: Request,
    _ problem: PlanningProblem
  ) {
    let all = Lanes.vectors(for: request.count)
    var start = 0
    while start < all {
      let vectors = candidates.block(of: start, count: request.count).vectors
      var actions: UnsafeMutablePointer<Lanes>?
      for p in 0..<scorer.particles {
        let before = start * scorer.particles + p * vectors
        let owner = Sweep.owner(
          before: before, weight: vectors, of: all * scorer.particles, workers: workers)
        guard owner == part else { continue }
        // The worker of the first particle draws the block for everyone to see.
        let block =
          actions ?? (p == 0 ? candidates.block(start) : scorer.scratchActions)
        if actions == nil {
          draw(block, start: start, vectors: vectors, sampler, request, problem)
          scorer.limit(block, vectors: vectors, problem)
          actions = block
        }
        scorer.roll(
          block, particle: p, vectors: vectors, first: start * Lanes.width,
          iteration: request.iteration, problem, into: costs + before)
      }
      start += vectors
    }
  }

  /// The part that carries out a unit: the one in whose share of the weight its middle lies.
  @inline(always)
  static func owner(before: Int, weight: Int, of total: Int, workers: Int) -> Int {
    (2 * before + weight) * workers / (2 * total)
  }

  @inline(always)
  private func draw(
    _ block: UnsafeMutablePointer<Lanes>, start: Int, vectors: Int, _ sampler: Sampler,
    _ request: Request, _ problem: PlanningProblem
  ) {
    let first = start * Lanes.width
    sampler.fill(
      block, vectors: vectors, first: first, exact: request.exact, iteration: request.iteration,
      key: problem.key, mean: request.mean, deviation: request.deviation)
    guard let given = request.given else { return }
    var c = max(first, request.givenFirst)
    let end = min(first + vectors * Lanes.width, request.givenFirst + request.givenCount)
    while c < end {
      candidates.set(
        c - first, of: block, vectors: vectors,
        from: given + (c - request.givenFirst) * candidates.planSize)
      c += 1
    }
  }
}
