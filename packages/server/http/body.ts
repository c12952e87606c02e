import { type MessageType, StatusError, readYaml } from '@slicewise/kube'
import type { Body } from '../contract.ts'
import type { Exchange } from './exchange.ts'
import { parseJsonBytes, textOf } from './json-text.ts'
import { type BodyType, type PatchType, bodyTypeOf, patchTypeOf, patchTypes } from './negotiate.ts'
import { type BodyKinds, decodeEnvelope } from './protobuf-body.ts'

const jsonPatchOperationsMax = 10_000

/**
 * The body of a POST, PUT or DELETE; undefined when it is empty. `implied` is what a body that does
 * not say its kind holds.
 */
export async function readObject(
  exchange: Exchange, kinds: BodyKinds, implied?: MessageType<unknown>,
): Promise<Body | undefined> {
  const type = bodyTypeOf(exchange.header('content-type'))
  const bytes = await exchange.readBody()
  if (type === undefined) {
    throw new StatusError('UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: ' +
      'application/json, application/yaml, application/vnd.kubernetes.protobuf')
  }
  if (bytes.length === 0) return undefined
  return decode(type, bytes, kinds, implied)
}

async function decode(
  type: BodyType, bytes: Uint8Array, kinds: BodyKinds, implied: MessageType<unknown> | undefined,
): Promise<Body> {
  if (type === 'json') return parseJsonBytes(bytes)
  if (type === 'protobuf') return { value: decodeEnvelope(bytes, kinds, implied) }
  return decodeYaml(bytes)
}

const openBrace = 0x7b
const openBracket = 0x5b

/** YAML, or JSON that calls itself YAML, as clients that apply send it. */
async function decodeYaml(bytes: Uint8Array): Promise<Body> {
  if (bytes[0] === openBrace || bytes[0] === openBracket) {
    try {
      return parseJsonBytes(bytes)
    } catch {
      // Flow-style YAML begins like JSON; the reader below says what is wrong with either.
    }
  }
  const { json, findings } = await readYaml(textOf(bytes))
  return { value: json, findings }
}

export async function readPatch(
  exchange: Exchange,
): Promise<{ readonly type: PatchType; readonly body: Body }> {
  const type = patchTypeOf(exchange.header('content-type'))
  const bytes = await exchange.readBody()
  if (type === undefined) {
    throw new StatusError('UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: ' +
      Object.keys(patchTypes).join(', '), { details: {} })
  }
  const body = type === 'apply' ? await decodeYaml(bytes) : parseJsonBytes(bytes)
  if (type === 'json' && Array.isArray(body.value) && body.value.length > jsonPatchOperationsMax) {
    throw new StatusError('RequestEntityTooLarge',
      `the number of operations in the JSON patch may not exceed ${jsonPatchOperationsMax}`)
  }
  return { type, body }
}
