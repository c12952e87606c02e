import {
  type Infer, always, field, list, map, message, oneOf, quantity, string, time,
} from '../schema.ts'
import {
  claimResourceStatusValues, persistentVolumeAccessModeValues,
  persistentVolumeClaimModifyVolumeStatusValues, persistentVolumeClaimPhaseValues,
  persistentVolumeModeValues,
} from './core-enums.ts'
import { labelSelector, objectMeta } from './meta.ts'
import { typedLocalObjectReference, typedObjectReference } from './reference.ts'

const pkg = 'io.k8s.api.core.v1.'

export const volumeResourceRequirements = message(`${pkg}VolumeResourceRequirements`, {
  limits: field(1, map(quantity)),
  requests: field(2, map(quantity)),
})
export interface VolumeResourceRequirements extends Infer<typeof volumeResourceRequirements> {}

export const persistentVolumeClaimSpec = message(`${pkg}PersistentVolumeClaimSpec`, {
  accessModes: field(1, list(oneOf(...persistentVolumeAccessModeValues)), {
    list: 'atomic', enum: persistentVolumeAccessModeValues,
    doc: 'How the storage shall be mountable.',
  }),
  selector: field(4, labelSelector, { pointer: true }),
  resources: field(2, volumeResourceRequirements, { doc: 'How much storage is wanted.' }),
  volumeName: field(3, string, { doc: 'The volume it is bound to.' }),
  storageClassName: field(5, string, { pointer: true, doc: 'Class of storage wanted.' }),
  volumeMode: field(6, oneOf(...persistentVolumeModeValues), {
    pointer: true, enum: persistentVolumeModeValues,
  }),
  dataSource: field(7, typedLocalObjectReference, { pointer: true }),
  dataSourceRef: field(8, typedObjectReference, { pointer: true }),
  volumeAttributesClassName: field(9, string, { pointer: true }),
})
export interface PersistentVolumeClaimSpec extends Infer<typeof persistentVolumeClaimSpec> {}

export const persistentVolumeClaimTemplate = message(`${pkg}PersistentVolumeClaimTemplate`, {
  metadata: field(1, objectMeta),
  spec: always(2, persistentVolumeClaimSpec, { required: true }),
})
export interface PersistentVolumeClaimTemplate
  extends Infer<typeof persistentVolumeClaimTemplate> {}

export const persistentVolumeClaimCondition = message(`${pkg}PersistentVolumeClaimCondition`, {
  type: always(1, string, { required: true }),
  status: always(2, string, { required: true }),
  lastProbeTime: always(3, time),
  lastTransitionTime: always(4, time),
  reason: field(5, string),
  message: field(6, string),
})
export interface PersistentVolumeClaimCondition
  extends Infer<typeof persistentVolumeClaimCondition> {}

export const modifyVolumeStatus = message(`${pkg}ModifyVolumeStatus`, {
  targetVolumeAttributesClassName: field(1, string),
  status: always(2, oneOf(...persistentVolumeClaimModifyVolumeStatusValues), {
    required: true, enum: persistentVolumeClaimModifyVolumeStatusValues,
  }),
})
export interface ModifyVolumeStatus extends Infer<typeof modifyVolumeStatus> {}

export const persistentVolumeClaimStatus = message(`${pkg}PersistentVolumeClaimStatus`, {
  phase: field(1, oneOf(...persistentVolumeClaimPhaseValues), {
    enum: persistentVolumeClaimPhaseValues,
  }),
  accessModes: field(2, list(oneOf(...persistentVolumeAccessModeValues)), {
    list: 'atomic', enum: persistentVolumeAccessModeValues,
  }),
  capacity: field(3, map(quantity)),
  conditions: field(4, list(persistentVolumeClaimCondition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
  }),
  allocatedResources: field(5, map(quantity)),
  allocatedResourceStatuses: field(7, map(string), {
    map: 'granular', enum: claimResourceStatusValues,
  }),
  currentVolumeAttributesClassName: field(8, string, { pointer: true }),
  modifyVolumeStatus: field(9, modifyVolumeStatus, { pointer: true }),
})
export interface PersistentVolumeClaimStatus extends Infer<typeof persistentVolumeClaimStatus> {}

export const persistentVolumeClaim = message(`${pkg}PersistentVolumeClaim`, {
  metadata: field(1, objectMeta, { doc: 'Name, labels and what else identifies the object.' }),
  spec: field(2, persistentVolumeClaimSpec, { doc: 'What is wanted.' }),
  status: field(3, persistentVolumeClaimStatus, { doc: 'What was last seen of it.' }),
}, { doc: 'A request for storage.' })
export interface PersistentVolumeClaim extends Infer<typeof persistentVolumeClaim> {}
