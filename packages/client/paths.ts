import type { ItemRef, ListOptions, ResourceRef, WatchOptions, WriteOptions } from '@slicewise/kube'
import type { DeleteOptions, Selection } from '@slicewise/kube'

/** URL paths and queries of the Kubernetes API. */

export function collectionPath(ref: ResourceRef, namespace: string | undefined): string {
  const root = ref.group === '' ? `/api/${ref.version}` : `/apis/${ref.group}/${ref.version}`
  const scope = ref.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  return `${root}${scope}/${ref.resource}`
}

export function itemPath(ref: ResourceRef, item: ItemRef, subresource?: string): string {
  const path = `${collectionPath(ref, item.namespace)}/${encodeURIComponent(item.name)}`
  return subresource === undefined ? path : `${path}/${subresource}`
}

type Values = Readonly<Record<string, string | number | boolean | undefined>>

/** `?a=b&c=d`, or nothing; undefined, false and empty values are left out. */
export function queryText(values: Values): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === false || value === '') continue
    query.set(name, String(value))
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

export function selectionQuery(selection: Selection): Values {
  return { labelSelector: selection.labelSelector, fieldSelector: selection.fieldSelector }
}

export function listQuery(options: ListOptions): string {
  return queryText({
    ...selectionQuery(options),
    limit: options.limit,
    continue: options.continue,
    resourceVersion: options.resourceVersion,
    resourceVersionMatch: options.resourceVersionMatch,
  })
}

export function watchQuery(options: WatchOptions): string {
  const initial = options.sendInitialEvents === true
  return queryText({
    ...selectionQuery(options),
    watch: true,
    resourceVersion: options.resourceVersion,
    sendInitialEvents: initial,
    resourceVersionMatch: initial ? 'NotOlderThan' : undefined,
    allowWatchBookmarks: options.allowWatchBookmarks,
    timeoutSeconds: options.timeoutSeconds,
  })
}

export function writeQuery(options: WriteOptions, force?: boolean): string {
  return queryText({
    fieldManager: options.fieldManager,
    fieldValidation: options.fieldValidation,
    dryRun: options.dryRun === true ? 'All' : undefined,
    force,
  })
}

export function deleteBody(options: DeleteOptions | undefined): object | undefined {
  return options === undefined ? undefined : { kind: 'DeleteOptions', apiVersion: 'v1', ...options }
}
