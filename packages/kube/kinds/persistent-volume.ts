import {
  type Infer, field, inline, list, map, message, oneOf, quantity, string, time,
} from '../schema.ts'
import {
  persistentVolumeAccessModeValues, persistentVolumeModeValues, persistentVolumePhaseValues,
  persistentVolumeReclaimPolicyValues,
} from './core-enums.ts'
import { objectMeta } from './meta.ts'
import { persistentVolumeSource } from './persistent-volume-sources.ts'
import { objectReference } from './reference.ts'
import { nodeSelector } from './selectors.ts'

const pkg = 'io.k8s.api.core.v1.'

export const volumeNodeAffinity = message(`${pkg}VolumeNodeAffinity`, {
  required: field(1, nodeSelector, { pointer: true }),
})
export interface VolumeNodeAffinity extends Infer<typeof volumeNodeAffinity> {}

export const persistentVolumeSpec = message(`${pkg}PersistentVolumeSpec`, {
  capacity: field(1, map(quantity)),
  persistentVolumeSource: inline(2, persistentVolumeSource),
  accessModes: field(3, list(oneOf(...persistentVolumeAccessModeValues)), {
    list: 'atomic', enum: persistentVolumeAccessModeValues,
  }),
  claimRef: field(4, objectReference, { pointer: true, map: 'granular' }),
  persistentVolumeReclaimPolicy: field(5, oneOf(...persistentVolumeReclaimPolicyValues), {
    enum: persistentVolumeReclaimPolicyValues,
  }),
  storageClassName: field(6, string),
  mountOptions: field(7, list(string), { list: 'atomic' }),
  volumeMode: field(8, oneOf(...persistentVolumeModeValues), {
    pointer: true, enum: persistentVolumeModeValues,
  }),
  nodeAffinity: field(9, volumeNodeAffinity, { pointer: true }),
  volumeAttributesClassName: field(10, string, { pointer: true }),
})
export interface PersistentVolumeSpec extends Infer<typeof persistentVolumeSpec> {}

export const persistentVolumeStatus = message(`${pkg}PersistentVolumeStatus`, {
  phase: field(1, oneOf(...persistentVolumePhaseValues), { enum: persistentVolumePhaseValues }),
  message: field(2, string),
  reason: field(3, string),
  lastPhaseTransitionTime: field(4, time, { pointer: true }),
})
export interface PersistentVolumeStatus extends Infer<typeof persistentVolumeStatus> {}

export const persistentVolume = message(`${pkg}PersistentVolume`, {
  metadata: field(1, objectMeta),
  spec: field(2, persistentVolumeSpec),
  status: field(3, persistentVolumeStatus),
}, { doc: 'Storage that outlives Pods.' })
export interface PersistentVolume extends Infer<typeof persistentVolume> {}
