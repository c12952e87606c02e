import type { ResourceSpec } from '../../resource.ts'
import { everyVerb, scaleSubresource, statusSubresource } from '../verbs.ts'
import { type ControllerRevision, controllerRevision } from './controller-revision.ts'
import { type DaemonSet, daemonSet } from './daemon-set.ts'
import { type Deployment, deployment } from './deployment.ts'
import { type ReplicaSet, replicaSet } from './replica-set.ts'
import { type StatefulSet, statefulSet } from './stateful-set.ts'

export const deployments: ResourceSpec<Deployment> = {
  group: 'apps', version: 'v1', resource: 'deployments', kind: 'Deployment', namespaced: true,
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  verbs: everyVerb,
  schema: deployment,
  subresources: [scaleSubresource, statusSubresource],
  nameRule: 'subdomain',
}

export const replicasets: ResourceSpec<ReplicaSet> = {
  group: 'apps', version: 'v1', resource: 'replicasets', kind: 'ReplicaSet', namespaced: true,
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  verbs: everyVerb,
  schema: replicaSet,
  subresources: [scaleSubresource, statusSubresource],
  nameRule: 'subdomain',
}

export const statefulsets: ResourceSpec<StatefulSet> = {
  group: 'apps', version: 'v1', resource: 'statefulsets', kind: 'StatefulSet', namespaced: true,
  singular: 'statefulset',
  shortNames: ['sts'],
  categories: ['all'],
  verbs: everyVerb,
  schema: statefulSet,
  subresources: [scaleSubresource, statusSubresource],
  nameRule: 'subdomain',
}

export const daemonsets: ResourceSpec<DaemonSet> = {
  group: 'apps', version: 'v1', resource: 'daemonsets', kind: 'DaemonSet', namespaced: true,
  singular: 'daemonset',
  shortNames: ['ds'],
  categories: ['all'],
  verbs: everyVerb,
  schema: daemonSet,
  subresources: [statusSubresource],
  nameRule: 'subdomain',
}

export const controllerrevisions: ResourceSpec<ControllerRevision> = {
  group: 'apps', version: 'v1', resource: 'controllerrevisions', kind: 'ControllerRevision',
  namespaced: true,
  singular: 'controllerrevision',
  verbs: everyVerb,
  schema: controllerRevision,
  nameRule: 'subdomain',
}
