import type { Cache, Index } from '@slicewise/client'
import { isMirrorable, managedByLabel, managedByMirroring, serviceNameLabel }
  from '@slicewise/discovery'
import {
  type ControllerContext, type ControllerSpec, KeyedController, KeyQueue, type Plan,
  type RunResult,
} from '@slicewise/engine'
import {
  type Change, type Endpoints, type EndpointSlice, type Service, type Stored, objectKey, resources,
} from '@slicewise/kube'
import { OwnWrites } from '../endpointslice/own-writes.ts'
import { LostRaces } from '../services/lost-races.ts'
import { limits } from './limits.ts'
import { MirrorMetrics } from './metrics.ts'
import { type NamePlan, planName, selectsPods, skippedEvents } from './plan.ts'

const name = 'endpointslice-mirroring-controller'

export type MirroringContext = Omit<ControllerContext, 'options'> & {
  readonly options:
    Pick<ControllerContext['options'], 'mirroringBatchMs' | 'mirroringMaxEndpointsPerSubset'> &
    Partial<Pick<ControllerContext['options'], 'mirroringSyncs'>>
}

/**
 * Mirrors Endpoints that people and programs keep by hand to EndpointSlices, for Services that
 * select no Pods; and takes the slices away when there is nothing to mirror any more.
 */
export class MirroringController {
  readonly metrics = new MirrorMetrics()
  readonly #keyed: KeyedController
  readonly #races: LostRaces
  readonly #own = new OwnWrites()
  /** Of each name the version of its Endpoints about which Events have been recorded. */
  readonly #told = new Map<string, string>()
  readonly #max: number
  readonly #services: Cache<Service>
  readonly #endpoints: Cache<Endpoints>
  /** Mirrored slices by the name that they are for. */
  readonly #slices: Index<EndpointSlice>
  readonly #byUid: Index<EndpointSlice>

