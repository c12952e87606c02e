import { type Env, seededRandom } from '@slicewise/base'
import {
  type Api, type Change, type ConfigMap, type ObjectKey, StatusError, type Stored, resources,
} from '@slicewise/kube'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Cache } from './cache.ts'
import { Reflector } from './reflector.ts'
import { type FaultOptions, type Injected, type WatchFault, faultyApi } from './test-faults.ts'
import { eventually, hastened, openServer, stored, testEnv } from './test-objects.ts'

const { configmaps } = resources
const seed = Number(process.env['SLICEWISE_SEED'] ?? 20_260_101)

let api: Api
let close: () => Promise<void>
beforeAll(async () => {
  ({ api, close } = await openServer())
})
afterAll(() => close())

let namespaces = 0
async function newNamespace(): Promise<string> {
  const name = `reflected-${++namespaces}`
  await api.create(resources.namespaces, { metadata: { name } })
  return name
}

/** A reflector with its cache, the law of Changes checked at each of them. */
class Mirror {
  readonly cache: Cache<ConfigMap>
  readonly reflector: Reflector<ConfigMap>
  readonly broken: string[] = []
  changes = 0
  readonly #last = new Map<ObjectKey, Stored<ConfigMap>>()
  readonly #stop = new AbortController()
  readonly #run: Promise<void>

  constructor(source: Api, namespace: string, env: Env) {
    this.cache = new Cache({ env })
    this.cache.onChange((change) => this.#check(change))
    const { signal } = this.#stop
    const selection = { namespace, labelSelector: 'mirrored' }
    this.reflector = new Reflector({
      api: source, ref: configmaps, selection, env, sink: this.cache, signal,
    })
    this.#run = this.reflector.run()
  }

  #check({ key, before, after }: Change<ConfigMap>): void {
    this.changes++
    if (before !== this.#last.get(key)) this.broken.push(`${key}: not what it was before`)
    if (before !== undefined && after !== undefined) {
      if (before.metadata.uid !== after.metadata.uid) this.broken.push(`${key}: another uid`)
    }
    if (after === undefined) this.#last.delete(key)
    else this.#last.set(key, after)
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('the test is over'))
    await this.#run
    expect(this.reflector.state).toEqual({ at: 'stopped' })
  }
}

