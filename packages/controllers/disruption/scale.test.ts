import type { OwnerReference, Stored } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { ownedBy } from '../workloads/test-pods.ts'
import { type Scalable, scaleOf } from './scale.ts'

const object = (name: string, replicas: number, more: object = {}): Stored<Scalable> => ({
  metadata: {
    name, namespace: 'default', uid: name, resourceVersion: '1', creationTimestamp: '', ...more,
  },
  spec: { replicas },
})
const objects: Readonly<Record<string, Stored<Scalable>>> = {
  'deployments default/web': object('web', 5),
  'replicasets default/alone': object('alone', 2),
  'replicasets default/of-web': object('of-web', 3, ownedBy('Deployment', 'web')),
  'replicasets default/of-none': object('of-none', 4, ownedBy('Deployment', 'none')),
  'statefulsets default/db': object('db', 6),
  'replicationcontrollers default/rc': object('rc', 7),
}

test.each<[string, string, string, unknown]>([
  ['ReplicaSet', 'apps/v1', 'alone', 2],
  ['ReplicaSet', 'apps/v1', 'of-web', 5],
  ['ReplicaSet', 'apps/v1', 'of-none', 4],
  ['ReplicaSet', 'extensions/v1beta1', 'of-web', 5],
  ['ReplicaSet', 'apps/v1', 'gone', undefined],
  ['Deployment', 'apps/v1', 'web', 5],
  ['StatefulSet', 'apps/v1', 'db', 6],
  ['ReplicationController', 'v1', 'rc', 7],
  ['DaemonSet', 'apps/v1', 'ds', 'daemonsets.apps does not implement the scale subresource'],
  ['Node', 'v1', 'n', 'nodes does not implement the scale subresource'],
  ['Crate', 'example.com/v1', 'c', 'no matches for kind "Crate" in version "example.com/v1"'],
])('the scale of %s %s %s', (kind, apiVersion, name, expected) => {
  const owner: OwnerReference = { kind, apiVersion, name, uid: name, controller: true }
  const find = (resource: string, key: string) => objects[`${resource} ${key}`]
  const found = scaleOf(owner, 'default', find)
  expect(found && ('problem' in found ? found.problem : found.replicas)).toBe(expected)
  const another = scaleOf({ ...owner, uid: 'another' }, 'default', find)
  if (typeof expected === 'number') expect(another).toBeUndefined()
})
