import type { KubeObject, Stored } from '../../object.ts'
import type { ResourceSpec } from '../../resource.ts'
import { sameValue } from '../../same-value.ts'
import { everyVerb, scaleSubresource, statusSubresource } from '../verbs.ts'
import {
  controllerRevisionColumns, daemonSetColumns, deploymentColumns, replicaSetColumns,
  statefulSetColumns,
} from './columns.ts'
import { validateRevision, validateRevisionUpdate } from './controller-revision-rules.ts'
import { type ControllerRevision, controllerRevision } from './controller-revision.ts'
import { type DaemonSet, daemonSet } from './daemon-set.ts'
import { type Deployment, deployment } from './deployment.ts'
import { type ReplicaSet, replicaSet } from './replica-set.ts'
import { type StatefulSet, statefulSet } from './stateful-set.ts'
import {
  defaultDeployment, deploymentGeneration, prepareDeploymentCreate, prepareDeploymentStatus,
  validateDeployment, validateDeploymentStatus, validateDeploymentUpdate,
} from './deployment-rules.ts'
import {
  defaultReplicaSet, replicaSetGeneration, prepareReplicaSetCreate, validateReplicaSet,
  validateReplicaSetStatus, validateReplicaSetUpdate,
} from './replica-set-rules.ts'
import {
  defaultStatefulSet, statefulSetGeneration, prepareStatefulSetCreate,
  prepareStatefulSetUpdate, validateStatefulSet, validateStatefulSetStatus,
  validateStatefulSetUpdate,
} from './stateful-set-rules.ts'
import {
  defaultDaemonSet, daemonSetGeneration, prepareDaemonSetCreate, prepareDaemonSetStatus,
  prepareDaemonSetUpdate, validateDaemonSet, validateDaemonSetStatus, validateDaemonSetUpdate,
} from './daemon-set-rules.ts'
import { longNameWarnings } from './rules.ts'
import type { PodTemplateSpec } from '../pod/pod.ts'
import { claimWarnings } from '../pod/volume-warnings.ts'
import { templateWarnings } from '../pod/warnings.ts'

type Templated = KubeObject & { readonly spec?: { readonly template?: PodTemplateSpec } }

const ofTemplate = (object: Templated, before: Stored | undefined): string[] =>
  templateWarnings(object.spec?.template, 'spec.template', object, before)

/** Only a create warns of its name. */
const nameAndTemplate = (object: Templated, before: Stored | undefined): string[] => [
  ...(before === undefined ? longNameWarnings(object.metadata?.name ?? '') : []),
  ...ofTemplate(object, before),
]

/** The reference calls the spec of a claim by its Go name in updates. */
function statefulSetWarnings(set: StatefulSet, before: Stored | undefined): string[] {
  const { spec } = set
  const member = before === undefined ? '' : '.Spec'
  const claims = (spec?.volumeClaimTemplates ?? []).flatMap((claim, n) =>
    claimWarnings(claim.spec?.resources, `spec.volumeClaimTemplates[${n}]${member}`))
  const limit = (spec?.revisionHistoryLimit ?? 0) < 0
    ? ['spec.revisionHistoryLimit: a negative value retains all historical revisions; '
      + 'a value >= 0 is recommended'] : []
  return [...ofTemplate(set, before), ...claims, ...limit]
}

export const deployments: ResourceSpec<Deployment> = {
  group: 'apps', version: 'v1', resource: 'deployments', kind: 'Deployment', namespaced: true,
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  verbs: everyVerb,
  schema: deployment,
  subresources: [scaleSubresource, statusSubresource],
  nameRule: 'subdomain',
  generationChanged: deploymentGeneration,
  defaults: defaultDeployment,
  prepareCreate: prepareDeploymentCreate,
  prepareStatusUpdate: prepareDeploymentStatus,
  validate: validateDeployment,
  validateUpdate: validateDeploymentUpdate,
  validateStatusUpdate: validateDeploymentStatus,
  warnings: nameAndTemplate,
  columns: deploymentColumns,
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
  generationChanged: replicaSetGeneration,
  defaults: defaultReplicaSet,
  prepareCreate: prepareReplicaSetCreate,
  validate: validateReplicaSet,
  validateUpdate: validateReplicaSetUpdate,
  validateStatusUpdate: validateReplicaSetStatus,
  warnings: nameAndTemplate,
  columns: replicaSetColumns,
  fieldSelectors: { 'status.replicas': ({ status }) => String(status?.replicas ?? 0) },
}

export const statefulsets: ResourceSpec<StatefulSet> = {
  group: 'apps', version: 'v1', resource: 'statefulsets', kind: 'StatefulSet', namespaced: true,
  singular: 'statefulset',
  shortNames: ['sts'],
  categories: ['all'],
  verbs: everyVerb,
  schema: statefulSet,
  subresources: [scaleSubresource, statusSubresource],
  nameRule: 'label',
  generationChanged: statefulSetGeneration,
  defaults: defaultStatefulSet,
  prepareCreate: prepareStatefulSetCreate,
  prepareUpdate: prepareStatefulSetUpdate,
  validate: validateStatefulSet,
  validateUpdate: validateStatefulSetUpdate,
  validateStatusUpdate: validateStatefulSetStatus,
  warnings: statefulSetWarnings,
  columns: statefulSetColumns,
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
  generationChanged: daemonSetGeneration,
  defaults: defaultDaemonSet,
  prepareCreate: prepareDaemonSetCreate,
  prepareUpdate: prepareDaemonSetUpdate,
  prepareStatusUpdate: prepareDaemonSetStatus,
  validate: validateDaemonSet,
  validateUpdate: validateDaemonSetUpdate,
  validateStatusUpdate: validateDaemonSetStatus,
  warnings: (object, before) => (before !== undefined
    && sameValue(object.spec?.template, before.spec?.template) ? [] : ofTemplate(object, before)),
  columns: daemonSetColumns,
}

export const controllerrevisions: ResourceSpec<ControllerRevision> = {
  group: 'apps', version: 'v1', resource: 'controllerrevisions', kind: 'ControllerRevision',
  namespaced: true,
  singular: 'controllerrevision',
  verbs: everyVerb,
  schema: controllerRevision,
  nameRule: 'subdomain',
  validate: validateRevision,
  validateUpdate: validateRevisionUpdate,
  columns: controllerRevisionColumns,
}
