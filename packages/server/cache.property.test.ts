import { seededRandom } from '@slicewise/base'
import { type Api, type ConfigMap, StatusError, resources } from '@slicewise/kube'
import { openMemoryStore } from '@slicewise/store'
import { expect, test } from 'vitest'
import { createApi } from './api.ts'
import type { CachedEvent, ListAnswer, WatchRequest } from './contract.ts'
import type { OpenRegistry } from './registry.ts'
import { eventually, hastyEnv, openTestRegistry, testCaller, testEnv } from './test-env.ts'

const spec = resources.configmaps
const caller = testCaller()
const namespaces = ['red', 'green', 'blue']

type Picture = Map<string, string>

/** One watcher: what it was told, replayed. It dawdles at random. */
class Replay {
  readonly request: WatchRequest
  readonly picture: Picture = new Map()
  readonly faults: string[] = []
  /** Everything up to here was seen. */
  seen = 0
  #handle: { pause(): void; resume(): void; stop(): void } | undefined

  constructor(request: WatchRequest) {
    this.request = request
  }

  async start(registry: OpenRegistry, random: () => number): Promise<void> {
    this.#handle = await registry.watch(this.request, {
      event: event => {
        this.#take(event)
        if (random() < 0.05) {
          this.#handle?.pause()
          setTimeout(() => this.#handle?.resume(), random() * 3)
        }
      },
      bookmark: revision => { this.seen = Math.max(this.seen, revision) },
      end: error => { this.faults.push(`ended: ${error?.message ?? 'normally'}`) },
    })
  }

  stop(): void {
    this.#handle?.stop()
  }

  #take({ type, object }: CachedEvent): void {
    const known = this.picture.has(object.key)
    if (type === 'ADDED' && known) this.faults.push(`ADDED twice: ${object.key}`)
    if (type !== 'ADDED' && !known) this.faults.push(`${type} unknown: ${object.key}`)
    if (object.object().metadata.resourceVersion !== String(object.revision)) {
      this.faults.push(`another revision inside ${object.key}`)
    }
    if (type === 'DELETED') this.picture.delete(object.key)
    else this.picture.set(object.key, line(object.object()))
  }
}

const line = (object: ConfigMap): string =>
  `${object.metadata?.resourceVersion ?? ''} ${JSON.stringify(object.data)}`

function pictureOf(list: ListAnswer): Picture {
  return new Map(list.items.map(one => [one.key, line(one.object())]))
}

async function randomWrite(api: Api, random: () => number): Promise<void> {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const item = { namespace: pick(namespaces), name: `c${Math.floor(random() * 12)}` }
  const labels = { team: pick(['a', 'b', 'c']) }
  const data = { value: String(Math.floor(random() * 1000)) }
  try {
    if (random() < 0.4) await api.create(spec, { metadata: { ...item, labels }, data })
    else if (random() < 0.6) {
      const present = await api.get(spec, item)
      await api.update(spec, { ...present, metadata: { ...present.metadata, labels }, data })
    } else await api.delete(spec, item)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    expect(['AlreadyExists', 'NotFound', 'Conflict']).toContain(error.reason)
  }
}

const requests: readonly WatchRequest[] = [
  { caller, spec, namespace: '' },
  { caller, spec, namespace: 'red' },
  { caller, spec, namespace: '', labelSelector: 'team=a' },
  { caller, spec, namespace: 'green', labelSelector: 'team!=b' },
  { caller, spec, namespace: '', fieldSelector: 'metadata.name=c3' },
  { caller, spec, namespace: 'blue', fieldSelector: 'metadata.name=c5' },
  { caller, spec, namespace: '', fieldSelector: 'metadata.namespace!=red' },
]

test.each([
  [1, testEnv], [2, testEnv], [3, hastyEnv], [4, hastyEnv],
])('every watch replays to the list, seed %i', async (seed, envOf) => {
  const random = seededRandom(seed)
  const env = envOf(seed)
  const store = openMemoryStore(env)
  const registries = [
    await openTestRegistry({ env, store }), await openTestRegistry({ env, store }),
  ] as const
  const apis = registries.map(one => createApi(one, { name: 'tester', groups: [] }))
  for (const name of namespaces) {
    await apis[0]!.create(resources.namespaces, { metadata: { name } })
  }
  const replays: Replay[] = []
  const snapshots = new Map<number, Picture>()
  const open = async (): Promise<void> => {
    for (const request of requests) {
      const replay = new Replay(request)
      replays.push(replay)
      await replay.start(registries[Math.floor(random() * 2)]!, random)
    }
  }
  await open()
  const writers = apis.flatMap(api => [api, api, api]).map(async (api, index) => {
    for (let n = 0; n < 60; n++) {
      await randomWrite(api, random)
      if (index === 0 && n % 20 === 10) await open()
      if (n % 7 === 0) {
        const list = await registries[index % 2]!.list({ caller, spec, namespace: '' })
        snapshots.set(list.revision, pictureOf(list))
      }
    }
  })
  await Promise.all(writers)
  await compare(registries[0], replays, snapshots)
  for (const replay of replays) replay.stop()
  for (const registry of registries) await registry.close()
})

async function compare(
  registry: OpenRegistry, replays: readonly Replay[], snapshots: ReadonlyMap<number, Picture>,
): Promise<void> {
  for (const replay of replays) {
    const want = pictureOf(await registry.list({ ...replay.request }))
    const same = (): boolean => JSON.stringify([...replay.picture].sort())
      === JSON.stringify([...want].sort())
    await eventually(same, 'a replay').catch(() => undefined)
    expect(replay.faults).toEqual([])
    expect([...replay.picture].sort()).toEqual([...want].sort())
  }
  expect(snapshots.size).toBeGreaterThan(10)
  for (const [revision, picture] of snapshots) {
    const asked = { resourceVersion: String(revision), resourceVersionMatch: 'Exact' }
    const exact = await registry.list({ caller, spec, namespace: '', ...asked })
    expect(pictureOf(exact)).toEqual(picture)
    expect(await paged(registry, revision)).toEqual(picture)
  }
}

async function paged(registry: OpenRegistry, revision: number): Promise<Picture> {
  const all: Picture = new Map()
  let token: string | undefined
  for (let n = 0; n < 100; n++) {
    const at = token === undefined
      ? { resourceVersion: String(revision), resourceVersionMatch: 'Exact' } : { continue: token }
    const page = await registry.list({ caller, spec, namespace: '', limit: 3, ...at })
    expect(page.revision).toBe(revision)
    for (const [key, text] of pictureOf(page)) all.set(key, text)
    token = page.continue
    if (token === undefined) return all
    const left = page.remaining ?? 0
    expect(left).toBeGreaterThan(0)
  }
  throw new Error('the pages never end')
}
