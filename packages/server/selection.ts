import {
  type FieldSelector,
  type ResourceSpec,
  type Selector,
  checkFieldSelector,
  matchesFieldSelector,
  matchesSelector,
  parseFieldSelector,
  parseSelector,
} from '@slicewise/kube'
import type { CachedObject, SelectionRequest } from './contract.ts'

/** What a list or watch asks for. Matching reads the slim record only. */
export interface Selection {
  readonly namespace: string
  readonly labels: Selector
  readonly fields: FieldSelector
  /** No selector at all: the namespace alone decides. */
  readonly everything: boolean
  /**
   * One field that must have one value, for indexes: `metadata.name` or a field of the kind. The
   * names are those of the stored form.
   */
  readonly exact: { readonly field: string; readonly value: string } | undefined
}

/** `rename` maps a field of the resource to the stored form's name (events have two views). */
export function parseSelection(
  request: SelectionRequest, rename: (field: string) => string = field => field,
): Selection {
  const { spec, namespace } = request
  const labels = parseSelector(request.labelSelector ?? '')
  const parsed = parseFieldSelector(request.fieldSelector ?? '')
  checkFieldSelector(parsed, field => selectable(spec, field), spec.fieldSelectors === undefined)
  const fields = parsed.map(one =>
    ({ ...one, field: fieldAliases[one.field] ?? rename(one.field) }))
  const exact = fields.find(({ operator, field, value }) =>
    operator === '=' && field !== 'metadata.namespace' && value !== '')
  const everything = labels.requirements.length === 0 && fields.length === 0
  return { namespace, labels, fields, everything, exact }
}

/** Old names that the reference still accepts. */
export const fieldAliases: Readonly<Record<string, string>> = { 'spec.host': 'spec.nodeName' }

function selectable(spec: ResourceSpec, field: string): boolean {
  if (field === 'metadata.name') return true
  if (field === 'metadata.namespace') return spec.namespaced
  const known = spec.fieldSelectors ?? {}
  return Object.hasOwn(known, field) || Object.hasOwn(known, fieldAliases[field] ?? field)
}

export function fieldOf(object: CachedObject, field: string): string {
  if (field === 'metadata.name') return object.name
  if (field === 'metadata.namespace') return object.namespace
  return object.fields[field] ?? ''
}

export function selects(selection: Selection, object: CachedObject): boolean {
  if (selection.namespace !== '' && selection.namespace !== object.namespace) return false
  if (selection.everything) return true
  if (!matchesFieldSelector(selection.fields, field => fieldOf(object, field))) return false
  return selection.labels.requirements.length === 0
    || matchesSelector(selection.labels, object.labels)
}
