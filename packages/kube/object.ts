import type { Revision } from '@slicewise/base'
import type { ObjectMeta } from './kinds/meta.ts'

/** Any object of any kind, as JSON. */
export interface KubeObject {
  kind?: string
  apiVersion?: string
  metadata?: ObjectMeta
}

/** An object as a server returned it: what a server always sets is present. */
export type Stored<T extends KubeObject = KubeObject> = Omit<T, 'metadata'> & {
  readonly metadata: ObjectMeta & {
    readonly name: string
    readonly uid: string
    readonly resourceVersion: Revision
    readonly creationTimestamp: string
  }
}

/** `namespace/name`, or `name` for cluster-scoped kinds. Unique in one resource. */
export type ObjectKey = string

export function objectKey(
  meta: { readonly namespace?: string; readonly name?: string },
): ObjectKey {
  return meta.namespace ? `${meta.namespace}/${meta.name ?? ''}` : (meta.name ?? '')
}
