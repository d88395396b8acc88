import Foundation
import ReplanCore
import ReplanNumerics
import Testing

@testable import ReplanLearn

struct TrainingKernelTests {
  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 32, 37])
  func productIsTheOrderedSumForEveryNumberOfRows(rows: Int) {
    let (depth, columns) = (7, 3)
    var p = Philox(seed: SIMD2(1, 1), episode: 0, tick: 0, iteration: 0, candidate: 0)
    let x = (0..<(rows * depth)).map { _ in p.nextNormals().x }
    // The same matrix stored by columns.
    let transposed = (0..<(rows * depth)).map { x[$0 % rows * depth + $0 / rows] }
    let panel = lanes((0..<(depth * columns * 16)).map { _ in p.nextNormals().y })
    let start = lanes((0..<(columns * 16)).map { _ in p.nextNormals().z })
    var out = [Lanes](repeating: Lanes(repeating: .nan), count: rows * columns)
    MatrixKernel.multiply(
      rows: rows, depth: depth, columns: columns, x, stride: depth, panel, start: start, into: &out)
    var other = out
    MatrixKernel.multiplyTransposed(
      rows: rows, depth: depth, columns: columns, transposed, stride: rows, panel, into: &other)
    for i in 0..<rows {
      for j in 0..<columns {
        var sum = start[j]
        var plain = Lanes(repeating: 0)
        for k in 0..<depth {
          sum = sum.adding(x[i * depth + k], times: panel[k * columns + j])
          plain = plain.adding(x[i * depth + k], times: panel[k * columns + j])
        }
        // To the bit: the order of a sum must not depend on the tile.
        #expect(out[i * columns + j] == sum)
        #expect(other[i * columns + j] == plain)
      }
    }
  }

  @Test(arguments: [(1, 1), (6, 4), (16, 1), (17, 2), (64, 4), (33, 3)])
  func transposeMovesEveryElementAndClearsThePadding(rows: Int, columns: Int) {
    let source = lanes((0..<(rows * columns * 16)).map { Float($0 + 1) })
    let width = Lanes.vectors(for: rows)
    var target = [Lanes](repeating: Lanes(repeating: .nan), count: 16 * columns * width)
    Transpose.copy(source, rows: rows, columns: columns, into: &target)
    for c in 0..<(16 * columns) {
      for r in 0..<(16 * width) {
        let expected: Float = r < rows ? source[r * columns + c / 16][c % 16] : 0
        #expect(target[c * width + r / 16][r % 16] == expected)
      }
    }
  }

  @Test func reciprocalRootIsGoodToFiveMillionths() {
    for exponent in stride(from: Float(-36), through: 36, by: 0.37) {
      let x = Float(pow(10, Double(exponent)))
      let y = AdamW.reciprocalRoot(Lanes(repeating: x))[5]
      #expect(abs(Double(y) * Double(x).squareRoot() - 1) < 5e-6)
    }
  }

  @Test(arguments: [Activation.silu, .tanh, .softplus])
  func activationsAndSlopesAreThoseOfTheirFormulas(activation: Activation) {
    let memory = UnsafeMutablePointer<Lanes>.allocate(capacity: 2)
    defer { memory.deallocate() }
    func pass(_ x: Float) -> (value: Float, slope: Float) {
      memory[0] = Lanes(repeating: x)
      ActivationPass.apply(activation, memory, slope: memory + 1, count: 1)
      return (memory[0][3], memory[1][3])
    }
    for x in stride(from: Float(-30), through: 30, by: 0.173) {
      let z = Double(x)
      let s = 1 / (1 + exp(-z))
      let (value, slope) =
        switch activation {
        case .silu: (z * s, s + z * s * (1 - s))
        case .tanh: (tanh(z), 1 - tanh(z) * tanh(z))
        case .softplus: (max(z, 0) + log1p(exp(-abs(z))), s)
        }
      let computed = pass(x)
      #expect(abs(Double(computed.value) - value) < 4e-7 * max(abs(value), 1e-6), "\(x)")
      #expect(abs(Double(computed.slope) - slope) < 5e-7 * max(1, abs(z)), "\(x)")
    }
    for x in [Float(1e30), -1e30] {
      let computed = pass(x)
      #expect(computed.value.isFinite && computed.slope.isFinite)
    }
  }

  @Test func rateFallsAlongACosineToTheStatedFraction() {
    var settings = TrainingSettings()
    settings.steps = 101
    #expect(abs(settings.rate(at: 0) - 5e-3) < 1e-8)
    #expect(abs(settings.rate(at: 50) - 5e-3 * 0.51) < 1e-8)
    #expect(abs(settings.rate(at: 100) - 1e-4) < 1e-8)
  }

  private func lanes(_ values: [Float]) -> [Lanes] {
    (0..<(values.count / 16)).map { v in
      var lane = Lanes()
      for i in 0..<16 { lane[i] = values[16 * v + i] }
      return lane
    }
  }
}
