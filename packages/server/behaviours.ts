import type { ResourceSpec } from '@slicewise/kube'
import type { Behaviour, Behaviours } from './behaviour.ts'
import { collectionId } from './keys.ts'
import { namespaceBehaviour } from './kinds/namespace.ts'
import { serviceBehaviour } from './kinds/service.ts'

/** By collection id. */
const behaviours: Behaviours = {
  namespaces: namespaceBehaviour,
  services: serviceBehaviour,
}

const none: Behaviour = {}

export function behaviourOf(stored: ResourceSpec): Behaviour {
  return behaviours[collectionId(stored)] ?? none
}
