import { StatusError } from '@slicewise/kube'
import type { CachedObject, DeleteCollectionRequest, ListAnswer } from './contract.ts'
import type { Core } from './core.ts'
import { deleteObject } from './delete.ts'
import { limits } from './limits.ts'
import { copyJson } from './copy-json.ts'

/**
 * DELETE on a collection: what the list shows is deleted one by one, several at a time. The answer
 * shows the objects as they were before.
 */
export async function deleteListed(
  core: Core, request: DeleteCollectionRequest, list: ListAnswer,
): Promise<ListAnswer> {
  for (let from = 0; from < list.items.length; from += limits.deletesAtOnce) {
    const some = list.items.slice(from, from + limits.deletesAtOnce)
    await Promise.all(some.map(item => deleteOne(core, request, item)))
  }
  return list
}

/** It may be gone already. */
async function deleteOne(
  core: Core, { caller, spec, options }: DeleteCollectionRequest, { namespace, name }: CachedObject,
): Promise<void> {
  try {
    await deleteObject(core, { caller, spec, namespace, name, options: copyJson(options) })
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error
  }
}
