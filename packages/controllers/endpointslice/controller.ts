import { type Env, type Metrics, type Revision, sleep } from '@slicewise/base'
import type { Cache, CacheSet } from '@slicewise/client'
import { limits as discoveryLimits, managedByController, managedByLabel, serviceNameLabel }
  from '@slicewise/discovery'
import {
  type Api, type Change, type EndpointSlice, type Node, type Pod, type Service,
  resources,
} from '@slicewise/kube'
import {
  type ControllerOptions, type ControllerSpec, engineLimits, EventRecorder, Expectations,
  isTerminating, KeyQueue, type Looked, runQueue, type RunResult, tellDetail, tellPlan, tellRun,
  Writer,
} from '@slicewise/engine'
import { limits } from './limits.ts'
import { SliceMetrics, routingOf } from './metrics.ts'
import { OwnWrites } from './own-writes.ts'
import { type ServicePlan, failureEvent, takePlan } from './plan.ts'
import type { ServiceState } from './service-state.ts'
import { SliceState, ownerKey } from './state.ts'

const name = 'endpointslice-controller'

export interface EndpointSliceControllerOptions {
  readonly env: Env
  readonly api: Api
  readonly caches: CacheSet
  readonly signal: AbortSignal
  readonly options: Pick<ControllerOptions, 'maxEndpointsPerSlice' | 'endpointSliceBatchMs'> &
    Partial<Pick<ControllerOptions, 'serviceEndpointSyncs'>>
  readonly metrics?: Metrics
}

/**
 * Keeps the EndpointSlices of Services with selectors: listens to Pods, Services, Nodes and slices,
 * and writes what differs. One look at a Service is one plan; a Service whose last writes the cache
 * does not show yet is not planned.
 */
export class EndpointSliceController {
  readonly metrics = new SliceMetrics()
  readonly state: SliceState
  readonly #env: Env
  readonly #signal: AbortSignal
  readonly #endpointsPerSlice: number
  readonly #concurrency: number
  readonly #queue: KeyQueue
  readonly #writer: Writer
  readonly #events: EventRecorder
  readonly #expectations: Expectations
  readonly #own = new OwnWrites()
  /** Services that wait for the cache to show their last writes. */
  readonly #waiting = new Set<string>()
  readonly #pods: Cache<Pod>
  readonly #services: Cache<Service>
  readonly #slices: Cache<EndpointSlice>
  readonly #nodes: Cache<Node>
  /** When the cache of slices moved last, wall clock ms. */
  #movedMs = 0

  constructor(all: EndpointSliceControllerOptions) {
    const { env, api, caches, signal, options } = all
    const { endpointsPerSliceMin, endpointsPerSliceMax } = discoveryLimits
    const size = options.maxEndpointsPerSlice
    if (!(size >= endpointsPerSliceMin && size <= endpointsPerSliceMax)) {
      throw new RangeError(`max endpoints per slice is ${size}, not within 1..1000`)
    }
    this.#env = env
    this.#signal = signal
    this.#concurrency = options.serviceEndpointSyncs ?? limits.concurrentSyncs
    all.metrics?.add(() => [...this.metrics.families(), ...this.#queue.families('endpoint_slice')])
    this.#endpointsPerSlice = size
    this.#queue = new KeyQueue(env, { batchMs: options.endpointSliceBatchMs })
    this.#writer = new Writer({
      api, manager: name, signal, metadataOnly: true,
      endsQuietly: (error, step) => step.verb === 'create' && isTerminating(error),
    })
    this.#events = new EventRecorder({ api, env, component: 'endpoint-slice-controller' })
    this.#expectations = new Expectations(env)
    this.state = new SliceState({ onDirty: (key) => this.#queue.add(key) })
    this.#nodes = caches.of<Node>(resources.nodes)
    this.#services = caches.of<Service>(resources.services)
    this.#slices = caches.of<EndpointSlice>(resources.endpointslices)
    this.#pods = caches.of<Pod>(resources.pods)
    this.#listen()
  }

  /** Resolves when the signal aborted and the last write has been answered. */
  async run(): Promise<void> {
    const caches = [this.#pods, this.#services, this.#slices, this.#nodes]
    const stopped = new Promise<void>((resolve) => {
      this.#signal.addEventListener('abort', () => resolve(), { once: true })
    })
    await Promise.race([stopped, Promise.all(caches.map((cache) => cache.whenSynced()))])
    if (this.#signal.aborted) return
    this.state.start()
    await runQueue({
      env: this.#env, name, queue: this.#queue, signal: this.#signal,
      concurrency: this.#concurrency, look: (key) => this.#look(key),
    })
  }

  #listen(): void {
    this.#nodes.onChange((change) => this.state.applyNode(change), { replay: true })
    this.#nodes.onProgress(() => this.#recheckHints())
    this.#pods.onChange((change) => this.state.applyPod(change), { replay: true })
    this.#services.onChange((change) => {
      this.state.applyService(change)
      // A change of the Service itself does not wait for the batch period.
      if (this.state.get(change.key) !== undefined) this.#queue.addNow(change.key)
    }, { replay: true })
    this.#slices.onChange((change) => this.#onSlice(change), { replay: true })
    this.#slices.onProgress(() => this.#wake())
  }

  /** Capacity moved: hints that now overload a zone are given anew. */
  #recheckHints(): void {
    for (const key of this.state.topology.overloaded((one) => this.state.get(one))) {
      this.#queue.addNow(key)
    }
  }

