/** In which form an object, a list or an event leaves the server. */
export interface Representation {
  readonly format: 'json' | 'yaml'
  readonly as: 'object' | 'table' | 'partial'
}

export interface Offer {
  readonly yaml: boolean
  readonly table: boolean
  /** The metadata-only kind that fits this answer, if there is one. */
  readonly partial: 'PartialObjectMetadata' | 'PartialObjectMetadataList' | undefined
}

interface Clause {
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
  readonly q: number
}

const remembered = new Map<string, readonly Clause[]>()

/** Clauses of an Accept header, best first. The few headers that clients send are remembered. */
export function acceptClauses(accept: string): readonly Clause[] {
  const known = remembered.get(accept)
  if (known !== undefined) return known
  const clauses = accept.split(',').map(clauseOf).filter((one) => one.type !== '')
  clauses.sort((a, b) => b.q - a.q)
  if (remembered.size < 256 && accept.length < 1024) remembered.set(accept, clauses)
  return clauses
}

function clauseOf(text: string): Clause {
  const [type = '', ...rest] = text.split(';')
  const parameters = new Map<string, string>()
  let q = 1
  for (const part of rest) {
    const equals = part.indexOf('=')
    if (equals < 0) continue
    const name = part.slice(0, equals).trim().toLowerCase()
    const value = part.slice(equals + 1).trim()
    if (name === 'q') q = Number.isFinite(Number(value)) ? Number(value) : 0
    else parameters.set(name, value)
  }
  return { type: type.trim().toLowerCase(), parameters, q }
}

const jsonTypes = new Set(['application/json', '*/*', 'application/*'])
export const protobufType = 'application/vnd.kubernetes.protobuf'

/**
 * The first clause that can be satisfied; undefined means 406. Answers are never protobuf: clients
 * that prefer it name a fallback and decode by the answer's Content-Type, so one that names
 * protobuf alone gets JSON as well.
 */
export function negotiate(accept: string | undefined, offer: Offer): Representation | undefined {
  if (accept === undefined || accept === '') return { format: 'json', as: 'object' }
  let onlyProtobuf = false
  for (const clause of acceptClauses(accept)) {
    if (clause.q <= 0) continue
    if (clause.type === protobufType && !clause.parameters.has('as')) onlyProtobuf = true
    const format = formatOf(clause.type, offer)
    if (format === undefined) continue
    const as = formOf(clause, offer)
    if (as !== undefined) return { format, as }
  }
  return onlyProtobuf ? { format: 'json', as: 'object' } : undefined
}

/** Whether one of the media types is an offered one: then only its form was too much to ask. */
export const knowsType = (accept: string | undefined): boolean =>
  acceptClauses(accept ?? '').some(({ type }) =>
    jsonTypes.has(type) || type === 'application/yaml' || type === protobufType)

function formatOf(type: string, offer: Offer): 'json' | 'yaml' | undefined {
  if (jsonTypes.has(type)) return 'json'
  return offer.yaml && type === 'application/yaml' ? 'yaml' : undefined
}

function formOf(clause: Clause, offer: Offer): Representation['as'] | undefined {
  const as = clause.parameters.get('as')
  if (as === undefined) return 'object'
  if (clause.parameters.get('g') !== 'meta.k8s.io' || clause.parameters.get('v') !== 'v1') {
    return undefined
  }
  if (as === 'Table') return offer.table ? 'table' : undefined
  return offer.partial !== undefined && as === offer.partial ? 'partial' : undefined
}

export type BodyType = 'json' | 'yaml' | 'protobuf'

const bodyTypes: Readonly<Record<string, BodyType>> = {
  '': 'json',
  'application/json': 'json',
  'application/yaml': 'yaml',
  [protobufType]: 'protobuf',
}

export const mediaType = (header: string | undefined): string =>
  (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''

/** How to read the body of a POST, PUT or DELETE; undefined means 415. */
export const bodyTypeOf = (contentType: string | undefined): BodyType | undefined => {
  const type = mediaType(contentType)
  return Object.hasOwn(bodyTypes, type) ? bodyTypes[type] : undefined
}

export const patchTypes = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
} as const

export type PatchType = (typeof patchTypes)[keyof typeof patchTypes]

export function patchTypeOf(contentType: string | undefined): PatchType | undefined {
  const type = mediaType(contentType)
  return Object.hasOwn(patchTypes, type) ? patchTypes[type as keyof typeof patchTypes] : undefined
}
