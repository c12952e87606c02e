import type { ResourceSpec } from '../resource.ts'
import { type ReplicationController, replicationController } from './replication-controller.ts'
import { everyVerb, scaleSubresource, statusSubresource } from './verbs.ts'

export const replicationcontrollers: ResourceSpec<ReplicationController> = {
  group: '', version: 'v1', resource: 'replicationcontrollers', kind: 'ReplicationController',
  namespaced: true,
  singular: 'replicationcontroller',
  shortNames: ['rc'],
  categories: ['all'],
  verbs: everyVerb,
  schema: replicationController,
  subresources: [scaleSubresource, statusSubresource],
  nameRule: 'subdomain',
}
