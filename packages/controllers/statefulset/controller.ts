import type { Cache, Index } from '@slicewise/client'
import {
  type ControllerRevision, type PersistentVolumeClaim, type Pod, type StatefulSet, objectKey,
  resources,
} from '@slicewise/kube'
import {
  type ControllerContext, controllerOf, type ControllerSpec, KeyedController, noPlan, type Plan,
  type PlannedEvent, type StepResult,
} from '@slicewise/engine'
import { Owned } from '../workloads/owned.ts'
import { revisionOwner, revisionsFor } from '../workloads/revisions.ts'
import { planStatefulSet, setEvent } from './plan.ts'

/** Keeps the Pods of StatefulSets, each with its stable name. */
export const statefulSetController: ControllerSpec = {
  name: 'statefulset-controller',
  run: (context) => new StatefulSetController(context).run(),
}

class StatefulSetController {
  readonly #context: ControllerContext
  readonly #keyed: KeyedController
  readonly #sets: Cache<StatefulSet>
  readonly #owned: Owned<StatefulSet, Pod>
  readonly #claims: Cache<PersistentVolumeClaim>
  readonly #revisions: Index<ControllerRevision>

  constructor(context: ControllerContext) {
    this.#context = context
    this.#keyed = new KeyedController({
      context, name: statefulSetController.name,
      plan: (key) => this.#plan(key),
      eventsOf: (key, results) => this.#creationEvents(key, results),
      scope: (key) => ({ namespace: key.slice(0, key.indexOf('/')) }),
    })
    this.#sets = this.#keyed.writes(resources.statefulsets)
    this.#claims = this.#keyed.writes(resources.persistentvolumeclaims)
    const pods = this.#keyed.writes<Pod>(resources.pods)
    const revisions = this.#keyed.writes<ControllerRevision>(resources.controllerrevisions)
    this.#revisions = revisions.index((one) => [revisionOwner(one)])
    const { queue } = this.#keyed
    this.#owned = new Owned({ kind: 'StatefulSet', owners: this.#sets, children: pods, queue })
    revisions.onChange(({ before, after }) => {
      const owner = controllerOf(after ?? before ?? {})
      const namespace = (after ?? before)?.metadata.namespace ?? ''
      if (owner?.kind === 'StatefulSet') queue.add(objectKey({ namespace, name: owner.name }))
    })
  }

  run(): Promise<void> {
    this.#owned.listen()
    return this.#keyed.run()
  }

  #plan(key: string): Plan {
    const set = this.#sets.get(key)
    if (set === undefined) return noPlan
    return planStatefulSet({
      set, pods: this.#owned.candidatesOf(set), revisions: revisionsFor(set, this.#revisions),
      hasClaim: (namespace, name) => this.#claims.get(objectKey({ namespace, name })) !== undefined,
      nowMs: this.#context.env.nowMs(),
    })
  }

  #creationEvents(key: string, results: readonly StepResult[]): PlannedEvent[] {
    const set = this.#sets.get(key)
    if (set === undefined) return []
    return results.flatMap((result) => {
      if (result.step.verb !== 'create' || result.step.ref.resource !== 'pods') return []
      const name = result.step.object.metadata?.name
      const what = `Create Pod ${name} in StatefulSet ${set.metadata.name}`
      return [result.ok
        ? setEvent(set, 'Normal', 'SuccessfulCreate', `${what} successful`)
        : setEvent(set, 'Warning', 'FailedCreate', `${what} failed error: ${result.error.message}`)]
    })
  }
}
