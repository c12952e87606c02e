import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'esbuild'
import { type Cache, CacheSet, HttpApi, type Index } from '@slicewise/client'
import { httpTransport, readKubeconfig } from '@slicewise/client/node'
import {
  type Api, type EndpointSlice, type Node, type Pod, type Service, type Stored, resources,
} from '@slicewise/kube'
import { nodeEnv } from '@slicewise/system/node'
import { type Running, run } from '../../parity/reference/processes.ts'
import { referenceBin, referenceIsBuilt, startReference } from '../../parity/reference/start.ts'
import { namespace, nodeObjects, percentile, podObject, rounded, serviceObject } from './objects.ts'

type Who = 'kube-controller-manager' | 'slicewise'

/** One controller as a process of its own on the real kube-apiserver and etcd. */
export interface ReferenceRow {
  readonly who: Who
  readonly pods: number
  /** From the start of the process to the last slice, and what it used for that. */
  readonly coldStartMs: number
  readonly coldStartCpuMs: number
  /** CPU of one readiness flip, idle time taken off. */
  readonly cpuMs: number
  /** From the write of the Pod's status to the slice on a watch; the Service was quiet before. */
  readonly seenMsP50: number
  readonly seenMsP99: number
}

/** The cold start of kube-controller-manager without its limit of 20 requests a second. */
export interface UnthrottledStart {
  readonly pods: number
  readonly coldStartMs: number
  readonly coldStartCpuMs: number
}

export interface ReferenceFigures {
  readonly version: string
  /** Two writes and their watch events without any controller: nobody can be faster. */
  readonly floorMsP50: number
  readonly floorMsP99: number
  readonly rows: readonly ReferenceRow[]
  readonly unthrottled: readonly UnthrottledStart[]
}

const version = '1.36.3'
/** Start-up is over then on both sides: compiling, and collecting what only the start needed. */
const warmMs = 10_000
const quietFlips = 60
/** Longer than a gathering window remembers churn. */
const quietMs = 1_200
const busyFlips = 100

