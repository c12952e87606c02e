import { type MessageType, type ResourceSpec, StatusError } from '@slicewise/kube'

/** Schemas of everything that a request body may hold, by `apiVersion kind`. */
export class BodyKinds {
  readonly #schemas = new Map<string, MessageType<unknown>>()

  constructor(resources: readonly ResourceSpec[]) {
    for (const spec of resources) {
      this.#schemas.set(`${versionOf(spec.group, spec.version)} ${spec.kind}`, spec.schema)
    }
  }

  find(apiVersion: string, kind: string): MessageType<unknown> | undefined {
    return this.#schemas.get(`${apiVersion} ${kind}`)
  }
}

const versionOf = (group: string, version: string): string =>
  group === '' ? version : `${group}/${version}`

export function decodeEnvelope(_bytes: Uint8Array, _kinds: BodyKinds): unknown {
  throw new StatusError('BadRequest', 'protobuf bodies are not read yet')
}
