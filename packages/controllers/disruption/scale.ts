import type { Cache } from '@slicewise/client'
import { controllerOf } from '@slicewise/engine'
import {
  type Deployment, type KubeObject, type OwnerReference, type ReplicaSet,
  type ReplicationController, type StatefulSet, type Stored, findKind, objectKey, resources,
} from '@slicewise/kube'

/** An object that says how many Pods there should be. */
export interface Scalable extends KubeObject {
  readonly spec?: { readonly replicas?: number }
}

/** The kinds with `/scale`, by resource. */
export const scalable = {
  deployments: resources.deployments,
  replicasets: resources.replicasets,
  statefulsets: resources.statefulsets,
  replicationcontrollers: resources.replicationcontrollers,
} as const

/** A cache of each of them. */
export interface ScalableCaches {
  readonly deployments: Cache<Deployment>
  readonly replicasets: Cache<ReplicaSet>
  readonly statefulsets: Cache<StatefulSet>
  readonly replicationcontrollers: Cache<ReplicationController>
}

/** What decides how many Pods a controller should have. */
export interface Scale {
  readonly uid: string
  readonly replicas: number
}

export type ScaleFound = Scale | { readonly problem: string } | undefined

/** Looks up an object by resource, namespace and name. */
export type Lookup = (
  resource: keyof ScalableCaches, key: string,
) => Stored<Scalable> | undefined

/**
 * The scale of a Pod's controller: that of the Deployment where a ReplicaSet belongs to one.
 * Undefined when there is no such object; a problem when its kind has no scale.
 */
export function scaleOf(owner: OwnerReference, namespace: string, find: Lookup): ScaleFound {
  const { apiVersion = '', kind } = owner
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  const row = findKind(group === 'extensions' ? 'apps' : group, kind)
  if (row === undefined) {
    const quoted = [kind, apiVersion].map((one) => JSON.stringify(one))
    return { problem: `no matches for kind ${quoted[0]} in version ${quoted[1]}` }
  }
  if (!(row.resource in scalable)) {
    const name = [row.resource, row.group].filter((one) => one !== '').join('.')
    return { problem: `${name} does not implement the scale subresource` }
  }
  const found = named(find, row.resource as keyof ScalableCaches, namespace, owner)
  if (found === undefined) return undefined
  return deploymentScale(found, row.kind, namespace, find) ?? plainScale(found)
}

function deploymentScale(
  found: Stored<Scalable>, kind: string, namespace: string, find: Lookup,
): Scale | undefined {
  const owner = kind === 'ReplicaSet' ? controllerOf(found) : undefined
  if (owner?.kind !== 'Deployment') return undefined
  const deployment = named(find, 'deployments', namespace, owner)
  return deployment && plainScale(deployment)
}

function named(
  find: Lookup, resource: keyof ScalableCaches, namespace: string, { name, uid }: OwnerReference,
): Stored<Scalable> | undefined {
  const found = find(resource, objectKey({ namespace, name }))
  return found?.metadata.uid === uid ? found : undefined
}

function plainScale({ metadata, spec }: Stored<Scalable>): Scale {
  return { uid: metadata.uid, replicas: spec?.replicas ?? 1 }
}
