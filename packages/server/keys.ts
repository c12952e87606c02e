import type { ResourceRef } from '@slicewise/kube'

/**
 * Keys in the store. `/<resource>[.<group>]/<namespace>/<name>`, without the namespace for
 * cluster-scoped kinds. Both views of events share `/events/`. Keys of the server's own
 * bookkeeping start with `/internal/`, which no resource is called.
 */
export const internalPrefix = '/internal/'

/** Two resources with one id are two views of the same objects. */
export function collectionId(ref: Pick<ResourceRef, 'group' | 'resource'>): string {
  if (ref.group === '' || ref.group === 'events.k8s.io') return ref.resource
  return `${ref.resource}.${ref.group}`
}

/** RBAC names may hold what a store key may not; '%' itself is not allowed in any name. */
export function encodeName(name: string): string {
  return /^[!-~]*$/.test(name) ? name : name.replace(/[^!-~]/gu, encodeChar)
}

/** Half a surrogate pair is stored as the replacement character, as UTF-8 has it. */
const encodeChar = (char: string): string =>
  encodeURIComponent(/\p{Surrogate}/u.test(char) ? '\ufffd' : char)

/** Key of an object inside its collection, as in `CachedObject.key` but safe for the store. */
export function itemKey(namespace: string, name: string): string {
  return namespace === '' ? encodeName(name) : `${namespace}/${encodeName(name)}`
}

export function storeKey(collection: string, key: string): string {
  return `/${collection}/${key}`
}

/** Undefined for keys of the server's own bookkeeping. */
export function splitStoreKey(key: string): { collection: string; key: string } | undefined {
  const slash = key.indexOf('/', 1)
  if (slash < 0 || key.startsWith(internalPrefix)) return undefined
  return { collection: key.slice(1, slash), key: key.slice(slash + 1) }
}
