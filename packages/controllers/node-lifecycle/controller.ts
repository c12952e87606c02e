import type { Cache, Index } from '@slicewise/client'
import {
  type Lease, type Node, type Pod, type PodCondition, type Stored, type Taint, conditionOf,
  resources,
} from '@slicewise/kube'
import {
  type ControllerContext, type ControllerSpec, KeyedController, heartbeatGraceMs, noPlan, type Plan,
  type PlannedEvent, type Step,
} from '@slicewise/engine'
import { seconds } from '@slicewise/base'
import { isReady } from '../workloads/pods.ts'
import { evictionDelayMs } from './evict.ts'
import { readyStatus, silentConditions, wantedTaints } from './judge.ts'
import { limits } from './limits.ts'
import { OwnSign } from './own-sign.ts'
import { Silence } from './silence.ts'

/** Marks Nodes whose kubelet fell silent and evicts their Pods. */
export const nodeLifecycleController: ControllerSpec = {
  name: 'node-lifecycle-controller',
  run: (context) => new NodeLifecycle(context).run(),
}

const leaseNamespace = 'kube-node-lease'

class NodeLifecycle {
  readonly #context: ControllerContext
  readonly #keyed: KeyedController
  readonly #nodes: Cache<Node>
  readonly #leases: Cache<Lease>
  readonly #podsByNode: Index<Pod>
  /** By our own clock, so skew does not matter. */
  readonly #silence: Silence
  readonly #ownSign: OwnSign
  /** Nodes of which not all Pods could be planned at once. */
  readonly #unfinished = new Set<string>()
  readonly #bearing = new Bearing()

