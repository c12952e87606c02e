import { seconds } from '@slicewise/base'
import {
  type Binding, type Change, type Node, type Pod, type Stored, resources,
} from '@slicewise/kube'
import type { Cache } from '@slicewise/client'
import {
  type ControllerContext, controllerOf, type ControllerSpec, KeyedController, noPlan, onlyObject,
  type Plan, type Step,
} from '@slicewise/engine'
import { Spread } from './spread.ts'

/** Binds Pods to Nodes, spread over zones and Nodes. */
export const scheduler: ControllerSpec = {
  name: 'default-scheduler',
  run: (context) => new Scheduler(context).run(),
}

/** Pods that fit nowhere are tried again this often even if no Node changed, ms. */
const retryMs = 30_000

class Scheduler {
  readonly #context: ControllerContext
  readonly #keyed: KeyedController
  readonly #pods: Cache<Pod>
  readonly #nodes: Cache<Node>
  readonly #spread = new Spread()
  /** Where each Pod is counted, by key: its Node, or the one it was just bound to. */
  readonly #counted = new Map<string, { node: string; group: string }>()
  /** The same the other way round: group by Pod, by Node, whether the Node is known or not. */
  readonly #groupsOn = new Map<string, Map<string, string>>()
  readonly #unplaced = new Set<string>()

  constructor(context: ControllerContext) {
    this.#context = context
    this.#keyed = new KeyedController({
      context, name: scheduler.name, concurrency: 32,
      plan: (key) => this.#plan(key),
      scope: onlyObject,
    })
    this.#pods = this.#keyed.writes(resources.pods)
    this.#nodes = context.caches.of<Node>(resources.nodes)
  }

  run(): Promise<void> {
    this.#nodes.onChange((change) => this.#onNode(change), { replay: true })
    this.#pods.onChange((change) => this.#onPod(change), { replay: true })
    return this.#keyed.run()
  }

  #onNode({ key, before, after }: Change<Node>): void {
    if (after === undefined) {
      this.#spread.removeNode(key)
      return
    }
    this.#spread.setNode(after)
    if (before === undefined) {
      for (const group of this.#groupsOn.get(key)?.values() ?? []) {
        this.#spread.count(key, group, 1)
      }
    } else if (offersTheSame(before, after)) {
      return
    }
    this.#retryUnplaced()
  }

  #onPod({ key, after }: Change<Pod>): void {
    if (after === undefined || isFinished(after)) {
      if (this.#uncount(key)) this.#retryUnplaced()
      this.#unplaced.delete(key)
      return
    }
    const node = after.spec?.nodeName
    if (node) {
      this.#unplaced.delete(key)
      this.#countOn(key, node, groupOf(after))
    } else if (isOurs(after)) {
      this.#keyed.queue.addNow(key)
    }
  }

  #retryUnplaced(): void {
    for (const key of this.#unplaced) this.#keyed.queue.add(key)
  }

  #plan(key: string): Plan {
    const pod = this.#pods.get(key)
    if (pod === undefined || pod.spec?.nodeName || !isOurs(pod) || isFinished(pod)) return noPlan
    this.#uncount(key)
    const group = groupOf(pod)
    const placed = this.#spread.choose({ fit: pod.spec ?? {}, group })
    if (placed.node === undefined) {
      this.#unplaced.add(key)
      return unschedulable(pod, placed.because, this.#context.env.nowMs())
    }
    this.#unplaced.delete(key)
    this.#countOn(key, placed.node, group)
    return bind(pod, placed.node)
  }

  #countOn(key: string, node: string, group: string): void {
    const counted = this.#counted.get(key)
    if (counted?.node === node && counted.group === group) return
    this.#uncount(key)
    this.#spread.count(node, group, 1)
    this.#counted.set(key, { node, group })
    const groups = this.#groupsOn.get(node)
    if (groups === undefined) this.#groupsOn.set(node, new Map([[key, group]]))
    else groups.set(key, group)
  }

  #uncount(key: string): boolean {
    const counted = this.#counted.get(key)
    if (counted === undefined) return false
    this.#counted.delete(key)
    const groups = this.#groupsOn.get(counted.node)
    groups?.delete(key)
    if (groups?.size === 0) this.#groupsOn.delete(counted.node)
    this.#spread.count(counted.node, counted.group, -1)
    return true
  }
}

/** A heartbeat changes nothing about where Pods fit. */
function offersTheSame(before: Stored<Node>, after: Stored<Node>): boolean {
  const offer = ({ metadata, spec, status }: Stored<Node>): string =>
    JSON.stringify([metadata.labels, spec, status?.allocatable])
  return offer(before) === offer(after)
}

function isOurs(pod: Stored<Pod>): boolean {
  return (pod.spec?.schedulerName ?? scheduler.name) === scheduler.name &&
    !pod.metadata.deletionTimestamp && (pod.spec?.schedulingGates ?? []).length === 0
}

function isFinished(pod: Stored<Pod>): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}

function groupOf(pod: Stored<Pod>): string {
  return controllerOf(pod)?.uid ?? pod.metadata.namespace ?? ''
}

function bind(pod: Stored<Pod>, node: string): Plan {
  const { name, namespace = '' } = pod.metadata
  const binding: Binding = {
    metadata: { name, namespace, uid: pod.metadata.uid },
    target: { kind: 'Node', name: node },
  }
  const step: Step = {
    verb: 'post', ref: resources.pods, item: { name, namespace }, subresource: 'binding',
    object: binding,
  }
  const message = `Successfully assigned ${namespace}/${name} to ${node}`
  return { steps: [step], events: [podEvent(pod, 'Normal', 'Scheduled', message)] }
}

function unschedulable(pod: Stored<Pod>, because: string, nowMs: number): Plan {
  const events = [podEvent(pod, 'Warning', 'FailedScheduling', because)]
  const known = pod.status?.conditions?.find((one) => one.type === 'PodScheduled')
  if (known?.reason === 'Unschedulable' && known.message === because) {
    return { steps: [], againMs: retryMs }
  }
  const condition = {
    type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: because,
    lastTransitionTime: seconds(nowMs),
  }
  const step: Step = {
    verb: 'patch', ref: resources.pods, subresource: 'status',
    item: { name: pod.metadata.name, namespace: pod.metadata.namespace ?? '' },
    patch: { type: 'strategic', patch: { status: { conditions: [condition] } } },
  }
  return { steps: [step], events, againMs: retryMs }
}

function podEvent(pod: Stored<Pod>, type: 'Normal' | 'Warning', reason: string, message: string) {
  return { regarding: pod, regardingKind: 'Pod', regardingApiVersion: 'v1', type, reason, message }
}
