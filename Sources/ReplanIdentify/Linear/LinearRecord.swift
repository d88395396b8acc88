/// An unbroken run of evenly spaced samples: what was measured, and the inputs in force in between.
public struct LinearRecord: Sendable, Equatable {
  public let outputCount: Int
  public let inputCount: Int
  /// Shape [sample × output].
  public private(set) var outputs: [Double] = []
  /// The input in force from each sample to the next [sample × input].
  public private(set) var inputs: [Double] = []

  public init(outputCount: Int, inputCount: Int) {
    precondition(outputCount >= 1 && inputCount >= 1)
    self.outputCount = outputCount
    self.inputCount = inputCount
  }

  /// Samples.
  public var count: Int { outputs.count / outputCount }

  /// - Shapes: output [output], input [input], in force from this sample on.
  public mutating func append(output: [Double], input: [Double]) {
    precondition(output.count == outputCount && input.count == inputCount)
    outputs += output
    inputs += input
  }

  func output(_ sample: Int, _ channel: Int) -> Double { outputs[sample * outputCount + channel] }

  func input(_ sample: Int, _ channel: Int) -> Double { inputs[sample * inputCount + channel] }

  /// The run over some of the samples.
  func part(_ samples: Range<Int>) -> LinearRecord {
    var result = LinearRecord(outputCount: outputCount, inputCount: inputCount)
    result.outputs = Array(
      outputs[samples.lowerBound * outputCount..<samples.upperBound * outputCount])
    result.inputs = Array(inputs[samples.lowerBound * inputCount..<samples.upperBound * inputCount])
    return result
  }

  /// The run with inputs that come into force so many samples later; nil if too short for it.
  func delayingInputs(_ samples: Int) -> LinearRecord? {
    guard samples > 0 else { return self }
    guard count > samples + 1 else { return nil }
    var result = part(samples..<count)
    result.inputs = Array(inputs.prefix((count - samples) * inputCount))
    return result
  }
}

/// Means and deviations of channels: methods work on numbers of one size, so that none outweighs
/// another by its unit.
struct RecordScaling: Equatable {
  var outputMeans: [Double]
  var outputSizes: [Double]
  var inputMeans: [Double]
  var inputSizes: [Double]

  init(_ records: [LinearRecord]) {
    let first = records[0]
    (outputMeans, outputSizes) = Self.moments(records.map(\.outputs), count: first.outputCount)
    (inputMeans, inputSizes) = Self.moments(records.map(\.inputs), count: first.inputCount)
  }

  /// - Returns: the deviations as they are: 0 for a channel that does not vary.
  private static func moments(
    _ parts: [[Double]], count: Int
  ) -> (means: [Double], deviations: [Double]) {
    var (means, deviations): ([Double], [Double]) = ([], [])
    for channel in 0..<count {
      var (sum, number) = (0.0, 0)
      for values in parts {
        for k in stride(from: channel, to: values.count, by: count) { sum += values[k] }
        number += values.count / count
      }
      let mean = sum / Double(max(number, 1))
      var square = 0.0
      for values in parts {
        for k in stride(from: channel, to: values.count, by: count) {
          square += (values[k] - mean) * (values[k] - mean)
        }
      }
      let deviation = (square / Double(max(number, 1))).squareRoot()
      means.append(mean)
      // What is left over by rounding is no variation.
      deviations.append(deviation > 1e-12 * (mean.magnitude + deviation) ? deviation : 0)
    }
    return (means, deviations)
  }

  /// - Precondition: every channel varies.
  func applied(to record: LinearRecord) -> LinearRecord {
    var result = LinearRecord(outputCount: record.outputCount, inputCount: record.inputCount)
    for k in 0..<record.count {
      result.append(
        output: outputMeans.indices.map {
          (record.output(k, $0) - outputMeans[$0]) / outputSizes[$0]
        },
        input: inputMeans.indices.map { (record.input(k, $0) - inputMeans[$0]) / inputSizes[$0] })
    }
    return result
  }
}
