import {
  PackedSubsets, TriggerTimes, offerOf, podTriggerTime, portResolver, publishesNotReady,
  whySelectsNothing, type PortGroup,
} from '@slicewise/discovery'
import type { Change, Pod, Service, Stored } from '@slicewise/kube'
import { type Members, type PodEntry, SelectedPods } from '../services/selected-pods.ts'

export interface EndpointsStateOptions {
  /** Pods made a difference to this Service. Not called for changes of the Service itself. */
  onDirty(key: string): void
}

/**
 * What the Endpoints of each Service should say, kept while Pods and Services come and go: one
 * changed Pod costs its own place, a changed Service its Pods. Changes may come in any order across
 * kinds. Until `start`, they are only collected.
 */
export class EndpointsState {
  readonly #options: EndpointsStateOptions
  readonly #services = new Map<string, Stored<Service>>()
  readonly #states = new Map<string, ServiceEndpoints>()
  readonly #pods = new SelectedPods<ServiceEndpoints>()
  #started = false
  /** A Service is being joined with its Pods: nothing that they say is news. */
  #joining = false

  constructor(options: EndpointsStateOptions) {
    this.#options = options
  }

  /** Services whose Endpoints are kept, in no promised order. */
  keys(): IterableIterator<string> {
    return this.#states.keys()
  }

  get(key: string): ServiceEndpoints | undefined {
    return this.#states.get(key)
  }

  /** Whether there is such a Service, selecting or not. */
  has(key: string): boolean {
    return this.#services.has(key)
  }

  /** Joins what was collected; every Service is dirty. */
  start(): void {
    this.#started = true
    for (const [key, service] of this.#services) this.#build(key, service, undefined)
    this.#joining = true
    this.#pods.start()
    this.#joining = false
    for (const key of this.#states.keys()) this.#options.onDirty(key)
  }

  applyPod(change: Change<Pod>): void {
    this.#pods.applyPod(change)
  }

  applyService({ key, after }: Change<Service>): void {
    const known = this.#states.get(key)
    if (after === undefined) this.#services.delete(key)
    else this.#services.set(key, after)
    if (!this.#started) return
    if (after === undefined || whySelectsNothing(after) !== undefined) this.#drop(key)
    else if (known !== undefined && isSameService(known.service, after)) known.service = after
    else this.#build(key, after, known)
  }

  /** Trigger times of Pods that the Service no longer selects are forgotten. */
  #build(key: string, service: Stored<Service>, known: ServiceEndpoints | undefined): void {
    if (whySelectsNothing(service) !== undefined) return
    const same = known?.service.metadata.uid === service.metadata.uid
    const triggers = same && known ? known.triggers : new TriggerTimes()
    const state = new ServiceEndpoints(
      service, triggers, () => { if (!this.#joining) this.#options.onDirty(key) },
    )
    this.#states.set(key, state)
    this.#joining = true
    this.#pods.set(service, state)
    this.#joining = false
    for (const name of known?.members ?? []) if (!state.selects(name)) triggers.forget(name)
  }

  #drop(key: string): void {
    const state = this.#states.get(key)
    if (state === undefined) return
    this.#pods.delete(state.service)
    this.#states.delete(key)
  }
}

/** What the Endpoints of one Service should say. */
export class ServiceEndpoints implements Members {
  service: Stored<Service>
  readonly triggers: TriggerTimes
  readonly subsets = new PackedSubsets()
  /** When each selected Pod last turned ready or unready. */
  readonly #seen = new Map<string, string>()
  readonly #portsOf: (pod: Pod) => PortGroup
  readonly #onChange: () => void

  constructor(service: Stored<Service>, triggers: TriggerTimes, onChange: () => void) {
    this.service = service
    this.triggers = triggers
    this.#portsOf = portResolver(service)
    this.#onChange = onChange
  }

  /** Names of the Pods that the selector selects. */
  get members(): string[] {
    return [...this.#seen.keys()]
  }

  selects(podName: string): boolean {
    return this.#seen.has(podName)
  }

  setPod({ name, pod, addresses }: PodEntry): void {
    const time = podTriggerTime(pod)
    const turned = this.#seen.get(name) !== time
    if (turned) this.#seen.set(name, time)
    this.triggers.see(name, pod)
    const offer = offerOf(pod, this.service, addresses, this.#portsOf(pod))
    // A Pod that turned is looked at even when nothing follows: its time is then known.
    if (this.subsets.set(name, offer) || turned) this.#onChange()
  }

  removePod({ name }: PodEntry): void {
    this.#seen.delete(name)
    this.triggers.forget(name)
    if (this.subsets.set(name, undefined)) this.#onChange()
  }
}

/** Whether a new version of a Service asks for other subsets. Its labels are looked at later. */
function isSameService(a: Stored<Service>, b: Stored<Service>): boolean {
  return a.metadata.uid === b.metadata.uid
    && JSON.stringify(relevant(a)) === JSON.stringify(relevant(b))
}

function relevant(service: Stored<Service>): unknown {
  const { spec } = service
  return [
    spec?.selector, spec?.ports, spec?.type, spec?.clusterIP, spec?.ipFamilies,
    publishesNotReady(service),
  ]
}