  constructor(context: MirroringContext) {
    const { env, caches, options } = context
    const max = options.mirroringMaxEndpointsPerSubset
    if (!(max >= limits.endpointsPerSubsetMin && max <= limits.endpointsPerSubsetMax)) {
      throw new RangeError(`max mirrored endpoints per subset is ${max}, not within 1..1000`)
    }
    this.#max = max
    context.metrics?.add(() => this.metrics.families())
    this.#races = new LostRaces(env)
    const { retryMsMax } = limits
    this.#keyed = new KeyedController({
      context: context as ControllerContext, name,
      component: 'endpoint-slice-mirroring-controller',
      queueName: 'endpoint_slice_mirroring',
      ...(options.mirroringSyncs === undefined ? {} : { concurrency: options.mirroringSyncs }),
      queue: new KeyQueue(env, { batchMs: options.mirroringBatchMs, retryMsMax }),
      nextTurn: true,
      plan: (key) => this.#plan(key),
      concluded: (key, result, ms) => this.#conclude(key, result, ms),
      scope: (key) => scopeOf(key),
    })
    this.#services = caches.of<Service>(resources.services)
    this.#endpoints = caches.of<Endpoints>(resources.endpoints)
    const slices = this.#keyed.writes<EndpointSlice>(resources.endpointslices)
    this.#slices = slices.index((slice) => mirroredFor(slice))
    this.#byUid = slices.index((slice) =>
      (mirroredFor(slice).length === 0 ? [] : [slice.metadata.uid]))
    this.#services.onChange((change) => this.#onService(change), { replay: true })
    this.#endpoints.onChange((change) => this.#onEndpoints(change), { replay: true })
    slices.onChange((change) => this.#onSlice(change), { replay: true })
  }

  /** Resolves when the signal aborted and the last write has been answered. */
  run(): Promise<void> {
    return this.#keyed.run()
  }

  #onEndpoints({ key, before, after }: Change<Endpoints>): void {
    const concerns = [before, after].some((one) => one !== undefined && isMirrorable(one))
    if (!concerns) return
    // Nearly all Endpoints are made for Services with selectors, which have nothing mirrored.
    const service = this.#services.get(key)
    const nothing = service === undefined || selectsPods(service)
    if (nothing && this.#slices.count(key) === 0) this.#forget(key)
    else this.#keyed.queue.addNow(key)
  }

  #onService({ key, before, after }: Change<Service>): void {
    const selected = before === undefined ? undefined : selectsPods(before)
    const selects = after === undefined ? undefined : selectsPods(after)
    const concerns = selected === undefined || selects === undefined
      ? selected === false || selects === false : selected !== selects
    if (concerns) this.#keyed.queue.addNow(key)
  }

  #onSlice({ before, after }: Change<EndpointSlice>): void {
    const from = mirroredFor(before)[0]
    const to = mirroredFor(after)[0]
    if (from !== undefined && before && from !== to) this.#heard(from, before.metadata.uid, 'gone')
    if (to !== undefined && after) {
      this.#heard(to, after.metadata.uid, after.metadata.resourceVersion)
    }
  }

  #heard(key: string, uid: string, revision: string): void {
    if (this.#own.isForeign(key, uid, revision) || this.#races.has(key)) this.#keyed.queue.add(key)
  }

  /** Synchronous: from what the caches show to what has to be written. */
  #plan(key: string): Plan {
    const waitMs = this.#races.waitMs(key, (uid) =>
      this.#byUid.of(uid ?? '')[0]?.metadata.resourceVersion)
    if (waitMs > 0) return { steps: [], againMs: waitMs }
    const endpoints = this.#endpoints.get(key)
    const slices = this.#slices.of(key)
    const plan = planName({ endpoints, service: this.#services.get(key), slices }, this.#max)
    this.#measure(key, plan, slices.length)
    if (plan.steps.length > 0) this.#own.takeOff(key)
    const events = endpoints === undefined ? [] : this.#eventsOf(key, endpoints, plan)
    return { steps: plan.steps, events }
  }

  #conclude(key: string, result: RunResult, ms: number): void {
    this.#races.note(key, result)
    this.metrics.syncSeconds.observe(ms / 1_000)
    for (const { step, ok } of result.results) {
      if (ok && step.verb in this.metrics.changes) this.metrics.changes[step.verb as 'create']++
    }
    if (result.results.length > 0 && this.#own.land(key, [result])) this.#keyed.queue.add(key)
  }

  #measure(key: string, { mirror, added, updated, removed, writes }: NamePlan, before: number) {
    if (mirror === undefined) return this.metrics.forget(key)
    const sizes = mirror.groups.map(({ endpoints }) => endpoints.length)
    this.metrics.planned(key, {
      endpoints: sizes.reduce((sum, size) => sum + size, 0),
      slices: before + writes.reduce((sum, { verb }) =>
        sum + (verb === 'create' ? 1 : verb === 'delete' ? -1 : 0), 0),
      slicesIdeal: sizes.reduce((sum, size) => sum + Math.ceil(size / this.#max), 0),
      added, updated, removed, skipped: mirror.skipped,
    })
  }

  /** Each version of an object is told about once, however often it is looked at. */
  #eventsOf(key: string, endpoints: Stored<Endpoints>, { mirror }: NamePlan) {
    const { uid, resourceVersion } = endpoints.metadata
    if (mirror === undefined || mirror.skipped === 0) {
      this.#told.delete(key)
      return []
    }
    const version = `${uid} ${resourceVersion}`
    if (this.#told.get(key) === version) return []
    this.#told.set(key, version)
    return skippedEvents(endpoints, mirror, this.#max)
  }

  #forget(key: string): void {
    this.#told.delete(key)
    this.#own.forget(key)
    this.metrics.forget(key)
  }
}

/** The name that a slice of this controller is for; none for slices of others. */
export function mirroredFor(slice: Stored<EndpointSlice> | undefined): readonly string[] {
  const labels = slice?.metadata.labels
  const service = labels?.[serviceNameLabel]
  if (!service || labels?.[managedByLabel] !== managedByMirroring) return []
  return [objectKey({ namespace: slice?.metadata.namespace ?? '', name: service })]
}

function scopeOf(key: string): { namespace: string; labelSelector: string } {
  const [namespace = '', service = ''] = key.split('/')
  const labelSelector = `${serviceNameLabel}=${service},${managedByLabel}=${managedByMirroring}`
  return { namespace, labelSelector }
}

/** The controller as a row of the table. */
export const mirroringController: ControllerSpec = {
  name,
  run: (context) => new MirroringController(context).run(),
}
