import type { ResourceSpec } from '@slicewise/kube'
import type { Behaviour, Behaviours } from './behaviour.ts'
import { collectionId } from './keys.ts'
import { ingressBehaviour } from './kinds/ingress.ts'
import { namespaceBehaviour } from './kinds/namespace.ts'
import { nodeBehaviour } from './kinds/node.ts'
import { podBehaviour } from './kinds/pod.ts'
import { serviceBehaviour } from './kinds/service.ts'

/** By collection id. */
const behaviours: Behaviours = {
  'ingresses.networking.k8s.io': ingressBehaviour,
  namespaces: namespaceBehaviour,
  nodes: nodeBehaviour,
  pods: podBehaviour,
  services: serviceBehaviour,
}

const none: Behaviour = {}

export function behaviourOf(stored: ResourceSpec): Behaviour {
  return behaviours[collectionId(stored)] ?? none
}
