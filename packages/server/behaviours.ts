import type { ResourceSpec } from '@slicewise/kube'
import type { Behaviour, Behaviours } from './behaviour.ts'
import { collectionId } from './keys.ts'

/** By collection id. */
const behaviours: Behaviours = {}

const none: Behaviour = {}

export function behaviourOf(stored: ResourceSpec): Behaviour {
  return behaviours[collectionId(stored)] ?? none
}
