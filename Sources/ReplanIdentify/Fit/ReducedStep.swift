/// One step of Levenberg-Marquardt with the initial states of the windows eliminated.
///
/// The initial state of a window shows in that window only. An orthogonal triangularisation of its
/// columns leaves rows that know the parameters alone; these of all windows together are the reduced
/// problem, of the parameters' size however many windows there are.
///
/// - Source: Golub, Pereyra 1973, doi 10.1137/0710036, separable least squares; Bock 1981 for multiple
///   shooting; damping by Marquardt 1963, doi 10.1137/0111030.
struct ReducedStep {
  /// Change of each free parameter.
  let parameters: [Double]
  /// Change of each window's initial state.
  let starts: [[Double]]

  /// - Parameters:
  ///   - damping: weight of the columns' norms; above 0.
  ///   - held: free parameters that stay where they are.
  init(_ windows: [ShootingProblem.Linearization], damping: Double, held: Set<Int>) {
    let reduced = ReducedProblem(windows, damping: damping, held: held)
    let root = damping.squareRoot()
    let count = reduced.matrix.columns
    let rows = reduced.matrix.rows
    var stacked = Matrix(rows: rows + count, columns: count)
    var right = Matrix(rows: rows + count, columns: 1)
    for j in 0..<count {
      for i in 0..<rows { stacked[i, j] = reduced.matrix[i, j] }
      stacked[rows + j, j] = root * reduced.norms[j]
    }
    for i in 0..<rows { right[i, 0] = reduced.right[i] }
    let change: [Double]
    if count == 0 {
      change = []
    } else {
      let (r, q) = DenseAlgebra.triangularized(stacked, applyingTo: right)
      change = DenseAlgebra.solved(upper: r, q.values)
    }
    parameters = change
    starts = reduced.eliminated.map { $0.change(for: change) }
  }
}

/// The rows that know the parameters alone.
struct ReducedProblem {
  /// How a window's initial state follows from the parameters.
  struct Eliminated {
    /// R of the initial state's columns.
    let r: Matrix
    /// Qᵀ of the parameters' columns and of the errors, first S rows.
    let head: Matrix

    func change(for parameters: [Double]) -> [Double] {
      let states = r.columns
      let right = (0..<states).map { i in
        parameters.indices.reduce(head[i, parameters.count]) { $0 - head[i, $1] * parameters[$1] }
      }
      return DenseAlgebra.solved(upper: r, right)
    }
  }

  let matrix: Matrix
  let right: [Double]
  /// Norms of the parameters' columns before the elimination; 1 where a column is zero.
  let norms: [Double]
  let eliminated: [Eliminated]

  /// - Parameter damping: weight of the norms of the initial states' columns; 0 for none.
  init(_ windows: [ShootingProblem.Linearization], damping: Double, held: Set<Int> = []) {
    let free = windows.first?.byParameter.columns ?? 0
    let states = windows.first?.byStart.columns ?? 0
    // What is left of a window: its rows, less the states that they determine.
    let rows = windows.reduce(0) { $0 + $1.errors.count }
    var matrix = Matrix(rows: max(rows, free), columns: free)
    var right = [Double](repeating: 0, count: max(rows, free))
    var norms = [Double](repeating: 0, count: free)
    var eliminated: [Eliminated] = []
    let root = damping.squareRoot()
    var next = 0
    for window in windows {
      let m = window.errors.count
      var local = Matrix(rows: m + states, columns: states)
      var others = Matrix(rows: m + states, columns: free + 1)
      for j in 0..<states {
        var square = 0.0
        for i in 0..<m {
          local[i, j] = window.byStart[i, j]
          square += window.byStart[i, j] * window.byStart[i, j]
        }
        // A state that shows nowhere keeps its guess.
        local[m + j, j] = square > 0 ? max(root, 1e-9) * square.squareRoot() : 1
      }
      for j in 0..<free where !held.contains(j) {
        for i in 0..<m {
          others[i, j] = window.byParameter[i, j]
          norms[j] += others[i, j] * others[i, j]
        }
      }
      for i in 0..<m { others[i, free] = window.errors[i] }
      let (r, turned) = DenseAlgebra.triangularized(local, applyingTo: others)
      var head = Matrix(rows: states, columns: free + 1)
      for j in 0...free {
        for i in 0..<states { head[i, j] = turned[i, j] }
        for i in 0..<m {
          if j < free {
            matrix[next + i, j] = turned[states + i, j]
          } else {
            right[next + i] = turned[states + i, j]
          }
        }
      }
      next += m
      eliminated.append(Eliminated(r: r, head: head))
    }
    self.matrix = matrix
    self.right = right
    self.norms = norms.map { $0 > 0 ? $0.squareRoot() : 1 }
    self.eliminated = eliminated
  }
}
