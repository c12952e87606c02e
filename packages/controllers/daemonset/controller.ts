import type { Cache, Index } from '@slicewise/client'
import {
  type Change, type ControllerRevision, type DaemonSet, type Node, type Pod, objectKey, resources,
} from '@slicewise/kube'
import { sameJson } from '@slicewise/base'
import {
  type ControllerContext, controllerOf, type ControllerSpec, KeyedController, noPlan, type Plan,
  type PlannedEvent, type StepResult,
} from '@slicewise/engine'
import { Owned } from '../workloads/owned.ts'
import { revisionOwner, revisionsFor } from '../workloads/revisions.ts'
import { FailedPods } from './backoff.ts'
import { daemonEvent, planDaemonSet } from './plan.ts'

/** Keeps one Pod of each DaemonSet on every Node that fits. */
export const daemonSetController: ControllerSpec = {
  name: 'daemonset-controller',
  run: (context) => new DaemonSetController(context).run(),
}

class DaemonSetController {
  readonly #context: ControllerContext
  readonly #keyed: KeyedController
  readonly #sets: Cache<DaemonSet>
  readonly #nodes: Cache<Node>
  readonly #owned: Owned<DaemonSet, Pod>
  readonly #revisions: Index<ControllerRevision>
  readonly #failed = new FailedPods()

  constructor(context: ControllerContext) {
    this.#context = context
    this.#keyed = new KeyedController({
      context, name: daemonSetController.name,
      plan: (key) => this.#plan(key),
      eventsOf: (key, results) => this.#creationEvents(key, results),
      scope: (key) => ({ namespace: key.slice(0, key.indexOf('/')) }),
    })
    this.#sets = this.#keyed.writes(resources.daemonsets)
    const pods = this.#keyed.writes<Pod>(resources.pods)
    const revisions = this.#keyed.writes<ControllerRevision>(resources.controllerrevisions)
    this.#revisions = revisions.index((one) => [revisionOwner(one)])
    this.#nodes = context.caches.of<Node>(resources.nodes)
    const { queue } = this.#keyed
    this.#owned = new Owned({ kind: 'DaemonSet', owners: this.#sets, children: pods, queue })
    revisions.onChange(({ before, after }) => {
      const owner = controllerOf(after ?? before ?? {})
      const namespace = (after ?? before)?.metadata.namespace ?? ''
      if (owner?.kind === 'DaemonSet') queue.add(objectKey({ namespace, name: owner.name }))
    })
  }

  run(): Promise<void> {
    this.#owned.listen()
    this.#nodes.onChange((change) => this.#onNode(change))
    return this.#keyed.run()
  }

  /** Heartbeats decide nothing: labels, taints and existence do. */
  #onNode({ before, after }: Change<Node>): void {
    if (before !== undefined && after !== undefined &&
      sameJson(before.metadata.labels, after.metadata.labels) &&
      sameJson(before.spec, after.spec)) {
      return
    }
    for (const set of this.#sets.values()) this.#keyed.queue.add(objectKey(set.metadata))
  }

  #plan(key: string): Plan {
    const set = this.#sets.get(key)
    if (set === undefined) return noPlan
    const nowMs = this.#context.env.nowMs()
    const plan = planDaemonSet({
      set, nodes: [...this.#nodes.values()], pods: this.#owned.candidatesOf(set),
      revisions: revisionsFor(set, this.#revisions), nowMs,
      failedWaitMs: (node) => this.#failed.waitMs(`${set.metadata.uid} ${node}`, nowMs),
    })
    for (const node of plan.failedOn ?? []) this.#failed.note(`${set.metadata.uid} ${node}`, nowMs)
    return plan
  }

  #creationEvents(key: string, results: readonly StepResult[]): PlannedEvent[] {
    const set = this.#sets.get(key)
    if (set === undefined) return []
    return results.flatMap((result) => {
      if (result.step.verb !== 'create' || result.step.ref.resource !== 'pods') return []
      return [result.ok
        ? daemonEvent(set, 'Normal', 'SuccessfulCreate',
          `Created pod: ${result.object?.metadata.name}`)
        : daemonEvent(set, 'Warning', 'FailedCreate', `Error creating: ${result.error.message}`)]
    })
  }
}
