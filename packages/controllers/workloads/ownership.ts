import {
  type KubeObject, type LabelSelector, type ResourceRef, type Stored, matchesSelector,
  selectorFrom,
} from '@slicewise/kube'
import { controllerOf, controllerReference, type Step } from '@slicewise/engine'

export interface Claimed<T extends KubeObject> {
  /** Controlled by the owner and selected by it. */
  readonly owned: readonly Stored<T>[]
  /** Adoptions of orphans that the selector meets, releases of those it no longer meets. */
  readonly steps: readonly Step[]
}

/** Who claims: an object, the row of its kind and its selector. */
export interface Owner {
  readonly ref: ResourceRef
  readonly object: Stored
  readonly selector: LabelSelector | undefined
}

/**
 * Sorts candidates into the owner's own, those to adopt and those to release, as the reference's
 * controller-ref manager does. An owner that is being deleted adopts and releases nothing.
 */
export function claim<T extends KubeObject>(
  owner: Owner,
  children: ResourceRef<T>, candidates: readonly Stored<T>[],
): Claimed<T> {
  const selector = selectorFrom(owner.selector)
  const deleting = Boolean(owner.object.metadata.deletionTimestamp)
  const owned: Stored<T>[] = []
  const steps: Step[] = []
  for (const candidate of candidates) {
    const child = candidate as Stored
    const controller = controllerOf(child)
    const selected = matchesSelector(selector, child.metadata.labels ?? {})
    if (controller !== undefined) {
      if (controller.uid !== owner.object.metadata.uid) continue
      if (selected) owned.push(candidate)
      else if (!deleting) steps.push(release(children, child, owner.object.metadata.uid))
    } else if (selected && !deleting && !child.metadata.deletionTimestamp) {
      steps.push(adopt(children, child, owner))
    }
  }
  return { owned, steps }
}

function adopt(children: ResourceRef, child: Stored, owner: Owner): Step {
  const ownerReferences = [controllerReference(owner.ref, owner.object)]
  return metadataStep(children, child, { uid: child.metadata.uid, ownerReferences })
}

function release(children: ResourceRef, child: Stored, ownerUid: string): Step {
  const ownerReferences = [{ $patch: 'delete', uid: ownerUid }]
  return metadataStep(children, child, { uid: child.metadata.uid, ownerReferences })
}

function metadataStep(ref: ResourceRef, child: Stored, metadata: object): Step {
  const { name, namespace = '' } = child.metadata
  return {
    verb: 'patch', ref, item: { name, namespace },
    patch: { type: 'strategic', patch: { metadata } },
  }
}