export async function measureReference(
  sizes: readonly number[],
): Promise<ReferenceFigures | undefined> {
  if (!referenceIsBuilt()) {
    console.log('the real components are not there: parity/reference/build.sh builds them')
    return undefined
  }
  const dir = mkdtempSync(join(tmpdir(), 'slicewise-bench-'))
  const reference = await startReference({ dir, unsafeNoFsync: true })
  const end = new AbortController()
  try {
    const transport = httpTransport(await readKubeconfig(reference.kubeconfig))
    const api = new HttpApi({ transport, userAgent: 'slicewise-bench' })
    const bed = new Bed(api, end.signal, dir, reference.kubeconfig)
    await bed.prepare()
    const rows: ReferenceRow[] = []
    const unthrottled: UnthrottledStart[] = []
    for (const pods of sizes) {
      await bed.fill(pods)
      for (const who of ['kube-controller-manager', 'slicewise'] as const) {
        const row = await bed.measure(who, pods)
        console.error(JSON.stringify(row))
        rows.push(row)
      }
      unthrottled.push(await bed.measureUnthrottled(pods))
    }
    const floor = await bed.floor()
    return {
      version, rows, unthrottled, floorMsP50: rounded(percentile(floor, 0.5)),
      floorMsP99: rounded(percentile(floor, 0.99)),
    }
  } finally {
    end.abort()
    await reference.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

class Bed {
  readonly #api: Api
  readonly #dir: string
  readonly #kubeconfig: string
  readonly #slices: Cache<EndpointSlice>
  readonly #podCache: Cache<Pod>
  /** Slices by the names of their Pods, so that looking costs the measured change nothing. */
  readonly #slicesOf: Index<EndpointSlice>
  readonly #waiting = new Set<() => void>()
  #pods = 0
  #flips = 0

  constructor(api: Api, signal: AbortSignal, dir: string, kubeconfig: string) {
    this.#api = api
    this.#dir = dir
    this.#kubeconfig = kubeconfig
    const caches = new CacheSet({ api, env: nodeEnv(), signal })
    this.#slices = caches.of<EndpointSlice>(resources.endpointslices, { namespace })
    this.#slicesOf = this.#slices.index((slice) =>
      (slice.endpoints ?? []).map((endpoint) => endpoint.targetRef?.name ?? ''))
    this.#podCache = caches.of<Pod>(resources.pods, { namespace })
    const wake = (): void => {
      for (const look of this.#waiting) look()
    }
    this.#slices.onProgress(wake)
    this.#podCache.onProgress(wake)
  }

  async prepare(): Promise<void> {
    const api = this.#api
    await api.create(resources.namespaces, { metadata: { name: namespace } })
    await api.create(resources.serviceaccounts, { metadata: { name: 'default', namespace } })
    for (const node of nodeObjects) await api.create<Node>(resources.nodes, node)
    await api.create<Service>(resources.services, serviceObject)
  }

  async fill(pods: number): Promise<void> {
    const writer = async (): Promise<void> => {
      while (this.#pods < pods) await this.#createPod(this.#pods++)
    }
    await Promise.all(Array.from({ length: 24 }, writer))
  }

  async measure(who: Who, pods: number): Promise<ReferenceRow> {
    const { running, coldStartMs, coldStartCpuMs } = await this.#coldStart(who, pods)
    await sleep(warmMs)
    const seen: number[] = []
    for (let i = 0; i < quietFlips; i++) {
      seen.push(await this.#flip(pods))
      await sleep(quietMs)
    }
    const cpuMs = await this.#busyCpu(running.pid, pods)
    await running.end()
    return {
      who, pods, coldStartMs, coldStartCpuMs,
      cpuMs: rounded(cpuMs, 2), seenMsP50: rounded(percentile(seen, 0.5)),
      seenMsP99: rounded(percentile(seen, 0.99)),
    }
  }

  async measureUnthrottled(pods: number): Promise<UnthrottledStart> {
    const flags = ['--kube-api-qps=10000', '--kube-api-burst=10000']
    const { running, ...start } = await this.#coldStart('kube-controller-manager', pods, flags)
    await running.end()
    return { pods, ...start }
  }

  /** From the start of a process without any slice to the last one, in milliseconds. */
  async #coldStart(
    who: Who, pods: number, flags: readonly string[] = [],
  ): Promise<{ running: Running; coldStartMs: number; coldStartCpuMs: number }> {
    await this.#api.deleteCollection(resources.endpointslices, { namespace })
    await this.#until(() => this.#slices.size === 0)
    const { running, since } = await this.#start(who, flags)
    await this.#until(() => this.#endpoints() === pods)
    return {
      running, coldStartMs: Math.round(performance.now() - since),
      coldStartCpuMs: Math.round(cpuOf(running.pid)),
    }
  }

  /** The two writes that a change takes, each until its watch event, without a controller. */
  async floor(): Promise<number[]> {
    const times: number[] = []
    const [slice] = [...this.#slices.values()]
    for (let i = 0; i < quietFlips; i++) {
      const since = performance.now()
      const pod = await this.#setReady(i, i % 2 === 0)
      await this.#until(() => this.#podCache.reached(pod.metadata.resourceVersion))
      if (slice !== undefined) {
        const latest = this.#slices.get(`${namespace}/${slice.metadata.name}`) ?? slice
        const written = await this.#api.update<EndpointSlice>(resources.endpointslices, {
          ...latest, metadata: { ...latest.metadata, annotations: { round: String(i) } },
        })
        await this.#until(() => this.#slices.reached(written.metadata.resourceVersion))
      }
      times.push(performance.now() - since)
    }
    return times
  }

  async #busyCpu(pid: number, pods: number): Promise<number> {
    const idleMs = 3_000
    const [idleSince, idleFrom] = [performance.now(), cpuOf(pid)]
    await sleep(idleMs)
    const idleRate = (cpuOf(pid) - idleFrom) / (performance.now() - idleSince)
    const [since, from] = [performance.now(), cpuOf(pid)]
    for (let i = 0; i < busyFlips; i++) {
      await this.#flip(pods)
      await sleep(100)
    }
    const idle = idleRate * (performance.now() - since)
    return Math.max(0, cpuOf(pid) - from - idle) / busyFlips
  }

  /** Milliseconds until the watcher sees the changed endpoint. */
  async #flip(pods: number): Promise<number> {
    const index = (++this.#flips * 7_919) % pods
    const name = podObject(index, true).metadata?.name
    const ready = this.#podCache.get(`${namespace}/${name}`)?.status?.conditions
      ?.find(({ type }) => type === 'Ready')?.status !== 'True'
    const since = performance.now()
    const seen = this.#until(() => this.#readyOf(String(name)) === ready)
    await this.#setReady(index, ready)
    await seen
    return performance.now() - since
  }

  async #setReady(index: number, ready: boolean): Promise<Stored<Pod>> {
    const pod = podObject(index, ready, new Date().toISOString().replace(/\.\d+Z/, 'Z'))
    const item = { namespace, name: String(pod.metadata?.name) }
    const patch = { status: { conditions: pod.status?.conditions } }
    return this.#api.patch<Pod>(resources.pods, item, { type: 'merge', patch },
      { subresource: 'status' })
  }

  #readyOf(pod: string): boolean | undefined {
    for (const slice of this.#slicesOf.of(pod)) {
      for (const { targetRef, conditions } of slice.endpoints ?? []) {
        if (targetRef?.name === pod) return conditions?.ready
      }
    }
    return undefined
  }

  #endpoints(): number {
    let count = 0
    for (const slice of this.#slices.values()) count += slice.endpoints?.length ?? 0
    return count
  }

  /** Looks again whenever a watch moved. */
  #until(ready: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('not settled within two minutes')), 120_000)
      const look = (): void => {
        if (!ready()) return
        this.#waiting.delete(look)
        clearTimeout(timer)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }

  async #start(
    who: Who, flags: readonly string[],
  ): Promise<{ running: Running; since: number }> {
    const log = join(this.#dir, `${who}.log`)
    if (who === 'slicewise') {
      const outfile = join(this.#dir, 'ours.cjs')
      await build({
        entryPoints: [join(import.meta.dirname, 'ours.ts')], outfile, bundle: true, minify: true,
        platform: 'node', format: 'cjs', logLevel: 'error',
      })
      const since = performance.now()
      return { running: await run(process.execPath, [outfile, this.#kubeconfig], log), since }
    }
    const since = performance.now()
    const running = await run(join(referenceBin(), who), [
      `--kubeconfig=${this.#kubeconfig}`, '--controllers=endpointslice-controller',
      '--leader-elect=false', '--secure-port=0', ...flags,
    ], log)
    return { running, since }
  }

  async #createPod(index: number): Promise<void> {
    const pod = podObject(index, true)
    const item = { namespace, name: String(pod.metadata?.name) }
    await this.#api.create<Pod>(resources.pods, pod)
    await this.#api.patch<Pod>(resources.pods, item, {
      type: 'merge', patch: { status: pod.status },
    }, { subresource: 'status' })
  }
}

/**
 * Time on a CPU of all threads of a process, in milliseconds. The scheduler counts nanoseconds;
 * `/proc/<pid>/stat` has hundredths of a second, which is more than a change takes.
 */
function cpuOf(pid: number): number {
  let ns = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
    } catch {
      // It ended meanwhile.
    }
  }
  return ns / 1e6
}
