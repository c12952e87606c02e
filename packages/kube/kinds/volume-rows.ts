import type { ResourceSpec } from '../resource.ts'
import { type PersistentVolume, persistentVolume } from './persistent-volume.ts'
import { type PersistentVolumeClaim, persistentVolumeClaim } from './persistent-volume-claim.ts'
import { everyVerb, statusSubresource } from './verbs.ts'

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
}
