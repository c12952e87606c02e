import { ageColumn, countColumn, labelsText, nameColumn, wideColumn } from '../cells.ts'
import type { ResourceSpec } from '../resource.ts'
import { longNameWarnings } from './apps/rules.ts'
import { templateWarnings } from './pod/warnings.ts'
import {
  defaultReplicationController, prepareReplicationControllerCreate,
  prepareReplicationControllerStatus, prepareReplicationControllerUpdate,
  replicationControllerGeneration, validateReplicationController,
} from './replication-controller-rules.ts'
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
  generationChanged: replicationControllerGeneration,
  defaults: defaultReplicationController,
  prepareCreate: prepareReplicationControllerCreate,
  prepareUpdate: prepareReplicationControllerUpdate,
  prepareStatusUpdate: prepareReplicationControllerStatus,
  validate: validateReplicationController,
  validateUpdate: validateReplicationController,
  warnings: (object, before) => [
    ...(before === undefined ? longNameWarnings(object.metadata?.name ?? '') : []),
    ...templateWarnings(object.spec?.template, 'spec.template', object, before),
  ],
  columns: [
    nameColumn,
    countColumn('Desired', 'How many Pods it should have.', ({ spec }) => spec?.replicas ?? 0),
    countColumn('Current', 'How many Pods it has.', ({ status }) => status?.replicas ?? 0),
    countColumn('Ready', 'How many of them are ready.', ({ status }) => status?.readyReplicas ?? 0),
    ageColumn,
    wideColumn('Containers', 'Names of the containers.', ({ spec }) =>
      (spec?.template?.spec?.containers ?? []).map((one) => one.name).join(',')),
    wideColumn('Images', 'Images of the containers.', ({ spec }) =>
      (spec?.template?.spec?.containers ?? []).map((one) => one.image).join(',')),
    wideColumn('Selector', 'Labels of its Pods.', ({ spec }) => labelsText(spec?.selector)),
  ],
  fieldSelectors: { 'status.replicas': ({ status }) => String(status?.replicas ?? 0) },
}
