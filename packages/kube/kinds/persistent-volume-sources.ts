import { type Infer, always, bool, field, int32, list, map, message, string } from '../schema.ts'
import {
  awsElasticBlockStoreVolumeSource, azureDiskVolumeSource, fcVolumeSource, flockerVolumeSource,
  gcePersistentDiskVolumeSource, photonPersistentDiskVolumeSource, portworxVolumeSource,
  quobyteVolumeSource, vsphereVirtualDiskVolumeSource,
} from './pod/volume-legacy.ts'
import { hostPathVolumeSource, nfsVolumeSource } from './pod/volume.ts'
import { objectReference, secretReference } from './reference.ts'

const pkg = 'io.k8s.api.core.v1.'

export const localVolumeSource = message(`${pkg}LocalVolumeSource`, {
  path: always(1, string, { required: true }),
  fsType: field(2, string, { pointer: true }),
})
export interface LocalVolumeSource extends Infer<typeof localVolumeSource> {}

export const csiPersistentVolumeSource = message(`${pkg}CSIPersistentVolumeSource`, {
  driver: always(1, string, { required: true }),
  volumeHandle: always(2, string, { required: true }),
  readOnly: field(3, bool),
  fsType: field(4, string),
  volumeAttributes: field(5, map(string)),
  controllerPublishSecretRef: field(6, secretReference, { pointer: true }),
  nodeStageSecretRef: field(7, secretReference, { pointer: true }),
  nodePublishSecretRef: field(8, secretReference, { pointer: true }),
  controllerExpandSecretRef: field(9, secretReference, { pointer: true }),
  nodeExpandSecretRef: field(10, secretReference, { pointer: true }),
})
export interface CSIPersistentVolumeSource extends Infer<typeof csiPersistentVolumeSource> {}

export const iscsiPersistentVolumeSource = message(`${pkg}ISCSIPersistentVolumeSource`, {
  targetPortal: always(1, string, { required: true }),
  iqn: always(2, string, { required: true }),
  lun: always(3, int32, { required: true }),
  iscsiInterface: field(4, string, { default: 'default' }),
  fsType: field(5, string),
  readOnly: field(6, bool),
  portals: field(7, list(string), { list: 'atomic' }),
  chapAuthDiscovery: field(8, bool),
  chapAuthSession: field(11, bool),
  secretRef: field(10, secretReference, { pointer: true }),
  initiatorName: field(12, string, { pointer: true }),
})
export interface ISCSIPersistentVolumeSource extends Infer<typeof iscsiPersistentVolumeSource> {}

export const glusterfsPersistentVolumeSource = message(`${pkg}GlusterfsPersistentVolumeSource`, {
  endpoints: always(1, string, { required: true }),
  path: always(2, string, { required: true }),
  readOnly: field(3, bool),
  endpointsNamespace: field(4, string, { pointer: true }),
})
export interface GlusterfsPersistentVolumeSource
  extends Infer<typeof glusterfsPersistentVolumeSource> {}

export const rbdPersistentVolumeSource = message(`${pkg}RBDPersistentVolumeSource`, {
  monitors: always(1, list(string), { required: true, list: 'atomic' }),
  image: always(2, string, { required: true }),
  fsType: field(3, string),
  pool: field(4, string, { default: 'rbd' }),
  user: field(5, string, { default: 'admin' }),
  keyring: field(6, string, { default: '/etc/ceph/keyring' }),
  secretRef: field(7, secretReference, { pointer: true }),
  readOnly: field(8, bool),
})
export interface RBDPersistentVolumeSource extends Infer<typeof rbdPersistentVolumeSource> {}

export const flexPersistentVolumeSource = message(`${pkg}FlexPersistentVolumeSource`, {
  driver: always(1, string, { required: true }),
  fsType: field(2, string),
  secretRef: field(3, secretReference, { pointer: true }),
  readOnly: field(4, bool),
  options: field(5, map(string)),
})
export interface FlexPersistentVolumeSource extends Infer<typeof flexPersistentVolumeSource> {}

export const cinderPersistentVolumeSource = message(`${pkg}CinderPersistentVolumeSource`, {
  volumeID: always(1, string, { required: true }),
  fsType: field(2, string),
  readOnly: field(3, bool),
  secretRef: field(4, secretReference, { pointer: true }),
})
export interface CinderPersistentVolumeSource extends Infer<typeof cinderPersistentVolumeSource> {}

