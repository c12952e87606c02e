import type { Cache, Index } from '@slicewise/client'
import {
  type Change, type Deployment, type Pod, type ReplicaSet, type Stored, objectKey, resources,
} from '@slicewise/kube'
import {
  type ControllerContext, controllerOf, type ControllerSpec, KeyedController, noPlan, type Plan,
} from '@slicewise/engine'
import { Owned, byController } from '../workloads/owned.ts'
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
  readonly #owned: Owned<Deployment, ReplicaSet>
  readonly #podsOf: Index<Pod>

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
    this.#owned = new Owned({
      kind: 'Deployment', owners: this.#deployments, children: this.#replicaSets,
      queue: this.#keyed.queue, atOnce: true,
    })
    this.#podsOf = byController(this.#pods)
  }

  run(): Promise<void> {
    this.#owned.listen()
    this.#pods.onChange((change) => this.#onPod(change))
    return this.#keyed.run()
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
    return planDeployment({
      deployment,
      replicaSets: this.#owned.candidatesOf(deployment),
      isTaken: (name) =>
        this.#replicaSets.get(objectKey({ ...deployment.metadata, name })) !== undefined,
      podsOf: (set) => this.#podsOf.of(set.metadata.uid),
      nowMs: this.#context.env.nowMs(),
    })
  }
}
