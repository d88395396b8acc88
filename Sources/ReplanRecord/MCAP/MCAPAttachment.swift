/// An attachment as a file holds it, its checksum right.
struct MCAPAttachment {
  let logTime: UInt64
  let name: String
  let mediaType: String
  let data: ByteReader

  /// - Parameter content: of the attachment record.
  init(_ content: ByteReader) throws(RecordError) {
    var content = content
    let start = content.offset
    logTime = try content.integer(UInt64.self)
    _ = try content.take(8)
    name = try content.text()
    mediaType = try content.text()
    data = try content.take(try content.integer(UInt64.self))
    let checksum = Checksum.crc32(content.bytes, in: start..<content.offset)
    guard checksum.isRight(try content.integer(UInt32.self)) else {
      throw content.damaged("the checksum of attachment \(name) is wrong", at: start)
    }
  }
}
