/** Reads the wire format of Protocol Buffers without a schema: fields by number. */

export interface Fields {
  has(field: number): boolean;
  /** Empty when the field is missing. */
  bytes(field: number): Buffer;
  messages(field: number): Fields[];
  /** Zero when the field is missing. */
  number(field: number): bigint;
}

export function readFields(buffer: Buffer): Fields {
  const values = new Map<number, (Buffer | bigint)[]>();
  let offset = 0;

  function varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = buffer.readUInt8(offset);
      offset += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  function taken(length: number): Buffer {
    offset += length;
    return buffer.subarray(offset - length, offset);
  }

  function value(wireType: number): Buffer | bigint {
    if (wireType === 0) return varint();
    if (wireType === 1) return taken(8).readBigUInt64LE();
    if (wireType === 2) return taken(Number(varint()));
    if (wireType === 5) return BigInt(taken(4).readUInt32LE());
    throw new Error(`wire type ${wireType} at ${offset}`);
  }

  while (offset < buffer.length) {
    const tag = Number(varint());
    const field = tag >> 3;
    values.set(field, [...(values.get(field) ?? []), value(tag & 7)]);
  }
  const all = (field: number) => values.get(field) ?? [];
  const buffers = (field: number) => all(field).filter((one) => Buffer.isBuffer(one));
  return {
    has: (field) => values.has(field),
    bytes: (field) => buffers(field)[0] ?? Buffer.alloc(0),
    messages: (field) => buffers(field).map(readFields),
    number: (field) => all(field).find((one) => typeof one === 'bigint') ?? 0n,
  };
}
