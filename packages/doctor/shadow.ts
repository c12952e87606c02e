import { type Env, sleep } from '@slicewise/base'
import type { CacheSet } from '@slicewise/client'
import type { Difference } from '@slicewise/discovery'
import {
  type Api, type Node, type Pod, type Service, StatusError, type Stored, objectKey, resources,
} from '@slicewise/kube'
import { type LastWriter, lastWriter } from './last-writer.ts'
import { limits } from './limits.ts'
import { reasonFor } from './shadow-reason.ts'
import { type ShadowSubject, shadowSubjects } from './shadow-subjects.ts'
import { differenceText } from './standing.ts'

/** One difference, with why it should be otherwise and who wrote it so. */
export interface ShadowDifference extends Difference {
  /** The controller whose work it is. */
  readonly controller: string
  readonly text: string
  readonly reason: string
  readonly lastWriter?: LastWriter
}

export interface ShadowedService {
  readonly namespace: string
  readonly name: string
  /** Those that matter first. */
  readonly differences: readonly ShadowDifference[]
}

export interface ShadowReport {
  /** No difference matters. */
  readonly agrees: boolean
  readonly services: number
  /** Endpoints that should stand there; one in slices and in Endpoints counts once. */
  readonly endpoints: number
  /** Services with differences that matter, by key. */
  readonly differing: readonly ShadowedService[]
  /** Services that are packed otherwise and hold the same. */
  readonly packedOtherwise: number
  /** Services that had not come to rest; they are compared as they were. */
  readonly unsettled: number
}

export interface ShadowOptions {
  readonly env: Env
  readonly api: Api
  readonly caches: CacheSet
  /** Names out of `shadowSubjects`. */
  readonly controllers: readonly string[]
  readonly endpointsPerSlice: number
  readonly mirroredAddressesMax: number
}

interface Judged {
  readonly service: ShadowedService
  readonly matters: boolean
  readonly endpoints: number
}

/**
 * Derives what controllers would have for every Service of a live cluster, and compares it with
 * what stands there. Writes nothing. A change costs the Services that it touches.
 */
export class Shadow {
  readonly #options: ShadowOptions
  readonly #subjects: readonly ShadowSubject[]
  /** When a Service, or anything that is compared for it, last moved. */
  readonly #movedMs = new Map<string, number>()
  readonly #stale = new Set<string>()
  readonly #judged = new Map<string, Judged>()
  #startedMs = 0