/** Creates, changes, deletes and makes again; yields now and then. */
async function churn(namespace: string, random: () => number, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    const name = `c${Math.floor(random() * 8)}`
    const present = await api.get(configmaps, { namespace, name }).catch(() => undefined)
    const body = {
      metadata: { name, namespace, labels: { mirrored: 'yes' } }, data: { step: String(step) },
    }
    const leaves = random() < 0.15 ? { name, namespace } : undefined
    if (present === undefined) await api.create(configmaps, body)
    else if (random() < 0.3) await api.delete(configmaps, { namespace, name })
    else await api.update(configmaps, leaves === undefined ? body : { metadata: leaves })
    if (random() < 0.2) await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

async function expectEqualToList(mirror: Mirror, namespace: string): Promise<void> {
  const list = await api.list(configmaps, { namespace, labelSelector: 'mirrored' })
  const texts = (all: Iterable<Stored<ConfigMap>>): string[] => [...all]
    .map((one) => `${one.metadata.name} ${one.metadata.uid} ${one.metadata.resourceVersion}`)
    .sort()
  const wanted = texts(list.items).join('\n')
  await eventually(() => texts(mirror.cache.values()).join('\n') === wanted,
    `the cache equals the list\n${wanted}\n`)
  expect(mirror.broken).toEqual([])
}

/** Runs a churning collection behind faults; the cache has to end as the list does. */
async function survive(
  options: Partial<FaultOptions>, more: { steps?: number; factor?: number; seed?: number } = {},
): Promise<{ injected: Injected; mirror: Mirror }> {
  const namespace = await newNamespace()
  const random = seededRandom(more.seed ?? seed)
  const faults: FaultOptions = { random, share: 1, faults: [], watchLists: true, ...options }
  const faulty = faultyApi(api, faults)
  await churn(namespace, random, 20)
  const env = hastened(testEnv(more.seed ?? seed), more.factor ?? 1_000)
  const mirror = new Mirror(faulty.api, namespace, env)
  await churn(namespace, random, more.steps ?? 300)
  faults.share = 0
  await expectEqualToList(mirror, namespace)
  await churn(namespace, random, 20)
  await expectEqualToList(mirror, namespace)
  await mirror.stop()
  return { injected: faulty.injected, mirror }
}

const every: readonly WatchFault[] =
  ['expired', 'dropped', 'silent', 'repeated', 'ended', 'unavailable']

test('without faults one list is enough', async () => {
  const { mirror, injected } = await survive({ share: 0 }, { factor: 1 })
  expect(mirror.reflector.lists).toBe(1)
  expect(injected.size).toBe(0)
  expect(mirror.changes).toBeGreaterThan(50)
})

test.each(every)('nothing is lost when watches are %s', async (fault) => {
  // 180 s of silence have to pass quickly enough.
  const { injected } = await survive({ faults: [fault] },
    { factor: fault === 'silent' ? 20_000 : 1_000 })
  expect(injected.get(fault)).toBeGreaterThan(0)
})

test.each([1, 2, 3, 4])('nothing is lost when all of it happens (seed +%d)', async (plus) => {
  const { injected } = await survive({ faults: every },
    { factor: 20_000, seed: seed + plus, steps: 500 })
  expect(injected.size).toBeGreaterThan(3)
})

test('a server without watch-lists is listed by pages, and asked once', async () => {
  const { injected, mirror } = await survive(
    { watchLists: false, pageMax: 2, faults: ['expired', 'dropped'] })
  expect(injected.get('watch-list refused')).toBe(1)
  expect(mirror.reflector.lists).toBeGreaterThan(1)
})

test('a page that expired starts the list again', async () => {
  const { injected } = await survive({
    watchLists: false, pageMax: 2, expiredPages: 0.5, faults: ['expired', 'ended'],
  })
  expect(injected.get('page expired')).toBeGreaterThan(0)
})

/** An Api that does nothing but fail each watch; the times of the attempts on a virtual clock. */
async function attempts(fail: () => Error | undefined, count: number): Promise<number[]> {
  const times: number[] = []
  const stop = new AbortController()
  let nowMs = 0
  const env: Env = {
    ...testEnv(), nowMs: () => nowMs, random: () => 1,
    after: (ms, run) => {
      if (ms < 100_000) nowMs += ms
      const handle = setImmediate(() => ms < 100_000 && run())
      return () => clearImmediate(handle)
    },
  }
  const source = {
    ...api,
    async *watch() {
      times.push(nowMs)
      if (times.length === count) stop.abort()
      const error = fail()
      if (error !== undefined) throw error
    },
  } as unknown as Api
  const cache = new Cache<ConfigMap>({ env })
  await new Reflector({ api: source, ref: configmaps, env, sink: cache, signal: stop.signal }).run()
  return times
}

test.each<[string, () => Error | undefined]>([
  ['refuses', () => new StatusError('ServiceUnavailable', 'no')],
  ['hangs up', () => new Error('socket hang up')],
  ['ends each stream at once', () => undefined],
  ['is busy', () => new StatusError('TooManyRequests', 'later')],
])('a server that %s is asked less and less often', async (_what, fail) => {
  const times = await attempts(fail, 9)
  const pauses = times.slice(1).map((time, at) => time - (times[at] ?? 0))
  expect(pauses).toEqual([800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000])
})

test('its state can be read at any time', async () => {
  const namespace = await newNamespace()
  const mirror = new Mirror(api, namespace, testEnv())
  expect(mirror.reflector.state).toMatchObject({ at: 'listing' })
  await mirror.cache.whenSynced()
  const { revision } = mirror.cache
  expect(mirror.reflector.state).toEqual({ at: 'watching', revision })
  await mirror.stop()
  const failing = faultyApi(api, {
    random: () => 0, share: 1, faults: ['dropped'], watchLists: true,
  })
  const waiting = new Mirror(failing.api, namespace, testEnv())
  await eventually(() => waiting.reflector.state.at === 'waiting', 'a pause')
  expect(waiting.reflector.state).toMatchObject({ because: 'socket hang up' })
  await waiting.stop()
})

test('a repeated event does not bring back what was deleted since', async () => {
  const stop = new AbortController()
  const [made, gone] = [stored('a', 6), stored('a', 7)]
  const source = {
    ...api,
    async *watch() {
      yield { type: 'BOOKMARK', resourceVersion: '5', initialEventsEnd: true }
      yield { type: 'ADDED', object: made }
      yield { type: 'DELETED', object: gone }
      yield { type: 'ADDED', object: made }
      yield { type: 'BOOKMARK', resourceVersion: '6', initialEventsEnd: false }
      stop.abort()
    },
  } as unknown as Api
  const env = testEnv()
  const cache = new Cache<ConfigMap>({ env })
  await new Reflector({ api: source, ref: configmaps, env, sink: cache, signal: stop.signal }).run()
  expect([cache.size, cache.revision]).toEqual([0, '7'])
})
