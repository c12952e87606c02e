import { daemonSetController } from './daemonset/controller.ts'
import { deploymentController } from './deployment/controller.ts'
import { disruptionController } from './disruption/controller.ts'
import { endpointsController } from './endpoints/controller.ts'
import { endpointSliceController } from './endpointslice/controller.ts'
import { type ControllerSpec } from '@slicewise/engine'
import { garbageCollector } from './garbage/controller.ts'
import { mirroringController } from './mirroring/controller.ts'
import { namespaceController } from './namespace/controller.ts'
import { nodeLifecycleController } from './node-lifecycle/controller.ts'
import { podGarbageCollector } from './pod-gc/controller.ts'
import { replicaSetController } from './replicaset/controller.ts'
import { scheduler } from './scheduler/controller.ts'
import { statefulSetController } from './statefulset/controller.ts'

/** Every controller, in the order they are started. */
export const controllers: readonly ControllerSpec[] = [
  endpointSliceController,
  endpointsController,
  mirroringController,
  namespaceController,
  garbageCollector,
  deploymentController,
  replicaSetController,
  statefulSetController,
  daemonSetController,
  nodeLifecycleController,
  podGarbageCollector,
  disruptionController,
  scheduler,
]

/**
 * Chooses controllers as kube-controller-manager's `--controllers` does: `*` (the default) is all,
 * `-name` takes one out, the ending `-controller` may be left off. Throws on an unknown name.
 */
export function selectControllers(
  choice: readonly string[], table: readonly ControllerSpec[] = controllers,
): ControllerSpec[] {
  const named = new Map<string, boolean>()
  let all = false
  for (const word of choice) {
    const wanted = !word.startsWith('-')
    const name = wanted ? word : word.slice(1)
    if (name === '*') {
      all = wanted
      continue
    }
    const spec = table.find((one) => one.name === name || one.name === `${name}-controller`)
    if (spec === undefined) {
      const names = table.map((one) => one.name).join(', ')
      throw new Error(`unknown controller "${name}": use *, or names out of ${names}`)
    }
    named.set(spec.name, wanted)
  }
  const onlyRemovals = !all && [...named.values()].every((wanted) => !wanted)
  const byDefault = all || (onlyRemovals && !choice.includes('-*'))
  return table.filter((spec) => named.get(spec.name) ?? byDefault)
}
