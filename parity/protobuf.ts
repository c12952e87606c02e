/** Writes protobuf messages by field number: just enough to make the bodies that kubectl sends. */

type Value = string | number | bigint | Uint8Array | Fields
/** Field numbers with their values; a list repeats the field. */
export interface Fields { readonly [field: number]: Value | readonly Value[] }

/** The envelope that marks a Kubernetes protobuf body: a prefix and the message Unknown. */
export function envelope(apiVersion: string, kind: string, object: Fields): Uint8Array {
  const unknown = message({ 1: { 1: apiVersion, 2: kind }, 2: message(object), 3: '', 4: '' })
  return Buffer.concat([Buffer.from([0x6b, 0x38, 0x73, 0x00]), unknown])
}

export function message(fields: Fields): Uint8Array {
  const parts = Object.entries(fields).flatMap(([number, value]) =>
    (Array.isArray(value) ? value as readonly Value[] : [value as Value])
      .map(each => field(Number(number), each)))
  return Buffer.concat(parts)
}

function field(number: number, value: Value): Uint8Array {
  if (typeof value === 'number' || typeof value === 'bigint') {
    return Buffer.concat([varint(BigInt(number) << 3n), varint(BigInt(value))])
  }
  const bytes = typeof value === 'string' ? Buffer.from(value)
    : value instanceof Uint8Array ? value : message(value)
  return Buffer.concat([varint(BigInt(number) << 3n | 2n), varint(BigInt(bytes.length)), bytes])
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value)
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}
