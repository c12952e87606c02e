import { createHash } from 'node:crypto'
import { type ResourceSpec, StatusError, type SubresourceSpec } from '@slicewise/kube'
import { acceptClauses } from './negotiate.ts'
import type { Reply } from './reply.ts'
import { type Routes, notServed } from './routes.ts'

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

interface Document {
  readonly bytes: Buffer
  readonly etag: string
}

/** Everything that `kubectl api-resources` and client-go's mappers ask, made once and kept. */
export class Discovery {
  readonly #routes: Routes
  readonly #address: string
  readonly #documents = new Map<string, Document>()

  constructor(routes: Routes, address: string) {
    this.#routes = routes
    this.#address = address
  }

  /** Answers `/api`, `/apis` and what is below them. False when no such group is served. */
  async answer(reply: Reply, segments: readonly string[]): Promise<boolean> {
    const [root, ...rest] = segments
    if (rest.length === 0) return this.#answerRoot(reply, root as 'api' | 'apis')
    const group = root === 'api' ? '' : rest[0] as string
    const version = root === 'api' ? rest[0] : rest[1]
    const versions = this.#routes.group(group)
    if (versions === undefined) return root === 'api' ? Promise.reject(notServed()) : false
    if (version === undefined) {
      await reply.value(200, { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group, versions) })
      return true
    }
    const resources = versions.get(version)
    if (resources === undefined) throw notServed()
    const path = segments.join('/')
    const list = this.#document(path, () => resourceList(group, version, resources.values()))
    await reply.body(200, list.bytes)
    return true
  }

  async #answerRoot(reply: Reply, root: 'api' | 'apis'): Promise<true> {
    const aggregated = wantsAggregated(reply.exchange.header('accept'))
    if (!aggregated) {
      reply.extra['vary'] = 'Accept'
      await reply.value(200, root === 'api' ? this.#apiVersions() : this.#groupList())
      return true
    }
    const document = this.#document(`aggregated ${root}`, () => ({
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      metadata: {},
      items: this.#groupNames(root).map((group) => aggregatedGroup(group, this.#versions(group))),
    }))
    reply.extra['vary'] = 'Accept'
    reply.extra['etag'] = document.etag
    reply.extra['cache-control'] = 'public'
    if (reply.exchange.header('if-none-match') === document.etag) {
      reply.send(304, aggregatedType, Buffer.alloc(0))
    } else {
      reply.send(200, aggregatedType, document.bytes)
    }
    return true
  }

  #groupNames(root: 'api' | 'apis'): string[] {
    return [...this.#routes.groups()].filter((group) => (group === '') === (root === 'api'))
  }

  #versions(group: string): ReadonlyMap<string, ReadonlyMap<string, ResourceSpec>> {
    return this.#routes.group(group) ?? new Map()
  }

  #apiVersions(): unknown {
    return {
      kind: 'APIVersions',
      versions: [...this.#versions('').keys()],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: this.#address }],
    }
  }

  #groupList(): unknown {
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: this.#groupNames('apis').map((group) => groupOf(group, this.#versions(group))),
    }
  }

  #document(name: string, make: () => unknown): Document {
    let document = this.#documents.get(name)
    if (document === undefined) {
      const bytes = Buffer.from(`${JSON.stringify(make())}\n`)
      const etag = `"${createHash('sha256').update(bytes).digest('hex').toUpperCase()}"`
      document = { bytes, etag }
      this.#documents.set(name, document)
    }
    return document
  }
}

/**
 * The first acceptable clause is the aggregated list; older forms of it are not offered. Throws
 * NotAcceptable when nothing but them is asked for.
 */
function wantsAggregated(accept: string | undefined): boolean {
  const clauses = acceptClauses(accept ?? '')
  for (const { type, parameters } of clauses) {
    if (type === '*/*' || type === 'application/*') return false
    if (type !== 'application/json') continue
    if (!parameters.has('as')) return false
    if (parameters.get('as') === 'APIGroupDiscoveryList' && parameters.get('v') === 'v2'
      && parameters.get('g') === 'apidiscovery.k8s.io') return true
  }
  if (clauses.length > 0 && clauses.every(({ parameters }) => parameters.has('as'))) {
    throw new StatusError('NotAcceptable',
      'only the following media types are accepted: application/json')
  }
  return false
}

function groupOf(name: string, versions: ReadonlyMap<string, unknown>): object {
  const all = [...versions.keys()].map((version) => ({
    groupVersion: `${name}/${version}`, version,
  }))
  return { name, versions: all, preferredVersion: all[0] }
}

const sorted = (verbs: readonly string[]): string[] => [...verbs].sort()

function resourceList(
  group: string, version: string, resources: Iterable<ResourceSpec>,
): unknown {
  const entries: object[] = []
  for (const spec of resources) {
    entries.push(legacyResource(spec), ...subresourcesOf(spec).map((one) => legacySub(spec, one)))
  }
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: entries,
  }
}

const subresourcesOf = (spec: ResourceSpec): SubresourceSpec[] =>
  [...spec.subresources ?? []].sort((a, b) => (a.name < b.name ? -1 : 1))

const namesOf = (spec: ResourceSpec): object => ({
  ...(spec.shortNames === undefined ? {} : { shortNames: spec.shortNames }),
  ...(spec.categories === undefined ? {} : { categories: spec.categories }),
})

const legacyResource = (spec: ResourceSpec): object => ({
  name: spec.resource,
  singularName: spec.singular,
  namespaced: spec.namespaced,
  kind: spec.kind,
  verbs: sorted(spec.verbs),
  ...namesOf(spec),
  ...(spec.virtual ? {} : { storageVersionHash: storageHash(spec) }),
})

const legacySub = (spec: ResourceSpec, one: SubresourceSpec): object => ({
  name: `${spec.resource}/${one.name}`,
  singularName: '',
  namespaced: spec.namespaced,
  ...(one.group === undefined ? {} : { group: one.group }),
  ...(one.version === undefined ? {} : { version: one.version }),
  kind: one.kind ?? spec.kind,
  verbs: sorted(one.verbs),
})

/** Eight bytes that stand for group, version and kind of what is stored. */
const storageHash = (spec: ResourceSpec): string =>
  createHash('sha256').update(`${spec.group}/${spec.version}/${spec.kind}`).digest()
    .subarray(0, 8).toString('base64')

function aggregatedGroup(
  name: string, versions: ReadonlyMap<string, ReadonlyMap<string, ResourceSpec>>,
): object {
  return {
    metadata: name === '' ? {} : { name },
    versions: [...versions].map(([version, resources]) => ({
      version,
      resources: [...resources.values()].map(aggregatedResource),
      freshness: 'Current',
    })),
  }
}

function aggregatedResource(spec: ResourceSpec): object {
  const subresources = subresourcesOf(spec).map((one) => ({
    subresource: one.name,
    responseKind: {
      group: one.group ?? '', version: one.version ?? '', kind: one.kind ?? spec.kind,
    },
    verbs: sorted(one.verbs),
  }))
  return {
    resource: spec.resource,
    responseKind: { group: '', version: '', kind: spec.kind },
    scope: spec.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: spec.singular,
    verbs: sorted(spec.verbs),
    ...namesOf(spec),
    ...(subresources.length === 0 ? {} : { subresources }),
  }
}
