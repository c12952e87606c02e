import type { Revision } from '@slicewise/base'
import type { KubeObject, ObjectKey, Stored } from './object.ts'

/**
 * One step in the life of one object, as a cache hands it on. `before` and `after` are never both
 * absent; equal uids mean the same object. States of one object come in order, some may be skipped;
 * nothing is promised across objects. Neither side may be changed by a reader.
 */
export interface Change<T extends KubeObject = KubeObject> {
  readonly key: ObjectKey
  readonly before: Stored<T> | undefined
  readonly after: Stored<T> | undefined
  /** Revision of the event or list that brought the change. */
  readonly revision: Revision
}
