import type { Cache, Index } from '@slicewise/client'
import {
  type ControllerContext, controllerOf, type ControllerSpec, EventRecorder, KeyQueue,
  KeyedController, noPlan, type Plan,
} from '@slicewise/engine'
import {
  type Change, type Pod, type PodDisruptionBudget, type ReplicaSet, type Stored, objectKey,
  resources,
} from '@slicewise/kube'
import { byController } from '../workloads/owned.ts'
import { Budgets } from './budgets.ts'
import { limits } from './limits.ts'
import { News } from './news.ts'
import { planBudget } from './plan.ts'
import { type Scalable, type ScalableCaches, scalable, scaleOf } from './scale.ts'
import { announced, planStale } from './stale.ts'
import { severalEvent } from './tell.ts'

/** Keeps the status of PodDisruptionBudgets, which evictions ask. */
export const disruptionController: ControllerSpec = {
  name: 'disruption-controller',
  run: (context) => new DisruptionController(context).run(),
}

/** As the reference names it in events. */
const component = 'controllermanager'

class DisruptionController {
  readonly #context: ControllerContext
  readonly #keyed: KeyedController
  /** Pods that were announced to go; keys of Pods. */
  readonly #stale: KeyedController
  readonly #events: EventRecorder
  readonly #disruptionBudgets: Cache<PodDisruptionBudget>
  readonly #pods: Cache<Pod>
  readonly #owners: ScalableCaches
  readonly #replicaSetsOf: Index<ReplicaSet>
  readonly #budgets: Budgets
  readonly #news = new News()
  /** Pods of which it was told that several budgets select them, by key. */
  readonly #several = new Set<string>()

  constructor(context: ControllerContext) {
    this.#context = context
    const { api, env, caches } = context
    const { name } = disruptionController
    const scope = (key: string): { namespace: string } =>
      ({ namespace: key.slice(0, key.indexOf('/')) })
    this.#keyed = new KeyedController({
      context, name, component, queueName: 'disruption', scope,
      queue: new KeyQueue(env, { gatherMsMax: limits.gatherMsMax }),
      plan: (key) => this.#plan(key),
    })
    this.#stale = new KeyedController({
      context, name, component, queueName: 'stale_pod_disruption', scope,
      plan: (key) => this.#planStale(key),
    })
    this.#events = new EventRecorder({ api, env, component })
    this.#disruptionBudgets = this.#keyed.writes(resources.poddisruptionbudgets)
    this.#pods = this.#stale.writes(resources.pods)
    this.#owners = {
      deployments: caches.of(scalable.deployments),
      replicasets: caches.of(scalable.replicasets),
      statefulsets: caches.of(scalable.statefulsets),
      replicationcontrollers: caches.of(scalable.replicationcontrollers),
    }
    this.#replicaSetsOf = byController(this.#owners.replicasets)
    const podsOf = this.#pods.index((pod) => [pod.metadata.namespace ?? ''])
    this.#budgets = new Budgets((namespace) => podsOf.of(namespace))
  }

  async run(): Promise<void> {
    this.#disruptionBudgets.onChange(({ key, before, after }) => {
      if (after !== undefined) this.#budgets.set(after)
      else if (before !== undefined) this.#budgets.delete(before)
      this.#keyed.queue.addNow(key)
    }, { replay: true })
    this.#pods.onChange((change) => this.#onPod(change), { replay: true })
    for (const cache of Object.values(this.#owners)) {
      (cache as Cache<Scalable>).onChange((change) => this.#onOwner(change))
    }
    await Promise.all([this.#keyed.run(), this.#stale.run()])
  }

  #onPod(change: Change<Pod>): void {
    const { key, before, after } = change
    const goes = !after || (after.metadata.deletionTimestamp && !before?.metadata.deletionTimestamp)
    for (const budget of this.#budgets.applyPod(change)) {
      // One that was evicted may have a successor of its name soon: its end is not gathered.
      if (goes) this.#keyed.queue.addNow(budget)
      else this.#keyed.queue.add(budget)
    }
    if (after !== undefined && announced(after) !== undefined) this.#stale.queue.add(key)
    this.#tellOfSeveral(key, after)
  }

  #tellOfSeveral(key: string, pod: Stored<Pod> | undefined): void {
    const [first = '', second] = pod === undefined ? [] : this.#budgets.keysFor(pod)
    if (pod === undefined || second === undefined) {
      this.#several.delete(key)
    } else if (!this.#several.has(key)) {
      this.#several.add(key)
      this.#events.record(severalEvent(pod, first.slice(first.indexOf('/') + 1)))
    }
  }

  /** The reference waits for the next change of a Pod; here a scale counts when it is seen. */
  #onOwner({ before, after }: Change<Scalable>): void {
    const { uid, namespace = '' } = ((after ?? before) as Stored<Scalable>).metadata
    const same = before !== undefined && after !== undefined &&
      before.spec?.replicas === after.spec?.replicas &&
      controllerOf(before)?.uid === controllerOf(after)?.uid
    if (same) return
    const uids = [uid, ...this.#replicaSetsOf.of(uid).map((one) => one.metadata.uid)]
    for (const key of this.#budgets.keysOfOwners(namespace, uids)) this.#keyed.queue.add(key)
  }

  #plan(key: string): Plan {
    const budget = this.#disruptionBudgets.get(key)
    const selection = budget && this.#budgets.get(budget)
    if (budget === undefined || selection === undefined) {
      this.#news.forget(key)
      return noPlan
    }
    const { namespace = '' } = budget.metadata
    const { members, problem } = selection
    members.noteDisrupted(budget.status?.disruptedPods ?? {})
    return this.#news.only(key, planBudget({
      budget, members, problem,
      scaleOf: (owner) => scaleOf(owner, namespace, (resource, one) =>
        (this.#owners[resource] as Cache<Scalable>).get(one)),
      podOf: (name) => this.#pods.get(objectKey({ namespace, name })),
      nowMs: this.#context.env.nowMs(), timeoutMs: this.#timeoutMs(),
    }))
  }

  #planStale(key: string): Plan {
    const pod = this.#pods.get(key)
    if (pod === undefined) return noPlan
    return planStale(pod, { nowMs: this.#context.env.nowMs(), timeoutMs: this.#timeoutMs() })
  }

  #timeoutMs(): number {
    return Math.max(limits.timeoutMs / this.#context.options.speed, limits.timeoutMsMin)
  }
}
