/**
 * Many Pods through the whole system on an lmdb store: `tsx tools/soak/pods.ts [PODS]` makes them
 * behind ten Services, waits until all are ready endpoints, replaces 1 %, deletes all; after each
 * step the slices must hold exactly what the Pods ask for. Prints a line for each step.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultConfig } from '../../packages/system/index.ts'
import { type System, startSystem } from '../../packages/system/node.ts'
import { type Api, type Pod, type Stored, resources } from '../../packages/kube/index.ts'

const total = Number(process.argv[2] ?? 100_000)
const services = 10
const namespace = 'default'
const lanes = 64
/** Per 1,000 Pods; a busy machine may be slow, a stuck controller is for ever. */
const patienceMs = 60_000 + total * 20

async function inLanes(count: number, work: (n: number) => Promise<unknown>): Promise<number> {
  const from = performance.now()
  let next = 0
  await Promise.all(Array.from({ length: lanes }, async () => {
    while (next < count) await work(next++)
  }))
  return (performance.now() - from) / 1000
}

const appOf = (n: number): string => `app-${n % services}`

const create = (api: Api, n: number, name: string): Promise<Stored<Pod>> =>
  api.create<Pod>(resources.pods, {
    metadata: { name, namespace, labels: { app: appOf(n) } },
    spec: { containers: [{ name: 'a', image: 'a:1' }] },
  })

/** Objects of a collection by pages, so that not all of them are in memory at once. */
async function* pages<T extends Pod>(
  api: Api, ref: Parameters<Api['list']>[0], labelSelector?: string,
): AsyncGenerator<readonly Stored<T>[]> {
  let token: string | undefined
  do {
    const list = await api.list(ref, {
      namespace, limit: 2_000, ...(token ? { continue: token } : {}),
      ...(labelSelector === undefined ? {} : { labelSelector }),
    })
    yield list.items as unknown as readonly Stored<T>[]
    token = list.metadata.continue
  } while (token)
}

interface Shown {
  readonly wanted: Set<string>
  readonly found: Set<string>
  readonly slices: Map<string, string>
  unready: number
  doubled: number
  overfull: number
}

/** What Pods ask for, read from them alone, and what slices hold, family by family. */
async function look(api: Api): Promise<Shown> {
  const shown: Shown = {
    wanted: new Set(), found: new Set(), slices: new Map(), unready: 0, doubled: 0, overfull: 0,
  }
  for await (const page of pages<Pod>(api, resources.pods)) {
    for (const { metadata, status } of page) {
      const ready = status?.conditions?.some(({ type, status: is }) =>
        type === 'Ready' && is === 'True') === true
      if (!ready || metadata.deletionTimestamp !== undefined) shown.unready++
      const ip = status?.podIPs?.[0]?.ip
      if (ip !== undefined) shown.wanted.add(`${metadata.labels?.['app']} ${ip} ${metadata.name}`)
    }
  }
  const { items } = await api.list(resources.endpointslices, { namespace })
  for (const { metadata, endpoints, addressType } of items) {
    const service = metadata.labels?.['kubernetes.io/service-name']
    if (service === undefined || service === 'kubernetes' || addressType !== 'IPv4') continue
    shown.slices.set(metadata.name, metadata.resourceVersion)
    if ((endpoints ?? []).length > 100) shown.overfull++
    for (const { addresses, targetRef, conditions } of endpoints ?? []) {
      const text = `${service} ${addresses[0]} ${targetRef?.name}`
      if (shown.found.has(text)) shown.doubled++
      if (conditions?.ready !== false) shown.found.add(text)
    }
  }
  return shown
}

async function untilRight(api: Api, pods: number): Promise<Shown> {
  const end = performance.now() + patienceMs
  for (;;) {
    const from = performance.now()
    const shown = await look(api)
    const tookMs = performance.now() - from
    const { wanted, found, unready, doubled, overfull } = shown
    const right = wanted.size === pods && unready === 0 && found.size === pods
      && doubled === 0 && overfull === 0 && [...wanted].every((one) => found.has(one))
    if (right) return shown
    if (performance.now() > end) {
      throw new Error(`slices are not right: ${pods} Pods, ${wanted.size} with an address, ${
        unready} not ready, ${found.size} ready endpoints, ${doubled} twice, ${overfull} overfull`)
    }
    console.log(`  ${wanted.size} have an address, ${unready} are not ready, ${
      found.size} ready endpoints in ${shown.slices.size} slices`)
    // Looking reads everything: a fifth of the time at most goes into it.
    await new Promise((resolve) => setTimeout(resolve, Math.max(3_000, 4 * tookMs)))
  }
}

async function run({ api }: System): Promise<string[]> {
  const told: string[] = []
  const tell = (text: string): void => {
    told.push(text)
    console.log(text)
  }
  const memory = (): string => `${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`
  for (let n = 0; n < services; n++) {
    await api.create(resources.services, {
      metadata: { name: appOf(n), namespace },
      spec: { selector: { app: appOf(n) }, ports: [{ port: 80, targetPort: 8080 }] },
    })
  }
  let from = performance.now()
  const seconds = (): string => ((performance.now() - from) / 1000).toFixed(1)
  const created = await inLanes(total, (n) => create(api, n, `pod-${n}`))
  tell(`${total} Pods created in ${created.toFixed(1)} s`)
  const full = await untilRight(api, total)
  tell(`all ready endpoints in ${full.slices.size} slices after ${seconds()} s, ${memory()}`)
  const some = Math.floor(total / 100)
  from = performance.now()
  await inLanes(some, async (n) => {
    await create(api, n, `new-${n}`)
    await api.delete(resources.pods, { namespace, name: `pod-${n}` }, { gracePeriodSeconds: 0 })
  })
  const rolled = await untilRight(api, total)
  const written = [...rolled.slices].filter(([name, at]) => full.slices.get(name) !== at).length
  tell(`${some} Pods replaced and right after ${seconds()} s; ${written} of ${
    rolled.slices.size} slices differ from before`)
  from = performance.now()
  await api.deleteCollection(resources.pods, { namespace }, { gracePeriodSeconds: 0 })
  await untilRight(api, 0)
  tell(`all deleted and the slices without endpoints after ${seconds()} s, ${memory()}`)
  return told
}

const folder = mkdtempSync(join(tmpdir(), 'soak-pods-'))
const system = await startSystem({
  config: {
    ...defaultConfig, listen: { host: '127.0.0.1', port: 0 }, data: join(folder, 'data'),
    kubeconfig: undefined, nodes: 20, options: { ...defaultConfig.options, speed: 10 },
  },
})
try {
  console.log(`notes ${JSON.stringify(await run(system))}`)
} finally {
  await system.close()
  rmSync(folder, { recursive: true, force: true })
}
