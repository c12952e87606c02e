import {
  addressesOf, endpointOf, managedByController, managedByLabel, portResolver, serviceNameLabel,
  sliceLabels, zoneRatios,
} from '@slicewise/discovery'
import type {
  Change, Endpoint, EndpointPort, EndpointSlice, KubeObject, Node, ObjectMeta, Pod, Service, Stored,
} from '@slicewise/kube'
import { type Step } from '@slicewise/engine'
import { type ServicePlan, planService, takePlan } from '../plan.ts'
import { SliceState } from '../state.ts'

type Kind = 'pods' | 'services' | 'nodes' | 'slices'
export const namespace = 'shop'

/**
 * A cluster of plain maps that carries out plans and shows every change to a live state; what the
 * server would do and no more. Everything it hands out is frozen.
 */
export class World {
  readonly pods = new Map<string, Stored<Pod>>()
  readonly services = new Map<string, Stored<Service>>()
  readonly nodes = new Map<string, Stored<Node>>()
  readonly slices = new Map<string, Stored<EndpointSlice>>()
  readonly dirty = new Set<string>()
  readonly state: SliceState
  #revision = 100
  #names = 0

  constructor() {
    this.state = new SliceState({ onDirty: (key) => this.dirty.add(key) })
    this.state.start()
  }

  put(kind: Kind, name: string, body: { readonly metadata?: object }): void {
    const map = this[kind] as Map<string, Stored>
    const before = map.get(name)
    const metadata: Stored['metadata'] = {
      namespace, uid: before?.metadata.uid ?? `uid-${kind}-${name}-${this.#revision}`,
      creationTimestamp: '2026-03-01T10:00:00Z', ...body.metadata, name,
      resourceVersion: String(++this.#revision),
    }
    const object: Stored = deepFreeze({ ...body, metadata })
    map.set(name, object)
    if (before !== undefined && before.metadata.uid !== metadata.uid) {
      this.#tell(kind, name, before, undefined)
      this.#tell(kind, name, undefined, object)
    } else {
      this.#tell(kind, name, before, object)
    }
  }

  remove(kind: Kind, name: string): void {
    const map = this[kind] as Map<string, Stored>
    const before = map.get(name)
    map.delete(name)
    this.#revision++
    if (before !== undefined) this.#tell(kind, name, before, undefined)
  }

  plan(service: string, endpointsPerSlice: number): ServicePlan | undefined {
    const state = this.state.get(`${namespace}/${service}`)
    if (state === undefined) return undefined
    const plan = takePlan(this.state, state, endpointsPerSlice)
    return deepFreeze(plan)
  }

  /** A plan with no effect on what is told once, by the capacity that Nodes have now. */
  peek(service: string, endpointsPerSlice: number): ServicePlan | undefined {
    return this.with(this.state).peek(service, endpointsPerSlice)
  }

  run(step: Step): void {
    if (step.verb === 'delete') return this.remove('slices', step.item.name)
    if (step.verb !== 'create' && step.verb !== 'update') throw new Error(step.verb)
    const metadata = step.object.metadata ?? {}
    const name = metadata.name ?? `${metadata.generateName ?? ''}${String(++this.#names).padStart(4, '0')}`
    const before = this.slices.get(name)
    if (step.verb === 'update') {
      if (before === undefined) throw new Error(`no slice ${name}`)
      const expected = metadata.resourceVersion
      if (expected !== undefined && expected !== before.metadata.resourceVersion) {
        throw new Error(`conflict at ${name}`)
      }
    }
    const { kind: _, apiVersion: __, ...body } = step.object as KubeObject
    this.put('slices', name, { ...body, metadata: clean(metadata) })
  }

  /** Plans of another state over this world's Services. */
  with(state: SliceState): { peek: World['peek'] } {
    return {
      peek: (service, endpointsPerSlice) => {
        const one = state.get(`${namespace}/${service}`)
        const ratios = zoneRatios(this.nodes.values())
        return one && planService(one, { endpointsPerSlice, triggerTime: undefined, ratios })
      },
    }
  }

  /** A state derived from scratch from what there is, shown newest first. */
  rebuilt(): SliceState {
    const fresh = new SliceState({ onDirty: () => {} })
    for (const [kind, map] of Object.entries(this.#all())) {
      for (const [name, after] of [...map].reverse()) {
        applyTo(fresh, kind as Kind, change(kind as Kind, name, undefined, after))
      }
    }
    fresh.start()
    return fresh
  }

  #all(): Record<Kind, Map<string, Stored>> {
    return {
      pods: this.pods, services: this.services, slices: this.slices, nodes: this.nodes,
    } as unknown as Record<Kind, Map<string, Stored>>
  }

  #tell(kind: Kind, name: string, before: Stored | undefined, after: Stored | undefined): void {
    applyTo(this.state, kind, change(kind, name, before, after, String(this.#revision)))
  }
}

function clean(metadata: ObjectMeta): ObjectMeta {
  const { resourceVersion: _, ...rest } = metadata
  return rest
}

function change(
  kind: Kind, name: string, before: Stored | undefined, after: Stored | undefined, revision = '1',
): Change {
  return { key: kind === 'nodes' ? name : `${namespace}/${name}`, before, after, revision }
}

function applyTo(state: SliceState, kind: Kind, one: Change): void {
  if (kind === 'pods') state.applyPod(one as Change<Pod>)
  if (kind === 'services') state.applyService(one as Change<Service>)
  if (kind === 'nodes') state.applyNode(one as Change<Node>)
  if (kind === 'slices') state.applySlice(one as unknown as Change<EndpointSlice>)
}

/** What a state wants, as text: families, ports, endpoints. */
export function wantedText(state: SliceState): string {
  const lines: string[] = []
  for (const key of state.keys()) {
    for (const placement of state.get(key)?.placements ?? []) {
      for (const [pod, { ports, endpoint }] of placement.wanted()) {
        lines.push(`${key} ${placement.family} ${pod} ${ports.key} ${JSON.stringify(endpoint)}`)
      }
    }
    lines.push(`${key} missing ${[...state.get(key)?.missingNodes ?? []].sort().join()}`)
  }
  return lines.sort().join('\n')
}

/** An observed slice that holds these Pods as they are now, as this controller would write it. */
export function observedSlice(
  service: Stored<Service>, family: 'IPv4' | 'IPv6', pods: readonly Stored<Pod>[],
  nodes: ReadonlyMap<string, Stored<Node>>,
): EndpointSlice {
  const resolve = portResolver(service)
  const [first] = pods
  const ports = first === undefined ? [] : resolve(first).ports
  const endpoints: Endpoint[] = pods.map((pod) => endpointOf(
    pod, service, family, addressesOf(pod), nodes.get(pod.spec?.nodeName ?? ''),
  ))
  const { name, uid } = service.metadata
  return {
    metadata: {
      generateName: `${name}-`, namespace,
      labels: {
        ...sliceLabels(service), [serviceNameLabel]: name, [managedByLabel]: managedByController,
      },
      ownerReferences: [{
        apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true,
      }],
    },
    addressType: family,
    endpoints,
    ports: ports as EndpointPort[],
  }
}

export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (value instanceof Map || value instanceof Set) return value
  Object.freeze(value)
  for (const member of Object.values(value)) deepFreeze(member)
  return value
}
