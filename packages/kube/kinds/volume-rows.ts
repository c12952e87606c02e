import { ageColumn, nameColumn, textColumn, wideColumn } from '../cells.ts'
import type { KubeObject } from '../object.ts'
import type { ResourceSpec } from '../resource.ts'
import { claimWarnings } from './pod/volume-warnings.ts'
import { type PersistentVolume, persistentVolume } from './persistent-volume.ts'
import { type PersistentVolumeClaim, persistentVolumeClaim } from './persistent-volume-claim.ts'
import { everyVerb, statusSubresource } from './verbs.ts'
import {
  accessModesCell, defaultClaim, defaultVolume, validateClaim, validateClaimUpdate, validateVolume,
} from './volume-claim-rules.ts'

const classAnnotation = 'volume.beta.kubernetes.io/storage-class'
const unset = '<unset>'

const classOf = (object: KubeObject, name: string | undefined): string =>
  object.metadata?.annotations?.[classAnnotation] ?? name ?? ''
const phaseOf = (object: KubeObject, phase: string | undefined): string =>
  (object.metadata?.deletionTimestamp ? 'Terminating' : phase ?? '')

export const persistentvolumes: ResourceSpec<PersistentVolume> = {
  group: '', version: 'v1', resource: 'persistentvolumes', kind: 'PersistentVolume',
  namespaced: false,
  singular: 'persistentvolume',
  shortNames: ['pv'],
  verbs: everyVerb,
  schema: persistentVolume,
  subresources: [statusSubresource],
  nameRule: 'subdomain',
  deleteReturnsObject: true,
  defaults: defaultVolume,
  prepareCreate(object, { env }) {
    const now = new Date(env.nowMs()).toISOString().replace(/\.\d+/, '')
    object.status = { phase: 'Pending', lastPhaseTransitionTime: now }
  },
  prepareUpdate(next, before) {
    next.status = structuredClone(before.status ?? {})
  },
  prepareStatusUpdate(next, before) {
    next.spec = structuredClone(before.spec ?? {})
  },
  validate: validateVolume,
  validateUpdate: validateVolume,
  columns: [
    nameColumn,
    textColumn('Capacity', 'Size.', ({ spec }) => spec?.capacity?.storage ?? '0'),
    textColumn('Access Modes', 'Ways of mounting.',
      ({ spec }) => accessModesCell(spec?.accessModes)),
    textColumn('Reclaim Policy', 'What happens when it is released.',
      ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? ''),
    textColumn('Status', 'Where it stands in its life.',
      (object) => phaseOf(object, object.status?.phase)),
    textColumn('Claim', 'The claim it is bound to.', ({ spec }) => (spec?.claimRef === undefined
      ? '' : `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}`)),
    textColumn('StorageClass', 'Its class.', (object) =>
      classOf(object, object.spec?.storageClassName)),
    textColumn('VolumeAttributesClass', 'Its class of attributes.',
      ({ spec }) => spec?.volumeAttributesClassName ?? unset),
    textColumn('Reason', 'Why it is in its state.', ({ status }) => status?.reason ?? ''),
    ageColumn,
    wideColumn('VolumeMode', 'Filesystem or Block.', ({ spec }) => spec?.volumeMode ?? unset),
  ],
}

export const persistentvolumeclaims: ResourceSpec<PersistentVolumeClaim> = {
  group: '', version: 'v1', resource: 'persistentvolumeclaims', kind: 'PersistentVolumeClaim',
  namespaced: true,
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  verbs: everyVerb,
  schema: persistentVolumeClaim,
  subresources: [statusSubresource],
  nameRule: 'subdomain',
  deleteReturnsObject: true,
  defaults: defaultClaim,
  prepareCreate(object) {
    object.status = { phase: 'Pending' }
  },
  prepareUpdate(next, before) {
    next.status = structuredClone(before.status ?? {})
  },
  prepareStatusUpdate(next, before) {
    next.spec = structuredClone(before.spec ?? {})
  },
  validate: validateClaim,
  validateUpdate: validateClaimUpdate,
  warnings: ({ spec }) => claimWarnings(spec?.resources, 'spec'),
  columns: [
    nameColumn,
    textColumn('Status', 'Where it stands in its life.',
      (object) => phaseOf(object, object.status?.phase)),
    textColumn('Volume', 'The volume it is bound to.', ({ spec }) => spec?.volumeName ?? ''),
    textColumn('Capacity', 'Size of that volume.', ({ spec, status }) =>
      (spec?.volumeName ? status?.capacity?.storage ?? '0' : '')),
    textColumn('Access Modes', 'Ways of mounting.', ({ spec, status }) =>
      (spec?.volumeName ? accessModesCell(status?.accessModes) : '')),
    textColumn('StorageClass', 'The class asked for.', (object) =>
      classOf(object, object.spec?.storageClassName)),
    textColumn('VolumeAttributesClass', 'The class of attributes asked for.',
      ({ spec }) => spec?.volumeAttributesClassName ?? unset),
    ageColumn,
    wideColumn('VolumeMode', 'Filesystem or Block.', ({ spec }) => spec?.volumeMode ?? unset),
  ],
}
