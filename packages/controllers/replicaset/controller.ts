import type { Cache, Index } from '@slicewise/client'
import {
  type Change, type Pod, type ReplicaSet, type Stored, matchesSelector, objectKey, resources,
  selectorFrom,
} from '@slicewise/kube'
import {
  type ControllerContext, controllerOf, type ControllerSpec, KeyedController, noPlan, type Plan,
} from '@slicewise/engine'
import { isActive } from '../workloads/pods.ts'
import { type ReplicaFailure, creationEvents, failureOf, planReplicaSet } from './plan.ts'

/** Keeps the number of Pods that each ReplicaSet asks for. */
export const replicaSetController: ControllerSpec = {
  name: 'replicaset-controller',
  run: (context) => new ReplicaSetController(context).run(),
}

const orphan = 'orphan'

class ReplicaSetController {
  readonly #context: ControllerContext
  readonly #keyed: KeyedController
  readonly #replicaSets: Cache<ReplicaSet>
  readonly #pods: Cache<Pod>
  readonly #failures = new Map<string, ReplicaFailure>()
  /** Pods by the uid of their controller, or `orphan namespace`. */
  readonly #byOwner: Index<Pod>
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
    this.#pods = this.#keyed.writes(resources.pods)
    this.#byOwner = this.#pods.index((pod) => [ownerOf(pod)])
    this.#siblings = this.#replicaSets.index((one) => [controllerOf(one)?.uid ?? one.metadata.uid])
  }

  run(): Promise<void> {
    this.#replicaSets.onChange(({ key }) => this.#keyed.queue.addNow(key), { replay: true })
    this.#pods.onChange((change) => this.#onPod(change))
    return this.#keyed.run()
  }

  #onPod({ before, after }: Change<Pod>): void {
    for (const pod of [before, after]) if (pod !== undefined) this.#touch(pod)
  }

  #touch(pod: Stored<Pod>): void {
    const owner = controllerOf(pod)
    if (owner !== undefined) {
      if (owner.kind !== 'ReplicaSet') return
      this.#keyed.queue.add(objectKey({ ...pod.metadata, name: owner.name }))
      return
    }
    for (const [key, one] of this.#replicaSetsFor(pod)) {
      if (matchesSelector(selectorFrom(one.spec?.selector), pod.metadata.labels)) {
        this.#keyed.queue.add(key)
      }
    }
  }

  *#replicaSetsFor(pod: Stored<Pod>): IterableIterator<[string, Stored<ReplicaSet>]> {
    if (Object.keys(pod.metadata.labels ?? {}).length === 0) return
    for (const one of this.#replicaSets.values()) {
      if (one.metadata.namespace === pod.metadata.namespace) yield [objectKey(one.metadata), one]
    }
  }

  #plan(key: string): Plan {
    const replicaSet = this.#replicaSets.get(key)
    if (replicaSet === undefined) {
      this.#failures.delete(key)
      return noPlan
    }
    const { uid, namespace } = replicaSet.metadata
    const pods = [...this.#byOwner.of(uid), ...this.#byOwner.of(`${orphan} ${namespace}`)]
    return planReplicaSet({
      replicaSet, pods, nowMs: this.#context.env.nowMs(),
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
          for (const one of this.#byOwner.of(sibling.metadata.uid)) {
            const node = isActive(one) ? one.spec?.nodeName : undefined
            if (node) counts.set(node, (counts.get(node) ?? 0) + 1)
          }
        }
      }
      return counts.get(pod.spec?.nodeName ?? '') ?? 0
    }
  }
}

function ownerOf(pod: Stored<Pod>): string {
  return controllerOf(pod)?.uid ?? `${orphan} ${pod.metadata.namespace}`
}
