import type { KubeObject, OwnerReference, ResourceRef, Stored } from '@slicewise/kube'

/** The owner that controls the object, if any. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata?.ownerReferences?.find((owner) => owner.controller === true)
}

/** The reference by which `owner` controls what it makes. */
export function controllerReference(ref: ResourceRef, owner: Stored): OwnerReference {
  return {
    apiVersion: ref.group === '' ? ref.version : `${ref.group}/${ref.version}`,
    kind: ref.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  }
}
