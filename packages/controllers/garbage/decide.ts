import type { ItemRef, OwnerReference } from '@slicewise/kube'
import { noPlan, type Plan, type Step } from '@slicewise/engine'
import type { Graph, Item } from './graph.ts'

export const foregroundFinalizer = 'foregroundDeletion'
export const orphanFinalizer = 'orphan'

/** Whether an owner that the graph does not have is known, by a live read, to be absent. */
export type Absent = (owner: OwnerReference, of: Item) => boolean

/** What has to happen to one object, and which owners have to be looked up first. */
export interface Decision {
  readonly plan: Plan
  readonly lookUp: readonly OwnerReference[]
}

const nothing: Decision = { plan: noPlan, lookUp: [] }

/**
 * Decides about one object as the reference's garbage collector does: finish a foreground deletion
 * or an orphaning, delete what has no owner left, drop references to owners that are gone.
 */
export function decide(item: Item, graph: Graph, absent: Absent): Decision {
  if (item.deleting && item.finalizers.includes(orphanFinalizer)) return orphan(item, graph)
  if (item.deleting && item.finalizers.includes(foregroundFinalizer)) {
    return finishForeground(item, graph)
  }
  if (item.deleting || item.owners.length === 0) return nothing
  return judgeOwners(item, graph, absent)
}

function judgeOwners(item: Item, graph: Graph, absent: Absent): Decision {
  const solid: OwnerReference[] = []
  const gone: OwnerReference[] = []
  const waiting: OwnerReference[] = []
  const lookUp: OwnerReference[] = []
  for (const owner of item.owners) {
    const found = graph.get(owner.uid)
    if (found === undefined) (absent(owner, item) ? gone : lookUp).push(owner)
    else if (!reachable(found, item)) gone.push(owner)
    else if (found.deleting && found.finalizers.includes(foregroundFinalizer)) waiting.push(owner)
    else solid.push(owner)
  }
  if (lookUp.length > 0) return { plan: noPlan, lookUp }
  if (solid.length > 0) {
    const dropped = new Set([...gone, ...waiting].map((owner) => owner.uid))
    return dropped.size === 0 ? nothing : only(keepOwners(item, dropped))
  }
  return only(remove(item, graph, waiting.length > 0))
}

/** A namespaced owner counts only in its own namespace. */
function reachable(owner: Item, item: Item): boolean {
  return owner.namespace === undefined || owner.namespace === item.namespace
}

function remove(item: Item, graph: Graph, foreground: boolean): Step {
  const blocking = !graph.dependentsOf(item.uid).next().done
  const propagationPolicy = foreground && blocking
    ? 'Foreground'
    : item.finalizers.includes(orphanFinalizer) ? 'Orphan' : 'Background'
  return {
    verb: 'delete', ref: item.ref, item: itemRef(item), uid: item.uid,
    options: { propagationPolicy, preconditions: { uid: item.uid } },
  }
}

/** The owner goes once no dependent blocks it; the dependents are judged by themselves. */
function finishForeground(item: Item, graph: Graph): Decision {
  for (const dependent of graph.dependentsOf(item.uid)) {
    const reference = dependent.owners.find((owner) => owner.uid === item.uid)
    if (reference?.blockOwnerDeletion === true) return nothing
  }
  return only(dropFinalizer(item, foregroundFinalizer))
}

function orphan(item: Item, graph: Graph): Decision {
  const steps = [...graph.dependentsOf(item.uid)]
    .map((dependent) => keepOwners(dependent, new Set([item.uid])))
  return { plan: { steps: [...steps, dropFinalizer(item, orphanFinalizer)] }, lookUp: [] }
}

function keepOwners(item: Item, dropped: ReadonlySet<string>): Step {
  const ownerReferences = item.owners.filter((owner) => !dropped.has(owner.uid))
  return metadataPatch(item, { ownerReferences })
}

function dropFinalizer(item: Item, finalizer: string): Step {
  return metadataPatch(item, {
    resourceVersion: item.revision,
    finalizers: item.finalizers.filter((one) => one !== finalizer),
  })
}

/** The uid makes sure that a successor of the same name is never touched. */
function metadataPatch(item: Item, metadata: object): Step {
  return {
    verb: 'patch', ref: item.ref, item: itemRef(item),
    patch: { type: 'merge', patch: { metadata: { uid: item.uid, ...metadata } } },
  }
}

function itemRef(item: Item): ItemRef {
  return item.namespace === undefined
    ? { name: item.name }
    : { name: item.name, namespace: item.namespace }
}

function only(step: Step): Decision {
  return { plan: { steps: [step] }, lookUp: [] }
}
