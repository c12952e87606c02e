import { ageColumn, textColumn } from '../../cells.ts'
import type { ResourceSpec } from '../../resource.ts'
import { markedNameColumn } from '../networking/columns.ts'
import { everyVerb } from '../verbs.ts'
import { defaultStorageClass, validateStorageClass, validateStorageClassUpdate } from './rules.ts'
import { type StorageClass, storageClass } from './storage-class.ts'

export const storageclasses: ResourceSpec<StorageClass> = {
  group: 'storage.k8s.io', version: 'v1', resource: 'storageclasses', kind: 'StorageClass',
  namespaced: false,
  singular: 'storageclass',
  shortNames: ['sc'],
  verbs: everyVerb,
  schema: storageClass,
  nameRule: 'subdomain',
  deleteReturnsObject: true,
  defaults: defaultStorageClass,
  validate: validateStorageClass,
  validateUpdate: validateStorageClassUpdate,
  columns: [
    markedNameColumn('storageclass.kubernetes.io/is-default-class',
      'storageclass.beta.kubernetes.io/is-default-class'),
    textColumn('Provisioner', 'Who provides the volumes.', ({ provisioner }) => provisioner),
    textColumn('ReclaimPolicy', 'What becomes of a volume that is given back.',
      ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete'),
    textColumn('VolumeBindingMode', 'Whether a volume waits for the first Pod.',
      ({ volumeBindingMode }) => volumeBindingMode ?? 'Immediate'),
    textColumn('AllowVolumeExpansion', 'Whether volumes may grow.',
      ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false),
    ageColumn,
  ],
}
