import { ageColumn, countColumn, labelsText, nameColumn, textColumn, wideColumn }
  from '../../cells.ts'
import type { KubeObject } from '../../object.ts'
import type { Column } from '../../resource.ts'
import { printSelector, selectorFrom } from '../../selector.ts'
import type { LabelSelector } from '../meta.ts'
import type { PodTemplateSpec } from '../pod/pod.ts'
import type { ControllerRevision } from './controller-revision.ts'
import type { DaemonSet } from './daemon-set.ts'
import type { Deployment } from './deployment.ts'
import type { ReplicaSet } from './replica-set.ts'
import type { StatefulSet } from './stateful-set.ts'

type Templated = KubeObject & { spec?: { template?: PodTemplateSpec; selector?: LabelSelector } }

const containersColumn = wideColumn<Templated>('Containers', 'Names of the containers.',
  ({ spec }) => (spec?.template?.spec?.containers ?? []).map((one) => one.name).join(','))
const imagesColumn = wideColumn<Templated>('Images', 'Images of the containers.',
  ({ spec }) => (spec?.template?.spec?.containers ?? []).map((one) => one.image ?? '').join(','))
const selectorColumn = wideColumn<Templated>('Selector', 'Which Pods belong to it.',
  ({ spec }) => spec?.selector === undefined
    ? '<none>' : printSelector(selectorFrom(spec.selector)))

export const deploymentColumns: readonly Column<Deployment>[] = [
  nameColumn,
  textColumn('Ready', 'Ready Pods out of those wanted.', ({ spec, status }) =>
    `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`),
  textColumn('Up-to-date', 'Pods of the present template.', ({ status }) =>
    status?.updatedReplicas ?? 0),
  textColumn('Available', 'Pods ready for long enough.', ({ status }) =>
    status?.availableReplicas ?? 0),
  ageColumn, containersColumn, imagesColumn, selectorColumn,
]

export const replicaSetColumns: readonly Column<ReplicaSet>[] = [
  nameColumn,
  countColumn('Desired', 'How many Pods it should have.', ({ spec }) => spec?.replicas ?? 0),
  countColumn('Current', 'How many Pods it has.', ({ status }) => status?.replicas ?? 0),
  countColumn('Ready', 'How many of them are ready.', ({ status }) => status?.readyReplicas ?? 0),
  ageColumn, containersColumn, imagesColumn, selectorColumn,
]

export const statefulSetColumns: readonly Column<StatefulSet>[] = [
  nameColumn,
  textColumn('Ready', 'Ready Pods out of those wanted.', ({ spec, status }) =>
    `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`),
  ageColumn, containersColumn, imagesColumn,
]

export const daemonSetColumns: readonly Column<DaemonSet>[] = [
  nameColumn,
  countColumn('Desired', 'Nodes that should run a Pod.', ({ status }) =>
    status?.desiredNumberScheduled ?? 0),
  countColumn('Current', 'Nodes that run one.', ({ status }) =>
    status?.currentNumberScheduled ?? 0),
  countColumn('Ready', 'Nodes whose Pod is ready.', ({ status }) => status?.numberReady ?? 0),
  countColumn('Up-to-date', 'Nodes with a Pod of the present template.', ({ status }) =>
    status?.updatedNumberScheduled ?? 0),
  countColumn('Available', 'Nodes whose Pod is ready for long enough.', ({ status }) =>
    status?.numberAvailable ?? 0),
  textColumn('Node Selector', 'Labels of the Nodes it runs on.', ({ spec }) =>
    labelsText(spec?.template?.spec?.nodeSelector)),
  ageColumn, containersColumn, imagesColumn, selectorColumn,
]

export const controllerRevisionColumns: readonly Column<ControllerRevision>[] = [
  nameColumn,
  textColumn('Controller', 'Whose state it saved.', ({ metadata }) => {
    const owner = metadata.ownerReferences?.find((one) => one.controller === true)
    if (owner === undefined) return '<none>'
    const group = owner.apiVersion.includes('/') ? owner.apiVersion.split('/')[0] : ''
    const kind = owner.kind.toLowerCase()
    return `${group ? `${kind}.${group}` : kind}/${owner.name}`
  }),
  textColumn('Revision', 'Its number.', ({ revision }) => revision),
  ageColumn,
]