  constructor(context: ControllerContext) {
    this.#context = context
    this.#keyed = new KeyedController({
      context, name: nodeLifecycleController.name, concurrency: 20,
      plan: (key) => this.#plan(key),
      scope: () => ({}),
    })
    this.#nodes = this.#keyed.writes(resources.nodes)
    const pods = this.#keyed.writes<Pod>(resources.pods)
    this.#podsByNode = pods.index((pod) => [pod.spec?.nodeName ?? ''])
    this.#leases = context.caches.of<Lease>(resources.leases, { namespace: leaseNamespace })
    this.#silence = new Silence(context.env.elapsedMs())
    this.#ownSign = new OwnSign({
      env: context.env, writer: this.#keyed.writer, leases: this.#leases,
      onReturn: () => { this.#silence.asking = false },
    })
    pods.onChange(({ before, after }) => {
      const node = (after ?? before)?.spec?.nodeName ?? ''
      const came = after !== undefined && before?.spec?.nodeName !== node
      if (came || this.#unfinished.has(node)) this.#touch(node)
      if (after === undefined && before?.spec?.nodeName) {
        this.#bearing.forget(before.spec.nodeName, before.metadata.uid)
      }
    })
  }

  run(): Promise<void> {
    this.#nodes.onChange(({ key, before, after }) => {
      if (after === undefined) {
        this.#silence.forget(key)
        this.#unfinished.delete(key)
        this.#bearing.drop(key)
        return
      }
      if (heartbeatOf(before) !== heartbeatOf(after)) this.#silence.heard(key)
      this.#keyed.queue.addNow(key)
    }, { replay: true })
    this.#leases.onChange(({ after }) => {
      const node = after?.metadata.name ?? ''
      if (this.#nodes.get(node) !== undefined) this.#silence.heard(node)
    }, { replay: true })
    this.#monitor()
    return this.#keyed.run()
  }

  /** Looks for silence once, and then again and again. */
  #monitor(): void {
    const { env, signal } = this.#context
    if (signal.aborted) return
    const graceMs = this.#graceMs()
    const periodMs = graceMs / limits.looksPerGrace
    this.#silence.look(env.elapsedMs(), periodMs)
    for (const node of this.#silence.longerThan(graceMs * limits.doubt)) {
      if (readyStatus(this.#nodes.get(node)) === 'Unknown') continue
      this.#silence.asking = true
      if (this.#silence.of(node) > graceMs) this.#touch(node)
    }
    if (this.#silence.asking) void this.#ownSign.send()
    const cancel = env.after(periodMs, () => {
      signal.removeEventListener('abort', cancel)
      this.#monitor()
    })
    signal.addEventListener('abort', cancel, { once: true })
  }

  #touch(node: string): void {
    if (this.#nodes.get(node) !== undefined) this.#keyed.queue.add(node)
  }

  #graceMs(): number {
    return heartbeatGraceMs(this.#context.options.speed, this.#nodes.size)
  }

  #plan(key: string): Plan {
    const node = this.#nodes.get(key)
    if (node === undefined) return noPlan
    const nowMs = this.#context.env.nowMs()
    if (this.#silence.of(key) > this.#graceMs()) {
      const conditions = silentConditions(node, nowMs)
      if (conditions !== undefined) return { steps: [statusStep(node, conditions)] }
    }
    const taints = wantedTaints(node, nowMs)
    if (taints !== undefined) return retaint(node, taints)
    return this.#planPods(node, nowMs)
  }

  /** Pods of a silent Node are not ready, and Pods go when they bear it no longer. */
  #planPods(node: Stored<Node>, nowMs: number): Plan {
    const steps: Step[] = []
    const events: PlannedEvent[] = []
    let againMs: number | undefined
    const silent = readyStatus(node) === 'Unknown'
    this.#unfinished.delete(node.metadata.name)
    const evicting = (node.spec?.taints ?? []).filter((one) => one.effect === 'NoExecute')
    if (!silent && evicting.length === 0 && !this.#bearing.has(node.metadata.name)) return noPlan
    const atMs = this.#context.env.elapsedMs()
    const bearing = this.#bearing.of(node.metadata.name)
    for (const pod of this.#podsByNode.of(node.metadata.name)) {
      if (steps.length >= limits.podsAtOnce) {
        this.#unfinished.add(node.metadata.name)
        break
      }
      if (silent && isReady(pod)) steps.push(unreadyStep(pod, nowMs))
      if (pod.metadata.deletionTimestamp) continue
      const { uid } = pod.metadata
      const since = bearing.get(uid)
      const delayMs = evictionDelayMs(
        pod, evicting, atMs - (since ?? atMs), this.#context.options.speed)
      if (delayMs === undefined || delayMs <= 0) bearing.delete(uid)
      else if (since === undefined) bearing.set(uid, atMs)
      if (delayMs === undefined) {
        if (since !== undefined) events.push(cancellationEvent(pod))
      } else if (delayMs <= 0) {
        steps.push({ ...deletion(pod), event: evictionEvent(pod) })
      } else {
        againMs = Math.min(againMs ?? Infinity, delayMs)
      }
    }
    if (bearing.size === 0) this.#bearing.drop(node.metadata.name)
    return { steps, events, parallel: true, ...(againMs === undefined ? {} : { againMs }) }
  }
}

/**
 * Since when Pods bear the NoExecute taints of their Node for a limited time, by Node and Pod uid.
 * Counted from when this process first saw it, as in the reference: a Pod that comes to a tainted
 * Node has its whole time.
 */
class Bearing {
  readonly #nodes = new Map<string, Map<string, number>>()

  has(node: string): boolean {
    return this.#nodes.has(node)
  }

  of(node: string): Map<string, number> {
    const known = this.#nodes.get(node) ?? new Map<string, number>()
    this.#nodes.set(node, known)
    return known
  }

  drop(node: string): void {
    this.#nodes.delete(node)
  }

  forget(node: string, uid: string): void {
    this.#nodes.get(node)?.delete(uid)
  }
}

function heartbeatOf(node: Stored<Node> | undefined): string {
  const ready = conditionOf(node, 'Ready')
  return ready === undefined || ready.status === 'Unknown' ? '' : `${ready.lastHeartbeatTime}`
}

function statusStep(node: Stored<Node>, conditions: object[]): Step {
  return {
    verb: 'patch', ref: resources.nodes, subresource: 'status', item: { name: node.metadata.name },
    patch: { type: 'strategic', patch: { status: { conditions } } },
  }
}

function retaint(node: Stored<Node>, taints: readonly Taint[]): Plan {
  const { name, resourceVersion } = node.metadata
  const patch = { metadata: { resourceVersion }, spec: { taints } }
  return {
    steps: [{
      verb: 'patch', ref: resources.nodes, item: { name }, patch: { type: 'merge', patch },
    }],
  }
}

function unreadyStep(pod: Stored<Pod>, nowMs: number): Step {
  const event = podEvent(pod, 'Warning', 'NodeNotReady', 'Node is not ready')
  const condition: Partial<PodCondition> = {
    type: 'Ready', status: 'False', lastTransitionTime: seconds(nowMs),
  }
  return {
    verb: 'patch', ref: resources.pods, subresource: 'status', item: itemOf(pod), event,
    patch: {
      type: 'strategic',
      patch: { metadata: { uid: pod.metadata.uid }, status: { conditions: [condition] } },
    },
  }
}

function deletion(pod: Stored<Pod>): Step {
  return { verb: 'delete', ref: resources.pods, uid: pod.metadata.uid, item: itemOf(pod) }
}

function itemOf(pod: Stored<Pod>): { name: string; namespace: string } {
  return { name: pod.metadata.name, namespace: pod.metadata.namespace ?? '' }
}

function evictionEvent(pod: Stored<Pod>): PlannedEvent {
  return podEvent(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${nameOf(pod)}`)
}

function cancellationEvent(pod: Stored<Pod>): PlannedEvent {
  const message = `Cancelling deletion of Pod ${nameOf(pod)}`
  return podEvent(pod, 'Normal', 'TaintManagerEviction', message)
}

function nameOf({ metadata }: Stored<Pod>): string {
  return `${metadata.namespace}/${metadata.name}`
}

function podEvent(
  pod: Stored<Pod>, type: 'Normal' | 'Warning', reason: string, message: string,
): PlannedEvent {
  return { regarding: pod, regardingKind: 'Pod', regardingApiVersion: 'v1', type, reason, message }
}
