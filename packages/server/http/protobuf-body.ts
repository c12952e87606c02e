import {
  type MessageType, type ResourceSpec, StatusError, decodeProtobuf, deleteOptions, readEnvelope,
} from '@slicewise/kube'

/** Schemas of everything that a protobuf request body may hold, by apiVersion and kind. */
export class BodyKinds {
  readonly #schemas = new Map<string, MessageType<unknown>>()

  constructor(resources: readonly ResourceSpec[]) {
    for (const spec of resources) {
      this.#add(spec.group, spec.version, spec.kind, spec.schema)
      // Clients name the options of a deletion by the version of the object, or by `v1`.
      this.#add(spec.group, spec.version, 'DeleteOptions', deleteOptions)
      for (const one of spec.subresources ?? []) {
        if (one.schema === undefined) continue
        this.#add(one.group ?? spec.group, one.version ?? spec.version,
          one.kind ?? spec.kind, one.schema)
      }
    }
    this.#add('meta.k8s.io', 'v1', 'DeleteOptions', deleteOptions)
  }

  #add(group: string, version: string, kind: string, schema: MessageType<unknown>): void {
    const name = `${group === '' ? version : `${group}/${version}`} ${kind}`
    if (!this.#schemas.has(name)) this.#schemas.set(name, schema)
  }

  find(apiVersion: string, kind: string): MessageType<unknown> | undefined {
    return this.#schemas.get(`${apiVersion} ${kind}`)
  }
}

/**
 * The JSON form of a protobuf body, with the kind and apiVersion of its envelope. An envelope
 * without them holds what the URL implies.
 */
export function decodeEnvelope(
  bytes: Uint8Array, kinds: BodyKinds, implied?: MessageType<unknown>,
): unknown {
  const { apiVersion, kind, raw } = readEnvelope(bytes)
  if (apiVersion === '' && kind === '' && raw.length > 0 && implied !== undefined) {
    return decodeProtobuf(implied, raw)
  }
  const schema = kinds.find(apiVersion, kind)
  if (schema === undefined) {
    throw new StatusError('BadRequest',
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`)
  }
  return { kind, apiVersion, ...decodeProtobuf(schema, raw) as object }
}
