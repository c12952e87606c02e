import { StatusError } from '../status.ts'
import { type FieldSet, pathsOf, printPath } from './fields.ts'
import type { Manager } from './managers.ts'

/** Fields that another manager owns with another value. */
export interface Conflict {
  readonly manager: Manager
  readonly set: FieldSet
}

/** The 409 with one cause per field, managers and fields in order. */
export function conflictError(conflicts: readonly Conflict[]): StatusError {
  const found = conflicts
    .map(({ manager, set }) => ({
      name: printManager(manager), paths: [...pathsOf(set)].map((path) => printPath(path)),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  const causes = found.flatMap(({ name, paths }) => paths.map((field) =>
    ({ reason: 'FieldManagerConflict', message: `conflict with ${name}`, field })))
  return new StatusError('Conflict', messageOf(found, causes.length), { details: { causes } })
}

function messageOf(
  found: readonly { readonly name: string; readonly paths: readonly string[] }[], count: number,
): string {
  if (count === 1) {
    return `Apply failed with 1 conflict: conflict with ${found[0]!.name}: ${found[0]!.paths[0]}`
  }
  const lines = found.flatMap(({ name, paths }) =>
    [`conflicts with ${name}:`, ...paths.map((path) => `- ${path}`)])
  return `Apply failed with ${count} conflicts: ${lines.join('\n')}`
}

function printManager({ manager, operation, apiVersion, subresource }: Manager): string {
  const through = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`
  const version = operation === 'Apply' ? '' : ` using ${apiVersion}`
  return `${JSON.stringify(manager)}${through}${version}`
}
