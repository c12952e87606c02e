import type { Cache } from '@slicewise/client'
import { leaderAnnotation } from '@slicewise/discovery'
import {
  type ControllerContext, type ControllerSpec, KeyedController, KeyQueue, type Plan,
  type PlannedEvent, type StepResult, isTerminating, noPlan, untilAborted,
} from '@slicewise/engine'
import {
  type Change, type Endpoints, type Pod, type Service, type Stored, resources,
} from '@slicewise/kube'
import { LostRaces } from '../services/lost-races.ts'
import { limits } from './limits.ts'
import { failureEvent, isOurs, planEndpoints, planRemoval } from './plan.ts'
import { EndpointsState } from './state.ts'

const name = 'endpoints-controller'

export type EndpointsContext = Omit<ControllerContext, 'options'> & {
  readonly options: Pick<ControllerContext['options'], 'endpointsBatchMs'> &
    Partial<Pick<ControllerContext['options'], 'endpointSyncs'>>
}

/**
 * Keeps the Endpoints of Services with selectors: one object a Service, for consumers older than
 * EndpointSlices. What others do to an object is put right at the next change of its Service or
 * Pods, and at once when it is deleted.
 */
export class EndpointsController {
  readonly state: EndpointsState
  readonly #context: EndpointsContext
  readonly #keyed: KeyedController
  readonly #races: LostRaces
  /** Services that were here and are gone, until their Endpoints are. */
  readonly #deleted = new Set<string>()
  readonly #pods: Cache<Pod>
  readonly #services: Cache<Service>
  readonly #endpoints: Cache<Endpoints>

  constructor(context: EndpointsContext) {
    const { env, caches, options } = context
    const { retryMsMin, retryMsMax } = limits
    this.#context = context
    this.#races = new LostRaces(env)
    this.#keyed = new KeyedController({
      context: context as ControllerContext, name, component: 'endpoint-controller',
      queueName: 'endpoint',
      ...(options.endpointSyncs === undefined ? {} : { concurrency: options.endpointSyncs }),
      queue: new KeyQueue(env, { batchMs: options.endpointsBatchMs, retryMsMin, retryMsMax }),
      nextTurn: true,
      plan: (key) => this.#plan(key),
      concluded: (key, result) => this.#races.note(key, result),
      eventsOf: (_, results) => results.flatMap(eventsOf),
      scope: (key) => {
        const [namespace = '', own = ''] = key.split('/')
        return { namespace, fieldSelector: `metadata.name=${own}` }
      },
    })
    this.state = new EndpointsState({ onDirty: (key) => this.#keyed.queue.add(key) })
    this.#services = caches.of<Service>(resources.services)
    this.#endpoints = this.#keyed.writes<Endpoints>(resources.endpoints)
    this.#pods = caches.of<Pod>(resources.pods)
    this.#listen()
  }

  /** Resolves when the signal aborted and the last write has been answered. */
  async run(): Promise<void> {
    const { signal } = this.#context
    const caches = [this.#pods, this.#services, this.#endpoints]
    const synced = Promise.all(caches.map((cache) => cache.whenSynced()))
    await untilAborted(synced.then(() => {}), signal)
    if (signal.aborted) return
    this.state.start()
    for (const endpoints of this.#endpoints.values()) this.#addOrphan(endpoints)
    await this.#keyed.run()
  }

  #listen(): void {
    this.#pods.onChange((change) => this.state.applyPod(change), { replay: true })
    this.#services.onChange((change) => {
      this.state.applyService(change)
      if (change.after === undefined) this.#deleted.add(change.key)
      else this.#deleted.delete(change.key)
      // A change of the Service itself does not wait for the batch period.
      if (this.#services.synced) this.#keyed.queue.addNow(change.key)
    }, { replay: true })
    this.#endpoints.onChange((change) => this.#onEndpoints(change))
  }

  #onEndpoints({ key, before, after }: Change<Endpoints>): void {
    // With a Service the server deletes its Endpoints too, and a cache shows one before the other.
    if (after === undefined) this.#keyed.queue.addAfter(key, limits.deletedMs)
    else if (this.#races.has(key)) this.#keyed.queue.addNow(key)
    else if (before === undefined && this.#isLate(key, after)) {
      this.#keyed.queue.addAfter(key, limits.orphanMs)
    }
  }

  /** A write that nobody waited for any more came after the end of its Service. */
  #isLate(key: string, endpoints: Stored<Endpoints>): boolean {
    return this.#services.synced && !this.state.has(key) && isOurs(endpoints)
  }

  /** Endpoints that outlived their Service while nobody looked, but no locks of leaders. */
  #addOrphan({ metadata }: Stored<Endpoints>): void {
    if (metadata.annotations?.[leaderAnnotation] !== undefined) return
    const key = `${metadata.namespace ?? ''}/${metadata.name}`
    if (!this.state.has(key)) this.#keyed.queue.addNow(key)
  }

  /** Synchronous: from what the caches show to what has to be written. */
  #plan(key: string): Plan {
    const stored = this.#endpoints.get(key)
    if (!this.state.has(key)) return this.#planRemoval(key, stored)
    const state = this.state.get(key)
    if (state === undefined) return noPlan
    const waitMs = this.#races.waitMs(key, (uid) =>
      (uid === undefined || stored?.metadata.uid === uid
        ? stored?.metadata.resourceVersion : undefined))
    if (waitMs > 0) return { steps: [], againMs: waitMs }
    const { service } = state
    const step = planEndpoints({
      service,
      packed: state.subsets.subsets(limits.addressesMax),
      triggerTime: state.triggers.take(service.metadata.creationTimestamp),
    }, stored)
    return step === undefined ? noPlan : { steps: [step] }
  }

  /**
   * What this controller made for a Service that was deleted goes at once. Anything else goes only
   * when the cache of Services is as new as the object: its Service may be on its way.
   */
  #planRemoval(key: string, stored: Stored<Endpoints> | undefined): Plan {
    if (stored === undefined) this.#deleted.delete(key)
    if (stored === undefined || stored.metadata.deletionTimestamp) return noPlan
    const ours = this.#deleted.has(key) && isOurs(stored)
    if (!ours && !this.#services.reached(stored.metadata.resourceVersion)) {
      return { steps: [], againMs: limits.orphanMs }
    }
    return { steps: [planRemoval(stored)] }
  }
}

function eventsOf(result: StepResult): PlannedEvent[] {
  if (result.ok || isTerminating(result.error)) return []
  const event = failureEvent(result.step, result.error.message)
  return event === undefined ? [] : [event]
}

/** The controller as a row of the table. */
export const endpointsController: ControllerSpec = {
  name,
  run: (context) => new EndpointsController(context).run(),
}
