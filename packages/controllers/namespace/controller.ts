import {
  type Namespace, type ResourceRef, type ResourceSpec, StatusError, type Stored, resourceTable,
  resources,
} from '@slicewise/kube'
import {
  type ControllerContext, type ControllerSpec, KeyQueue, type Looked, runQueue, untilAborted,
} from '@slicewise/engine'
import { type Left, deletionConditions } from './conditions.ts'

/** Empties namespaces that are being deleted and finalizes them. */
export const namespaceController: ControllerSpec = {
  name: 'namespace-controller',
  run: (context) => run(context),
}

/** How soon a namespace that still has content is looked at again, ms. */
const emptyAgainMs = 500
const finalizer = 'kubernetes'

async function run(context: ControllerContext): Promise<void> {
  const { env, signal } = context
  const namespaces = context.caches.of<Namespace>(resources.namespaces)
  const queue = new KeyQueue(env)
  namespaces.onChange(({ key, after }) => {
    if (after?.metadata.deletionTimestamp) queue.addNow(key)
  }, { replay: true })
  await untilAborted(context.caches.whenSynced(), signal)
  if (signal.aborted) return
  await runQueue({
    env, name: namespaceController.name, queue, signal, concurrency: 10,
    look: async (key) => {
      const namespace = namespaces.get(key)
      if (!namespace?.metadata.deletionTimestamp) return undefined
      return empty(context, queue, namespace)
    },
  })
}

/** Pods go first, as in the reference: other objects may be needed for them to end cleanly. */
async function empty(
  context: ControllerContext, queue: KeyQueue, namespace: Stored<Namespace>,
): Promise<Looked> {
  const name = namespace.metadata.name
  const pods = await sweep(context, resources.pods, name)
  const left: Left[] = []
  if (pods.length === 0) {
    for (const row of contentRows()) left.push({ row, items: await sweep(context, row, name) })
  }
  const remaining = left.filter((one) => one.items.length > 0)
  await report(context, namespace, remaining)
  if (pods.length + remaining.length > 0) {
    queue.addAfter(name, emptyAgainMs / Math.max(1, context.options.speed))
    return undefined
  }
  return finalize(context, namespace)
}

function contentRows(): ResourceSpec[] {
  return resourceTable.filter((row) => row.namespaced && row.verbs.includes('deletecollection') &&
    !(row.resource === 'events' && row.group !== ''))
}

/** Deletes all objects of one resource; those that are left wait for grace or finalizers. */
async function sweep(
  context: ControllerContext, row: ResourceRef, namespace: string,
): Promise<readonly Stored[]> {
  const { api } = context
  if ((await api.list(row, { namespace, limit: 1 })).items.length === 0) return []
  await api.deleteCollection(row, { namespace }, { propagationPolicy: 'Background' })
  return (await api.list(row, { namespace })).items
}

/** Says in the status what keeps the namespace; only when that changed. */
async function report(
  context: ControllerContext, namespace: Stored<Namespace>, left: readonly Left[],
): Promise<void> {
  const known = namespace.status?.conditions ?? []
  const conditions = deletionConditions(known, left, context.env.nowMs())
  if (conditions === undefined) return
  const { name } = namespace.metadata
  try {
    await context.api.patch<Namespace>(resources.namespaces, { name },
      { type: 'merge', patch: { status: { conditions } } },
      { subresource: 'status', fieldManager: namespaceController.name })
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error
  }
}

async function finalize(
  context: ControllerContext, namespace: Stored<Namespace>,
): Promise<Looked> {
  const { name, uid } = namespace.metadata
  const finalizers = (namespace.spec?.finalizers ?? []).filter((one) => one !== finalizer)
  try {
    await context.api.update<Namespace>(resources.namespaces, {
      metadata: { name, uid }, spec: { ...namespace.spec, finalizers },
    }, { subresource: 'finalize', fieldManager: namespaceController.name })
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error
  }
  return undefined
}
