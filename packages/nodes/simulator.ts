import { type Env, formatIp, networkOf, parseCidr } from '@slicewise/base'
import {
  type Api, type Change, type Lease, type Node, type Pod, type Stored, StatusError, resources,
} from '@slicewise/kube'
import type { Cache, CacheSet, Index } from '@slicewise/client'
import {
  type ControllerContext, KeyQueue, KeyedController, type Plan, heartbeatMs, noPlan, onlyObject,
  untilAborted,
} from '@slicewise/engine'
import { Heartbeats } from './heartbeats.ts'
import { Kubelet } from './kubelet.ts'
import { limits } from './limits.ts'
import { type Machine, isReady, isSimulated, isStopped, machineStatus, nodeObject }
  from './machine.ts'
import { cutRange, rangeAt, rangeCount } from './ranges.ts'
import { SimulatedRuntime } from './runtime.ts'

export interface SimulatorOptions {
  readonly context: ControllerContext
  /** Nodes that have to be there; more may be made by hand with the annotation. */
  readonly nodes: number
  readonly podCidrs: readonly string[]
}

interface Running {
  machine: Machine
  kubelet: Kubelet
  stopped: boolean
}

const zones = ['zone-a', 'zone-b', 'zone-c'] as const
/** Addresses of the Nodes themselves; documentation and benchmarking ranges, never routed. */
const nodeRanges = ['198.18.0.0/16', 'fd00:198:18::/64'] as const

/**
 * Simulated kubelets: registers Nodes, keeps their heartbeat and walks the Pods bound to them
 * through their lives. Touches only Nodes with the annotation `slicewise.internal/simulated` and
 * Pods bound to them.
 */
export class Simulator {
  readonly #options: SimulatorOptions
  readonly #env: Env
  readonly #api: Api
  readonly #speed: number
  readonly #nodes: Cache<Node>
  readonly #pods: Cache<Pod>
  readonly #podsByNode: Index<Pod>
  readonly #keyed: KeyedController
  readonly #running = new Map<string, Running>()