export const cephFSPersistentVolumeSource = message(`${pkg}CephFSPersistentVolumeSource`, {
  monitors: always(1, list(string), { required: true, list: 'atomic' }),
  path: field(2, string),
  user: field(3, string),
  secretFile: field(4, string),
  secretRef: field(5, secretReference, { pointer: true }),
  readOnly: field(6, bool),
})
export interface CephFSPersistentVolumeSource extends Infer<typeof cephFSPersistentVolumeSource> {}

export const azureFilePersistentVolumeSource = message(`${pkg}AzureFilePersistentVolumeSource`, {
  secretName: always(1, string, { required: true }),
  shareName: always(2, string, { required: true }),
  readOnly: field(3, bool),
  secretNamespace: always(4, string, { pointer: true }),
})
export interface AzureFilePersistentVolumeSource
  extends Infer<typeof azureFilePersistentVolumeSource> {}

export const scaleIOPersistentVolumeSource = message(`${pkg}ScaleIOPersistentVolumeSource`, {
  gateway: always(1, string, { required: true }),
  system: always(2, string, { required: true }),
  secretRef: always(3, secretReference, { pointer: true, required: true }),
  sslEnabled: field(4, bool),
  protectionDomain: field(5, string),
  storagePool: field(6, string),
  storageMode: field(7, string, { default: 'ThinProvisioned' }),
  volumeName: field(8, string),
  fsType: field(9, string, { default: 'xfs' }),
  readOnly: field(10, bool),
})
export interface ScaleIOPersistentVolumeSource
  extends Infer<typeof scaleIOPersistentVolumeSource> {}

export const storageOSPersistentVolumeSource = message(`${pkg}StorageOSPersistentVolumeSource`, {
  volumeName: field(1, string),
  volumeNamespace: field(2, string),
  fsType: field(3, string),
  readOnly: field(4, bool),
  secretRef: field(5, objectReference, { pointer: true }),
})
export interface StorageOSPersistentVolumeSource
  extends Infer<typeof storageOSPersistentVolumeSource> {}

export const persistentVolumeSource = message(`${pkg}PersistentVolumeSource`, {
  gcePersistentDisk: field(1, gcePersistentDiskVolumeSource, { pointer: true }),
  awsElasticBlockStore: field(2, awsElasticBlockStoreVolumeSource, { pointer: true }),
  hostPath: field(3, hostPathVolumeSource, { pointer: true }),
  glusterfs: field(4, glusterfsPersistentVolumeSource, { pointer: true }),
  nfs: field(5, nfsVolumeSource, { pointer: true }),
  rbd: field(6, rbdPersistentVolumeSource, { pointer: true }),
  iscsi: field(7, iscsiPersistentVolumeSource, { pointer: true }),
  cinder: field(8, cinderPersistentVolumeSource, { pointer: true }),
  cephfs: field(9, cephFSPersistentVolumeSource, { pointer: true }),
  fc: field(10, fcVolumeSource, { pointer: true }),
  flocker: field(11, flockerVolumeSource, { pointer: true }),
  flexVolume: field(12, flexPersistentVolumeSource, { pointer: true }),
  azureFile: field(13, azureFilePersistentVolumeSource, { pointer: true }),
  vsphereVolume: field(14, vsphereVirtualDiskVolumeSource, { pointer: true }),
  quobyte: field(15, quobyteVolumeSource, { pointer: true }),
  azureDisk: field(16, azureDiskVolumeSource, { pointer: true }),
  photonPersistentDisk: field(17, photonPersistentDiskVolumeSource, { pointer: true }),
  portworxVolume: field(18, portworxVolumeSource, { pointer: true }),
  scaleIO: field(19, scaleIOPersistentVolumeSource, { pointer: true }),
  local: field(20, localVolumeSource, { pointer: true }),
  storageos: field(21, storageOSPersistentVolumeSource, { pointer: true }),
  csi: field(22, csiPersistentVolumeSource, { pointer: true }),
})
export interface PersistentVolumeSource extends Infer<typeof persistentVolumeSource> {}