  constructor(options: ShadowOptions) {
    this.#options = options
    const { caches, endpointsPerSlice, mirroredAddressesMax } = options
    const onDirty = (key: string): void => this.#move(key)
    this.#subjects = options.controllers.flatMap((name) => {
      const make = shadowSubjects[name]
      return make === undefined ? []
        : [make({ caches, endpointsPerSlice, mirroredAddressesMax, onDirty })]
    })
    caches.of<Service>(resources.services).onChange(({ key }) => this.#move(key))
  }

  /** Resolves when every cache is complete and the derivation is done. */
  async start(): Promise<void> {
    await this.#options.caches.whenSynced()
    for (const subject of this.#subjects) subject.start()
    this.#startedMs = this.#options.env.nowMs()
    for (const service of this.#services()) this.#stale.add(objectKey(service.metadata))
    this.#movedMs.clear()
  }

  /**
   * Resolves when every Service that differs has not moved for the grace period, so that what a
   * live controller is about to write does not count; or when the longest time for that is over.
   */
  async settle(signal?: AbortSignal): Promise<ShadowReport> {
    const { env } = this.#options
    const untilMs = env.nowMs() + limits.settleMsMax
    for (;;) {
      const waitMs = this.#unrestMs()
      if (waitMs <= 0 || env.nowMs() >= untilMs || signal?.aborted) {
        return this.#withWriters(this.report())
      }
      await sleep(env, Math.min(waitMs, limits.lookMs), signal).catch(() => undefined)
    }
  }

  /** Compares as things are now. */
  report(): ShadowReport {
    this.#judge()
    const differing = [...this.#judged.values()].filter(({ matters }) => matters)
      .map(({ service }) => service).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    const all = [...this.#judged.values()]
    return {
      agrees: differing.length === 0,
      services: all.length,
      endpoints: all.reduce((sum, { endpoints }) => sum + endpoints, 0),
      differing,
      packedOtherwise: all.filter(({ matters, service }) =>
        !matters && service.differences.length > 0).length,
      unsettled: differing.filter((service) => this.#restMs(keyOf(service)) > 0).length,
    }
  }

  /** The longest time until a Service that differs will have been quiet for long enough. */
  #unrestMs(): number {
    this.#judge()
    let longest = 0
    for (const [key, { matters }] of this.#judged) {
      if (matters) longest = Math.max(longest, this.#restMs(key))
    }
    return longest
  }

  #restMs(key: string): number {
    const sinceMs = this.#movedMs.get(key) ?? this.#startedMs
    return sinceMs + limits.graceMs - this.#options.env.nowMs()
  }

  #move(key: string): void {
    this.#movedMs.set(key, this.#options.env.nowMs())
    this.#stale.add(key)
  }

  #services(): Iterable<Stored<Service>> {
    return this.#options.caches.of<Service>(resources.services).values()
  }

  /** Compares the Services that moved since they were compared last. */
  #judge(): void {
    const services = this.#options.caches.of<Service>(resources.services)
    for (const key of this.#stale) {
      const service = services.get(key)
      const judged = service && this.#compare(service)
      if (judged === undefined) this.#judged.delete(key)
      else this.#judged.set(key, judged)
      if (service === undefined) this.#movedMs.delete(key)
    }
    this.#stale.clear()
  }

  #compare(service: Stored<Service>): Judged | undefined {
    const { namespace = '', name } = service.metadata
    const differences: ShadowDifference[] = []
    let endpoints = 0
    let compared = false
    for (const subject of this.#subjects) {
      const comparison = subject.compare(service)
      if (comparison === undefined) continue
      compared = true
      endpoints = Math.max(endpoints, comparison.endpoints)
      for (const one of comparison.differences) {
        const { name: controller } = subject
        const reason = this.#reason(one, service)
        differences.push({ ...one, controller, text: differenceText(one), reason })
      }
    }
    if (!compared) return undefined
    differences.sort((a, b) => Number(b.matters) - Number(a.matters))
    const matters = differences.some((one) => one.matters)
    return { service: { namespace, name, differences }, matters, endpoints }
  }

  /** Reads who wrote what differs: caches do not keep managers. At most the first hundred. */
  async #withWriters(report: ShadowReport): Promise<ShadowReport> {
    const asked = new Map<string, Promise<LastWriter | undefined>>()
    const ask = (namespace: string, { slice, controller }: ShadowDifference) => {
      const writes = this.#subjects.find(({ name }) => name === controller)?.writes
      const key = `${writes?.resource} ${namespace}/${slice}`
      if (slice === undefined || writes === undefined) return undefined
      const known = asked.get(key)
      if (known !== undefined || asked.size >= limits.writersMax) return known
      const read = this.#options.api.get(writes, { namespace, name: slice })
        .then(({ metadata }) => lastWriter(metadata, fieldOf(writes.resource)), orGone)
      asked.set(key, read)
      return read
    }
    const differing = await Promise.all(report.differing.map(async (service) => ({
      ...service,
      differences: await Promise.all(service.differences.map(async (one) => {
        const writer = await ask(service.namespace, one)
        return writer === undefined ? one : { ...one, lastWriter: writer }
      })),
    })))
    return { ...report, differing }
  }

  #reason(one: Difference, service: Stored<Service>): string {
    const { caches } = this.#options
    const { namespace = '' } = service.metadata
    const pod = one.pod === undefined
      ? undefined : caches.of<Pod>(resources.pods).get(`${namespace}/${one.pod}`)
    const node = caches.of<Node>(resources.nodes).get(pod?.spec?.nodeName ?? '')
    return reasonFor(one, service, pod, node)
  }
}

const fieldOf = (resource: string): 'endpoints' | 'subsets' =>
  (resource === 'endpoints' ? 'subsets' : 'endpoints')

/** What was written is gone by now, or may be listed and not read: nobody is named then. */
function orGone(error: unknown): undefined {
  if (!(error instanceof StatusError)) throw error
  return undefined
}

const keyOf = ({ namespace, name }: ShadowedService): string => objectKey({ namespace, name })