  constructor(options: SimulatorOptions) {
    const { context } = options
    this.#options = options
    this.#env = context.env
    this.#api = context.api
    this.#speed = context.options.speed
    this.#nodes = (context.caches as CacheSet).of<Node>(resources.nodes)
    this.#keyed = new KeyedController({
      context, name: 'kubelet', concurrency: limits.concurrency,
      queue: new KeyQueue(context.env, { gatherMsMin: 0, gatherMsMax: 0 }),
      plan: (key) => this.#plan(key),
      scope: onlyObject,
    })
    this.#pods = this.#keyed.writes(resources.pods)
    this.#podsByNode = this.#pods.index((pod) => [pod.spec?.nodeName ?? ''])
  }

  /** Runs until the context's signal aborts. */
  async run(): Promise<void> {
    const { context } = this.#options
    this.#nodes.onChange((change) => this.#onNode(change), { replay: true })
    this.#pods.onChange((change) => this.#onPod(change), { replay: true })
    await untilAborted(context.caches.whenSynced(), context.signal)
    if (context.signal.aborted) return
    const heartbeats = new Heartbeats({
      env: this.#env, signal: context.signal,
      names: () => [...this.#running.keys()],
      intervalMs: (nodes) => heartbeatMs(this.#speed, nodes),
      beat: (name) => this.#heartbeat(name),
      // Heartbeats first: work on Pods stops until they get through.
      onLate: (late) => {
        if (late) this.#keyed.queue.hold()
        else this.#keyed.queue.release()
      },
    })
    await Promise.all([this.#keyed.run(), heartbeats.run(), this.#register()])
  }

  /** Makes the Nodes that are missing out of `nodes`. */
  async #register(): Promise<void> {
    const names = Array.from({ length: this.#options.nodes }, (_, index) => `node-${index + 1}`)
    const missing = names.filter((name) => this.#nodes.get(name) === undefined)
    const taken = new Set([...this.#nodes.values()].map((node) => node.spec?.podCIDR ?? ''))
    const machines = missing.map((name) => this.#machine(name, taken))
    const workers = Array.from({ length: limits.registrations }, async () => {
      for (;;) {
        const machine = machines.pop()
        if (machine === undefined || this.#options.context.signal.aborted) return
        await this.#create(machine)
      }
    })
    await Promise.all(workers)
  }

  async #create(machine: Machine): Promise<void> {
    try {
      const { signal } = this.#options.context
      await this.#api.create<Node>(resources.nodes, nodeObject(machine, this.#env.nowMs()),
        { signal })
    } catch (error) {
      if (this.#options.context.signal.aborted) return
      if (error instanceof StatusError && error.reason === 'AlreadyExists') return
      this.#env.log.error('node not registered', { node: machine.name, because: String(error) })
    }
  }

  /** The first free ranges and addresses for a new Node. */
  #machine(name: string, taken: Set<string>): Machine {
    const index = Number(/(\d+)$/.exec(name)?.[1] ?? 1) - 1
    const cuts = this.#options.podCidrs.map((cidr) => ({
      cidr, ...cutRange(cidr, Math.max(this.#options.nodes, zones.length)),
    }))
    const first = cuts[0]
    let at = index
    if (first !== undefined) {
      const count = rangeCount(first.cidr, first.prefixLength)
      for (let tried = 0; tried < count; tried++, at++) {
        if (!taken.has(rangeAt(first.cidr, first.prefixLength, at % count))) break
      }
      at %= count
      taken.add(rangeAt(first.cidr, first.prefixLength, at))
    }
    return {
      name,
      zone: zones[index % zones.length] ?? zones[0],
      podCIDRs: cuts.map((cut) => rangeAt(cut.cidr, cut.prefixLength, at)),
      capacity: Math.min(limits.podsPerNodeMax, ...cuts.map((cut) => cut.capacity)),
      addresses: nodeRanges.map((range) => addressAt(range, index + 1)),
    }
  }

  #onNode({ key, after }: Change<Node>): void {
    const known = this.#running.get(key)
    if (after === undefined || !isSimulated(after)) {
      this.#running.delete(key)
      return
    }
    const stopped = isStopped(after)
    if (known === undefined) this.#running.set(key, this.#start(after, stopped))
    else if (known.stopped !== stopped) known.stopped = stopped
    else return
    if (!stopped) this.#lookAtPodsOf(key)
  }

  #start(node: Stored<Node>, stopped: boolean): Running {
    const machine = this.#machineOf(node)
    const nodeAddresses = machine.addresses
    const runtime = new SimulatedRuntime({ podCIDRs: machine.podCIDRs, nodeAddresses })
    const kubelet = new Kubelet({ env: this.#env, speed: this.#speed, runtime, nodeAddresses })
    return { machine, kubelet, stopped }
  }

  /** The machine of a Node that stands in the API, made by us earlier or by hand. */
  #machineOf(node: Stored<Node>): Machine {
    const { name, labels } = node.metadata
    const podCIDRs = node.spec?.podCIDRs ?? []
    const others = podCIDRs.length > 0 ? [] : [...this.#nodes.values()]
    const fresh = this.#machine(name, new Set(others.map((one) => one.spec?.podCIDR ?? '')))
    const addresses = (node.status?.addresses ?? [])
      .filter((one) => one.type === 'InternalIP').map((one) => one.address)
    return {
      ...fresh,
      zone: labels?.['topology.kubernetes.io/zone'] ?? fresh.zone,
      podCIDRs: podCIDRs.length > 0 ? podCIDRs : fresh.podCIDRs,
      addresses: addresses.length > 0 ? addresses : fresh.addresses,
    }
  }

  #lookAtPodsOf(node: string): void {
    for (const pod of this.#podsByNode.of(node)) {
      this.#keyed.queue.addNow(`${pod.metadata.namespace}/${pod.metadata.name}`)
    }
  }

  #onPod({ key, before, after }: Change<Pod>): void {
    if (after === undefined) {
      const node = before?.spec?.nodeName ?? ''
      if (before !== undefined) this.#running.get(node)?.kubelet.forget(before.metadata.uid)
      return
    }
    if (this.#running.has(after.spec?.nodeName ?? '')) this.#keyed.queue.addNow(key)
  }

  #plan(key: string): Plan {
    const pod = this.#pods.get(key)
    const node = this.#running.get(pod?.spec?.nodeName ?? '')
    if (pod === undefined || node === undefined || node.stopped) return noPlan
    return node.kubelet.plan(pod)
  }

  async #heartbeat(name: string): Promise<void> {
    const running = this.#running.get(name)
    const node = this.#nodes.get(name)
    if (running === undefined || node === undefined || running.stopped) return
    const nowMs = this.#env.nowMs()
    await this.#renewLease(name, node.metadata.uid, nowMs)
    if (isReady(node)) return
    // Addresses are merged by type, so a second one of a type can only be replaced, never repeated.
    const { addresses: _, ...status } = machineStatus(running.machine, node, nowMs)
    await this.#api.patch(resources.nodes, { name }, { type: 'strategic', patch: { status } },
      { ...this.#asKubelet(), subresource: 'status' })
  }

  async #renewLease(name: string, uid: string, nowMs: number): Promise<void> {
    const namespace = 'kube-node-lease'
    const renewTime = `${new Date(nowMs).toISOString().slice(0, -1)}000Z`
    const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime }
    try {
      await this.#api.patch<Lease>(resources.leases, { name, namespace },
        { type: 'merge', patch: { spec } }, this.#asKubelet())
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error
      const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid }]
      await this.#api.create<Lease>(resources.leases, {
        metadata: { name, namespace, ownerReferences }, spec,
      }, this.#asKubelet())
    }
  }

  #asKubelet(): { fieldManager: string; signal: AbortSignal } {
    return { fieldManager: 'kubelet', signal: this.#options.context.signal }
  }
}

function addressAt(range: string, offset: number): string {
  const cidr = parseCidr(range)
  if (cidr === undefined) return ''
  const bytes = networkOf(cidr)
  bytes[bytes.length - 1] = offset & 255
  bytes[bytes.length - 2] = (offset >> 8) & 255
  return formatIp({ bytes })
}
