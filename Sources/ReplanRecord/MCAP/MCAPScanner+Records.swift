extension MCAPScanner.Record {
  /// - Parameter start: where the record begins in the file; the same below.
  init(schema content: ByteReader, at start: Int) throws(RecordError) {
    var content = content
    let id = try content.integer(UInt16.self)
    let name = try content.text()
    _ = try content.text()
    var data = try content.take(UInt64(try content.integer(UInt32.self)))
    self = .schema(id: id, name: name, data: data.rest(), offset: start)
  }

  init(channel content: ByteReader, at start: Int) throws(RecordError) {
    var content = content
    let id = try content.integer(UInt16.self)
    let schema = try content.integer(UInt16.self)
    self = .channel(id: id, schema: schema, topic: try content.text(), offset: start)
  }

  init(attachment content: ByteReader, at start: Int) throws(RecordError) {
    let attachment = try MCAPAttachment(content)
    var data = attachment.data
    self = .attachment(name: attachment.name, data: data.rest(), offset: start)
  }

  init(metadata content: ByteReader, at start: Int) throws(RecordError) {
    var content = content
    let path = content.path
    let name = try content.text()
    var entries = try content.take(UInt64(try content.integer(UInt32.self)))
    var values: [String: String] = [:]
    while !entries.isAtEnd {
      let key = try entries.text()
      values[key] = try entries.text()
    }
    self = .metadata(name: name, values: MetadataValues(values: values, path: path, offset: start))
  }
}
