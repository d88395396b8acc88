/// Small dense symmetric positive definite systems, in place and row-major.
///
/// For the few actions of a tick; larger systems are LAPACK's, off the tick.
public enum Cholesky {
  /// Replaces the lower triangle of `matrix` [n × n] by its factor L, A = L Lᵀ.
  ///
  /// - Returns: false if the matrix is not positive definite; its contents are then undefined.
  @inlinable
  public static func factor(_ matrix: UnsafeMutablePointer<Float>, _ n: Int, stride: Int) -> Bool {
    for j in 0..<n {
      var pivot = matrix[j * stride + j]
      for k in 0..<j { pivot -= matrix[j * stride + k] * matrix[j * stride + k] }
      guard pivot > 1e-12 else { return false }
      let root = squareRoot(pivot)
      matrix[j * stride + j] = root
      for i in (j + 1)..<max(n, j + 1) {
        var sum = matrix[i * stride + j]
        for k in 0..<j { sum -= matrix[i * stride + k] * matrix[j * stride + k] }
        matrix[i * stride + j] = sum / root
      }
    }
    return true
  }

  /// Solves L Lᵀ x = b for one right-hand side whose elements lie `step` apart, in place.
  @inlinable
  public static func solve(
    _ factor: UnsafePointer<Float>, _ n: Int, stride: Int, _ b: UnsafeMutablePointer<Float>,
    step: Int
  ) {
    for i in 0..<n {
      var sum = b[i * step]
      for k in 0..<i { sum -= factor[i * stride + k] * b[k * step] }
      b[i * step] = sum / factor[i * stride + i]
    }
    var i = n - 1
    while i >= 0 {
      var sum = b[i * step]
      for k in (i + 1)..<max(n, i + 1) { sum -= factor[k * stride + i] * b[k * step] }
      b[i * step] = sum / factor[i * stride + i]
      i -= 1
    }
  }
}
