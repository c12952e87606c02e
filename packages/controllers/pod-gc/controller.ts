import type { Cache } from '@slicewise/client'
import { type Node, type Pod, type Stored, resources } from '@slicewise/kube'
import {
  type ControllerContext, type ControllerSpec, KeyedController, noPlan, onlyObject, type Plan,
} from '@slicewise/engine'

/** Removes Pods whose Node no longer exists. */
export const podGarbageCollector: ControllerSpec = {
  name: 'pod-garbage-collector-controller',
  run: (context) => new PodGarbageCollector(context).run(),
}

/** How long a Node may be missing before its Pods go, ms before `--speed`; the reference's time. */
const quarantineMs = 40_000

class PodGarbageCollector {
  readonly #context: ControllerContext
  readonly #keyed: KeyedController
  readonly #pods: Cache<Pod>
  readonly #nodes: Cache<Node>
  /** Since when a Node is missing, by name. */
  readonly #missingMs = new Map<string, number>()

  constructor(context: ControllerContext) {
    this.#context = context
    this.#keyed = new KeyedController({
      context, name: podGarbageCollector.name,
      plan: (key) => this.#plan(key),
      scope: onlyObject,
    })
    this.#pods = this.#keyed.writes(resources.pods)
    this.#nodes = context.caches.of<Node>(resources.nodes)
  }

  run(): Promise<void> {
    this.#nodes.onChange(({ key, after }) => {
      if (after !== undefined) this.#missingMs.delete(key)
      else this.#lookAtPodsOf(key)
    })
    this.#pods.onChange(({ key, before, after }) => {
      const node = after?.spec?.nodeName
      const changed = before?.spec?.nodeName !== node ||
        before?.metadata.deletionTimestamp !== after?.metadata.deletionTimestamp
      if (node && changed && this.#nodes.get(node) === undefined) this.#keyed.queue.add(key)
    }, { replay: true })
    return this.#keyed.run()
  }

  #lookAtPodsOf(node: string): void {
    for (const pod of this.#pods.values()) {
      if (pod.spec?.nodeName !== node) continue
      this.#keyed.queue.add(`${pod.metadata.namespace}/${pod.metadata.name}`)
    }
  }

  #plan(key: string): Plan {
    const pod = this.#pods.get(key)
    const node = pod?.spec?.nodeName
    if (pod === undefined || !node || this.#nodes.get(node) !== undefined) return noPlan
    const nowMs = this.#context.env.elapsedMs()
    const sinceMs = this.#missingMs.get(node) ?? nowMs
    this.#missingMs.set(node, sinceMs)
    const leftMs = sinceMs + quarantineMs / this.#context.options.speed - nowMs
    return leftMs > 0 ? { steps: [], againMs: leftMs } : removal(pod)
  }
}

function removal(pod: Stored<Pod>): Plan {
  return {
    steps: [{
      verb: 'delete', ref: resources.pods, uid: pod.metadata.uid,
      item: { name: pod.metadata.name, namespace: pod.metadata.namespace ?? '' },
      options: { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } },
    }],
  }
}
