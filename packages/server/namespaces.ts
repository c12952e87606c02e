import type { Attempt } from './behaviour.ts'
import { type Write, keyOf } from './commit.ts'
import { forbidden, notFound } from './refusals.ts'

/**
 * A new object needs its namespace, and one that is not on its way out. The write it returns makes
 * the commit fail when the namespace changes meanwhile.
 */
export function namespaceGuard({ core, spec, namespace }: Attempt, name: string): Write[] {
  if (!spec.namespaced) return []
  const row = core.rows.get('', 'namespaces')
  const { collection } = core.cache.of(row)
  const found = collection.get(namespace)
  if (found === undefined) throw notFound(row, namespace)
  if (found.deleting || found.fields['status.phase'] === 'Terminating') {
    throw forbidden(spec, name,
      `unable to create new content in namespace ${namespace} because it is being terminated`, [{
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      }])
  }
  const key = keyOf(core, row, '', namespace)
  return [{ do: 'require', key, revision: found.revision }]
}
