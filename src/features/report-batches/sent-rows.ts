/** A body of many rows, in UTF-8 and not yet read: a large one is read piece by piece, while others are answered. */
export class SentRows {
  readonly kind: 'json' | 'ndjson' | 'csv';
  readonly bytes: Buffer;

  constructor(kind: 'json' | 'ndjson' | 'csv', bytes: Buffer) {
    this.kind = kind;
    this.bytes = bytes.subarray(0, 3).equals(byteOrderMark) ? bytes.subarray(3) : bytes;
  }
}

const byteOrderMark = Buffer.from('\ufeff');
