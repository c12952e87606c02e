import { StatusError } from '@slicewise/kube'
import type { CachedObject, DeleteCollectionRequest, ListAnswer } from './contract.ts'
import type { Core } from './core.ts'
import { deleteObject } from './delete.ts'
import { limits } from './limits.ts'
import { copyJson } from './same-json.ts'

/** DELETE on a collection: what the list shows is deleted one by one, several at a time. */
export async function deleteListed(
  core: Core, request: DeleteCollectionRequest, list: ListAnswer,
): Promise<ListAnswer> {
  const items: CachedObject[] = []
  for (let from = 0; from < list.items.length; from += limits.deletesAtOnce) {
    const some = list.items.slice(from, from + limits.deletesAtOnce)
    const answers = await Promise.all(some.map(item => deleteOne(core, request, item)))
    for (const answer of answers) if (answer !== undefined) items.push(answer)
  }
  return { ...list, items }
}

/** Undefined when it was gone already. */
async function deleteOne(
  core: Core, { caller, spec, options }: DeleteCollectionRequest, item: CachedObject,
): Promise<CachedObject | undefined> {
  const { namespace, name } = item
  try {
    const asked = { caller, spec, namespace, name, options: copyJson(options) }
    return (await deleteObject(core, asked)).object ?? item
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'NotFound') return undefined
    throw error
  }
}
