import { type Packed } from '@slicewise/discovery'
import type { Step } from '@slicewise/engine'
import type { Change, Endpoints, Pod, Service, Stored } from '@slicewise/kube'
import { deepFreeze } from '../../endpointslice/scenarios/world.ts'
import { planEndpoints, planRemoval } from '../plan.ts'
import { EndpointsState } from '../state.ts'

export const namespace = 'shop'

/**
 * A namespace of plain maps that carries out plans and shows every change to a live state; what the
 * server would do and no more. Everything it hands out is frozen.
 */
export class EndpointsWorld {
  readonly pods = new Map<string, Stored<Pod>>()
  readonly services = new Map<string, Stored<Service>>()
  readonly endpoints = new Map<string, Stored<Endpoints>>()
  readonly state: EndpointsState
  readonly dirty = new Set<string>()
  #revision = 100

  constructor() {
    this.state = new EndpointsState({ onDirty: (key) => this.dirty.add(key) })
    this.state.start()
  }

  putPod(name: string, body: { metadata?: object }): void {
    const before = this.pods.get(name)
    const after = this.#stored<Pod>(name, before, body)
    this.pods.set(name, after)
    for (const change of changes(name, before, after)) this.state.applyPod(change)
  }

  putService(name: string, body: { metadata?: object }): void {
    const before = this.services.get(name)
    const after = this.#stored<Service>(name, before, body)
    this.services.set(name, after)
    for (const change of changes(name, before, after)) this.state.applyService(change)
  }

  putEndpoints(name: string, body: { metadata?: object }): void {
    this.endpoints.set(name, this.#stored<Endpoints>(name, this.endpoints.get(name), body))
  }

  remove(kind: 'pods' | 'services' | 'endpoints', name: string): void {
    const map = this[kind] as Map<string, Stored>
    const before = map.get(name)
    map.delete(name)
    if (before === undefined || kind === 'endpoints') return
    const [change] = changes(name, before, undefined)
    if (kind === 'pods') this.state.applyPod(change as Change<Pod>)
    else this.state.applyService(change as Change<Service>)
  }

  /** What one look at a name decides; `trigger` moves trigger times on, as a look does. */
  plan(name: string, max: number, options: { state?: EndpointsState; trigger?: boolean } = {}) {
    const { state = this.state, trigger = true } = options
    const key = `${namespace}/${name}`
    const stored = this.endpoints.get(name)
    if (!state.has(key)) return stored === undefined ? undefined : planRemoval(stored)
    const one = state.get(key)
    if (one === undefined) return undefined
    const created = one.service.metadata.creationTimestamp
    return deepFreeze(planEndpoints({
      service: one.service, packed: packedOf(one.subsets.subsets(max)),
      triggerTime: trigger ? one.triggers.take(created) : undefined,
    }, stored))
  }

  run(step: Step | undefined): void {
    if (step === undefined) return
    if (step.verb === 'delete') return void this.endpoints.delete(step.item.name)
    if (step.verb !== 'create' && step.verb !== 'update') throw new Error(step.verb)
    const { name = '', resourceVersion } = step.object.metadata ?? {}
    const before = this.endpoints.get(name)
    if (before?.metadata.resourceVersion !== resourceVersion) throw new Error('conflict')
    const { kind: _, apiVersion: __, ...body } = step.object
    this.putEndpoints(name, body)
  }

  /** A state derived from scratch from what there is, shown newest first. */
  rebuilt(): EndpointsState {
    const fresh = new EndpointsState({ onDirty: () => {} })
    for (const [name, service] of [...this.services].reverse()) {
      for (const one of changes(name, undefined, service)) fresh.applyService(one)
    }
    for (const [name, pod] of [...this.pods].reverse()) {
      for (const one of changes(name, undefined, pod)) fresh.applyPod(one)
    }
    fresh.start()
    return fresh
  }

  #stored<T extends object>(
    name: string, before: Stored | undefined, body: { metadata?: object },
  ): Stored<T> {
    const { resourceVersion: _, ...metadata }: Partial<Stored['metadata']> = body.metadata ?? {}
    return deepFreeze({
      ...body,
      metadata: {
        uid: before?.metadata.uid ?? `uid-${name}-${this.#revision}`,
        creationTimestamp: '2026-03-01T10:00:00Z', ...metadata, namespace, name,
        resourceVersion: String(++this.#revision),
      },
    }) as unknown as Stored<T>
  }
}

/** Copies, so that freezing a plan does not freeze what the state keeps. */
const packedOf = (packed: Packed): Packed => structuredClone(packed)

function changes<T extends object>(
  name: string, before: Stored<T> | undefined, after: Stored<T> | undefined,
): Change<T>[] {
  const key = `${namespace}/${name}`
  const one = { key, revision: after?.metadata.resourceVersion ?? '1' }
  if (before && after && before.metadata.uid !== after.metadata.uid) {
    return [{ ...one, before, after: undefined }, { ...one, before: undefined, after }]
  }
  return [{ ...one, before, after }]
}
