import type { Cache, Index } from '@slicewise/client'
import { type Pod, type ReplicaSet, type Stored, resources } from '@slicewise/kube'
import {
  type ControllerContext, controllerOf, type ControllerSpec, KeyedController, noPlan, type Plan,
} from '@slicewise/engine'
import { Owned } from '../workloads/owned.ts'
import { isActive } from '../workloads/pods.ts'
import { type ReplicaFailure, creationEvents, failureOf, planReplicaSet } from './plan.ts'

/** Keeps the number of Pods that each ReplicaSet asks for. */
export const replicaSetController: ControllerSpec = {
  name: 'replicaset-controller',
  run: (context) => new ReplicaSetController(context).run(),
}

class ReplicaSetController {
  readonly #context: ControllerContext
  readonly #keyed: KeyedController
  readonly #replicaSets: Cache<ReplicaSet>
  readonly #owned: Owned<ReplicaSet, Pod>
  readonly #failures = new Map<string, ReplicaFailure>()
  /** ReplicaSets by the uid of their controller. */
  readonly #siblings: Index<ReplicaSet>

  constructor(context: ControllerContext) {
    this.#context = context
    this.#keyed = new KeyedController({
      context, name: replicaSetController.name,
      plan: (key) => this.#plan(key),
      eventsOf: (key, results) => {
        const replicaSet = this.#replicaSets.get(key)
        const failure = failureOf(results)
        if (failure === undefined) this.#failures.delete(key)
        else this.#failures.set(key, failure)
        return replicaSet === undefined ? [] : creationEvents(replicaSet, results)
      },
      scope: (key) => ({ namespace: key.slice(0, key.indexOf('/')) }),
    })
    this.#replicaSets = this.#keyed.writes(resources.replicasets)
    this.#owned = new Owned({
      kind: 'ReplicaSet', owners: this.#replicaSets, queue: this.#keyed.queue,
      children: this.#keyed.writes<Pod>(resources.pods),
    })
    this.#siblings = this.#replicaSets.index((one) => [controllerOf(one)?.uid ?? one.metadata.uid])
  }

  run(): Promise<void> {
    this.#owned.listen()
    return this.#keyed.run()
  }

  #plan(key: string): Plan {
    const replicaSet = this.#replicaSets.get(key)
    if (replicaSet === undefined) {
      this.#failures.delete(key)
      return noPlan
    }
    return planReplicaSet({
      replicaSet, pods: this.#owned.candidatesOf(replicaSet), nowMs: this.#context.env.nowMs(),
      crowd: this.#crowd(replicaSet), failure: this.#failures.get(key),
    })
  }

  /** Counts active Pods by Node over all ReplicaSets of the same Deployment; made when needed. */
  #crowd(replicaSet: Stored<ReplicaSet>): (pod: Stored<Pod>) => number {
    let counts: Map<string, number> | undefined
    return (pod) => {
      if (counts === undefined) {
        counts = new Map()
        const owner = controllerOf(replicaSet)?.uid ?? replicaSet.metadata.uid
        for (const sibling of this.#siblings.of(owner)) {
          for (const one of this.#owned.controlledBy(sibling.metadata.uid)) {
            const node = isActive(one) ? one.spec?.nodeName : undefined
            if (node) counts.set(node, (counts.get(node) ?? 0) + 1)
          }
        }
      }
      return counts.get(pod.spec?.nodeName ?? '') ?? 0
    }
  }
}
