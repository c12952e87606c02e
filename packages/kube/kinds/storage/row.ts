import type { ResourceSpec } from '../../resource.ts'
import { everyVerb } from '../verbs.ts'
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
}