  #onSlice(change: Change<EndpointSlice>): void {
    this.state.applySlice(change)
    const { before, after } = change
    const from = ownerKey(before)
    const to = ownerKey(after)
    if (from !== undefined && before && from !== to) this.#heard(from, before.metadata.uid, 'gone')
    if (to !== undefined && after) {
      this.#heard(to, after.metadata.uid, after.metadata.resourceVersion)
    }
  }

  #heard(key: string, uid: string, revision: Revision | 'gone'): void {
    if (this.#own.isForeign(key, uid, revision)) this.#queue.add(key)
  }

  /** Looks at waiting Services whose writes the cache shows by now. */
  #wake(): void {
    this.#movedMs = this.#env.elapsedMs()
    for (const key of this.#waiting) {
      if (this.#check(key) === 'waiting') continue
      this.#waiting.delete(key)
      this.#queue.addNow(key)
    }
  }

  #check(key: string): 'met' | 'waiting' | 'lost' {
    return this.#expectations.check(
      key, (uid) => this.state.revisionOf(uid), (revision) => this.#slices.reached(revision),
      () => this.#env.elapsedMs() - this.#movedMs >= engineLimits.echoMsMax,
    )
  }

  async #look(key: string): Promise<Looked> {
    // Events that arrive together are one change: a Pod that is replaced is never half gone.
    await sleep(this.#env, 0)
    const check = this.#check(key)
    if (check === 'waiting') {
      this.metrics.syncs.stale++
      this.#waiting.add(key)
      tellDetail(this.#env.log, 'waits for its own writes to be seen', { controller: name, key })
      this.#queue.addAfter(key, engineLimits.echoMsMax)
      return undefined
    }
    this.#waiting.delete(key)
    if (check === 'lost') await this.#readLive(key)
    const state = this.state.get(key)
    if (state === undefined) return this.#forget(key)
    const plan = this.#plan(state)
    const results = await this.#write(key, plan)
    if (!this.#signal.aborted) for (const event of plan.events) this.#events.record(event)
    return this.#conclude(key, plan, results)
  }

  /** Synchronous: from what the cache shows to what has to be written. */
  #plan(state: ServiceState): ServicePlan {
    const plan = takePlan(this.state, state, this.#endpointsPerSlice)
    const { trafficDistribution } = state.service.spec ?? {}
    this.metrics.planned(
      state.key, plan.outlook, routingOf(state.asksForTopology, trafficDistribution))
    return plan
  }

  async #write(key: string, plan: ServicePlan): Promise<RunResult[]> {
    const results: RunResult[] = []
    this.#own.takeOff(key)
    for (const part of plan.parts) {
      tellPlan(this.#env.log, name, key, part)
      const result = await this.#writer.run(part)
      tellRun(this.#env.log, name, key, result)
      this.#expectations.note(key, result.expected)
      results.push(result)
    }
    if (this.#own.land(key, results)) this.#queue.add(key)
    if (results.some((one) => one.results.length > 0)) this.#queue.wrote(key)
    return results
  }

  #conclude(key: string, plan: ServicePlan, results: readonly RunResult[]): Looked {
    for (const { results: steps } of results) {
      for (const { step, ok } of steps) {
        if (ok && step.verb in this.metrics.changes) this.metrics.changes[step.verb as 'create']++
      }
    }
    const errors = results.flatMap(({ error }) => (error === undefined ? [] : [error]))
    const problems = errors.map(({ message }) => message)
    if (plan.problem !== undefined) problems.push(plan.problem)
    if (problems.length === 0) {
      this.metrics.syncs.success++
      const planned = plan.parts.reduce((sum, { steps }) => sum + steps.length, 0)
      this.metrics.changed(key, planned)
      return undefined
    }
    this.metrics.syncs.error++
    const problem = problems.join('; ')
    const state = this.state.get(key)
    if (state !== undefined && !this.#signal.aborted) {
      this.#events.record(failureEvent(state, problem))
    }
    const [error] = errors
    return error === undefined ? { problem } : { problem, error }
  }

  /** The effect of a write is unknown, or its echo overdue: asks the server and starts afresh. */
  async #readLive(key: string): Promise<void> {
    const [namespace = '', service = ''] = key.split('/')
    const labelSelector = `${serviceNameLabel}=${service},${managedByLabel}=${managedByController}`
    const { items, metadata } = await this.#writer.api.list<EndpointSlice>(
      resources.endpointslices, { namespace, labelSelector, signal: this.#signal },
    )
    this.#expectations.forget(key)
    // While the answer travelled the cache may have overtaken it.
    if (this.#slices.reached(metadata.resourceVersion)) this.state.rebuild(key)
    else this.state.adopt(key, items, metadata.resourceVersion)
    this.#env.log.info('slices read live', { controller: name, key })
  }

  #forget(key: string): undefined {
    this.#expectations.forget(key)
    this.#own.forget(key)
    this.metrics.forget(key)
    this.state.topology.forget(key)
    return undefined
  }
}

/** The controller as a row of the table. */
export const endpointSliceController: ControllerSpec = {
  name,
  run: (context) => new EndpointSliceController(context).run(),
}
