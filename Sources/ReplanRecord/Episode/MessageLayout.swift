import SwiftProtobuf

/// The protobuf message of one topic: a field for each channel, then the bookkeeping.
///
/// Every field is eight bytes wide, so that all messages of a topic have the same size. Channels
/// have the numbers from 1, bookkeeping those from 1001. A bookkeeping field whose name a channel
/// bears takes a leading underscore, which no channel's name can have. The descriptor is proto2, so
/// that a value of 0 stays visible as a value. JSON names are the fields' own: protobuf's derived
/// ones would make `x1` and `x_1` the same, which its readers refuse.
struct MessageLayout: Sendable {
  /// How eight bytes are read.
  enum Kind: Sendable { case real, count }

  static let firstBookkeepingNumber = 1001

  let topic: String
  /// The message's name within the package `replan`.
  let name: String
  let channels: [String]
  let bookkeeping: [(name: String, kind: Kind)]
  /// The encoded field tags, in order of the numbers.
  private let tags: [[UInt8]]

  init(topic: String, name: String, channels: [String], bookkeeping: [(String, Kind)]) {
    self.topic = topic
    self.name = name
    self.channels = channels
    self.bookkeeping = bookkeeping.map { field, kind in
      (name: channels.contains(field) ? "_" + field : field, kind: kind)
    }
    var tags = channels.indices.map { Self.tag($0 + 1) }
    tags += bookkeeping.indices.map { Self.tag($0 + Self.firstBookkeepingNumber) }
    self.tags = tags
  }

  static func observation(channels: [String]) -> MessageLayout {
    MessageLayout(
      topic: "/observation", name: "Observation", channels: channels,
      bookkeeping: [
        ("sequence", .count), ("action_sequence", .count), ("plant_time_us", .count),
        ("flags", .count), ("cost", .real),
      ])
  }

  static func action(channels: [String]) -> MessageLayout {
    MessageLayout(
      topic: "/action", name: "Action", channels: channels,
      bookkeeping: [("sequence", .count), ("tick", .count), ("flags", .count)])
  }

  static var tick: MessageLayout {
    MessageLayout(
      topic: "/tick", name: "Tick", channels: [],
      bookkeeping: [
        ("tick", .count), ("verdict", .count), ("iterations", .count), ("plan_cost", .real),
        ("disagreement", .real), ("wake_us", .real), ("tick_us", .real), ("age_us", .real),
        ("latency_us", .real), ("model_generation", .count), ("overrun", .count),
        ("state", .count), ("transport_us", .real), ("known_ticks", .count),
        ("lock", .count), ("observations", .count), ("fresh", .count),
        ("elapsed_samples", .count), ("cut", .count), ("action_sequence", .count),
        ("observations_crc", .count),
      ])
  }

  /// The state estimate of a tick.
  static func state(channels: [String]) -> MessageLayout {
    MessageLayout(
      topic: "/state", name: "State", channels: channels, bookkeeping: [("tick", .count)])
  }

  /// The action that a tick decided.
  static func decision(channels: [String]) -> MessageLayout {
    MessageLayout(
      topic: "/decision", name: "Decision", channels: channels, bookkeeping: [("tick", .count)])
  }

  var schemaName: String { "replan." + name }

  /// Key of a field of 64 bits: the number and wire type 1, as a varint.
  private static func tag(_ number: Int) -> [UInt8] {
    var rest = number << 3 | 1
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F | 0x80))
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  /// A message from the bit patterns of its fields: the channels, then the bookkeeping.
  func encode(_ fields: [UInt64]) -> [UInt8] {
    precondition(fields.count == tags.count)
    var payload: [UInt8] = []
    payload.reserveCapacity(10 * fields.count)
    for (tag, field) in zip(tags, fields) {
      payload += tag
      payload.append(littleEndian: field)
    }
    return payload
  }

  /// The bit patterns of a message's fields; bookkeeping that an older writer did not know is 0.
  func decode(_ payload: inout ByteReader) throws(RecordError) -> [UInt64] {
    var fields = [UInt64](repeating: 0, count: tags.count)
    var isPresent = [Bool](repeating: false, count: tags.count)
    while !payload.isAtEnd {
      let place = payload.offset
      let key = try Self.key(&payload)
      guard key & 7 == 1 else { throw payload.damaged("a field of another width", at: place) }
      let value = try payload.integer(UInt64.self)
      guard let slot = slot(of: key >> 3) else { continue }
      fields[slot] = value
      isPresent[slot] = true
    }
    if let missing = isPresent[..<channels.count].firstIndex(of: false) {
      throw payload.damaged("\(topic) without its field \(channels[missing])")
    }
    return fields
  }

  private static func key(_ payload: inout ByteReader) throws(RecordError) -> Int {
    var key = 0
    for shift in stride(from: 0, through: 28, by: 7) {
      let byte = try payload.integer(UInt8.self)
      key |= Int(byte & 0x7F) << shift
      if byte < 0x80 { return key }
    }
    throw payload.damaged("a field number that does not end")
  }

  private func slot(of number: Int) -> Int? {
    if number >= 1, number <= channels.count { return number - 1 }
    let place = number - Self.firstBookkeepingNumber
    return bookkeeping.indices.contains(place) ? channels.count + place : nil
  }
}

extension MessageLayout {
  /// The message's description, as an MCAP schema holds it.
  func descriptorSet() -> [UInt8] {
    var message = Google_Protobuf_DescriptorProto()
    message.name = name
    for (index, channel) in channels.enumerated() {
      message.field.append(Self.field(channel, number: index + 1, kind: .real))
    }
    for (index, field) in bookkeeping.enumerated() {
      let number = index + Self.firstBookkeepingNumber
      message.field.append(Self.field(field.name, number: number, kind: field.kind))
    }
    var file = Google_Protobuf_FileDescriptorProto()
    file.name = "replan/\(name.lowercased()).proto"
    file.package = "replan"
    file.syntax = "proto2"
    file.messageType = [message]
    var set = Google_Protobuf_FileDescriptorSet()
    set.file = [file]
    do {
      return try set.serializedBytes()
    } catch {
      preconditionFailure("a descriptor without required fields always serialises: \(error)")
    }
  }

  private static func field(
    _ name: String, number: Int, kind: Kind
  ) -> Google_Protobuf_FieldDescriptorProto {
    var field = Google_Protobuf_FieldDescriptorProto()
    field.name = name
    field.jsonName = name
    field.number = Int32(number)
    field.label = .optional
    field.type = kind == .real ? .double : .fixed64
    return field
  }

  /// The channels that a schema describes, in order; nil if it is none of ours.
  static func channels(ofSchema descriptorSet: [UInt8], name: String) -> [String]? {
    guard let set = try? Google_Protobuf_FileDescriptorSet(serializedBytes: descriptorSet),
      let message = set.file.first?.messageType.first(where: { $0.name == name })
    else { return nil }
    let fields = message.field.filter { $0.number < firstBookkeepingNumber }
    for (index, field) in fields.enumerated() {
      guard field.number == index + 1, field.type == .double else { return nil }
    }
    let names = fields.map(\.name)
    return ChannelNames.fault(in: names) == nil ? names : nil
  }
}
