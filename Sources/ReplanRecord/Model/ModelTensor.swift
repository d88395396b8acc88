/// One tensor of a model file.
struct ModelTensor {
  /// Networks are stored in single precision, as the loop computes; identified values in double.
  enum Values {
    case single([Float])
    case double([Double])
  }

  /// A tensor that a file has to hold.
  struct Expected {
    var name: String
    var shape: [Int]
    var isDouble = false
    var isOptional = false

    var type: String { isDouble ? "F64" : "F32" }
  }

  var name: String
  var shape: [Int]
  var values: Values

  var type: String {
    switch values {
    case .single: "F32"
    case .double: "F64"
    }
  }

  var count: Int {
    switch values {
    case .single(let values): values.count
    case .double(let values): values.count
    }
  }

  /// Bytes of one value of a type; nil for a type that no model file has.
  static func size(of type: String) -> Int? {
    switch type {
    case "F32": 4
    case "F64": 8
    default: nil
    }
  }

  func append(to bytes: inout [UInt8]) {
    switch values {
    case .single(let values): bytes.append(littleEndian: values)
    case .double(let values): for value in values { bytes.append(littleEndian: value.bitPattern) }
    }
  }

  /// What is wrong with the values where `shape` and finite numbers are asked for; nil if nothing is.
  var fault: String? {
    let size = shape.reduce(1, *)
    guard count == size else { return "\(name) has \(count) values, not \(size)" }
    let isFinite =
      switch values {
      case .single(let values): values.allSatisfy(\.isFinite)
      case .double(let values): values.allSatisfy(\.isFinite)
      }
    return isFinite ? nil : "\(name) is not finite"
  }
}

/// The tensors of a file, read by name.
struct TensorValues {
  private var values: [String: ModelTensor.Values] = [:]

  var names: Set<String> { Set(values.keys) }

  subscript(name: String) -> ModelTensor.Values? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// Empty where the tensor is optional and not there.
  func single(_ name: String) -> [Float] {
    if case .single(let values) = values[name] { values } else { [] }
  }

  func double(_ name: String) -> [Double] {
    if case .double(let values) = values[name] { values } else { [] }
  }
}
