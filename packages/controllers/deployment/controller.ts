import type { Cache, Index } from '@slicewise/client'
import {
  type Change, type Deployment, type Pod, type ReplicaSet, type Stored, matchesSelector, objectKey,
  resources, selectorFrom,
} from '@slicewise/kube'
import {
  type ControllerContext, controllerOf, type ControllerSpec, KeyedController, noPlan, type Plan,
} from '@slicewise/engine'
import { planDeployment } from './plan.ts'

/** Rolls Deployments out over ReplicaSets. */
export const deploymentController: ControllerSpec = {
  name: 'deployment-controller',
  run: (context) => new DeploymentController(context).run(),
}

class DeploymentController {
  readonly #context: ControllerContext
  readonly #keyed: KeyedController
  readonly #deployments: Cache<Deployment>
  readonly #replicaSets: Cache<ReplicaSet>
  readonly #pods: Cache<Pod>
  readonly #setsByOwner: Index<ReplicaSet>
  readonly #podsByOwner: Index<Pod>

  constructor(context: ControllerContext) {
    this.#context = context
    this.#keyed = new KeyedController({
      context, name: deploymentController.name,
      plan: (key) => this.#plan(key),
      scope: (key) => ({ namespace: key.slice(0, key.indexOf('/')) }),
    })
    this.#deployments = this.#keyed.writes(resources.deployments)
    this.#replicaSets = this.#keyed.writes(resources.replicasets)
    this.#pods = context.caches.of<Pod>(resources.pods)
    this.#setsByOwner = this.#replicaSets.index((one) => [ownerOf(one)])
    this.#podsByOwner = this.#pods.index((pod) => [controllerOf(pod)?.uid ?? ''])
  }

  run(): Promise<void> {
    this.#deployments.onChange(({ key }) => this.#keyed.queue.addNow(key), { replay: true })
    this.#replicaSets.onChange((change) => this.#onReplicaSet(change))
    this.#pods.onChange((change) => this.#onPod(change))
    return this.#keyed.run()
  }

  #onReplicaSet({ before, after }: Change<ReplicaSet>): void {
    for (const one of [before, after]) if (one !== undefined) this.#touch(one)
  }

  #touch(set: Stored<ReplicaSet>): void {
    const owner = controllerOf(set)
    if (owner?.kind === 'Deployment') {
      this.#keyed.queue.addNow(objectKey({ ...set.metadata, name: owner.name }))
    } else if (owner === undefined) {
      for (const one of this.#deployments.values()) {
        if (one.metadata.namespace === set.metadata.namespace &&
          matchesSelector(selectorFrom(one.spec?.selector), set.metadata.labels)) {
          this.#keyed.queue.addNow(objectKey(one.metadata))
        }
      }
    }
  }

  /** Only Recreate waits for Pods themselves; everything else shows in the ReplicaSets. */
  #onPod({ before, after }: Change<Pod>): void {
    if (after !== undefined && after.status?.phase === before?.status?.phase) return
    const owner = controllerOf((after ?? before) as Stored<Pod>)
    if (owner?.kind !== 'ReplicaSet') return
    const namespace = (after ?? before)?.metadata.namespace ?? ''
    const set = this.#replicaSets.get(objectKey({ namespace, name: owner.name }))
    const deployment = set === undefined ? undefined : controllerOf(set)
    if (deployment === undefined) return
    const key = objectKey({ namespace, name: deployment.name })
    if (this.#deployments.get(key)?.spec?.strategy?.type === 'Recreate') {
      this.#keyed.queue.add(key)
    }
  }

  #plan(key: string): Plan {
    const deployment = this.#deployments.get(key)
    if (deployment === undefined) return noPlan
    const { uid, namespace } = deployment.metadata
    return planDeployment({
      deployment,
      replicaSets: [...this.#setsByOwner.of(uid), ...this.#setsByOwner.of(`orphan ${namespace}`)],
      isTaken: (name) =>
        this.#replicaSets.get(objectKey({ ...deployment.metadata, name })) !== undefined,
      podsOf: (set) => this.#podsByOwner.of(set.metadata.uid),
      nowMs: this.#context.env.nowMs(),
    })
  }
}

function ownerOf(set: Stored<ReplicaSet>): string {
  return controllerOf(set)?.uid ?? `orphan ${set.metadata.namespace}`
}
