import {
  type Infer, always, bool, field, int32, list, map, message, oneOf, string,
} from '../../schema.ts'
import { azureDataDiskCachingModeValues, azureDataDiskKindValues } from '../core-enums.ts'
import { localObjectReference } from '../reference.ts'

const pkg = 'io.k8s.api.core.v1.'

export const gcePersistentDiskVolumeSource = message(`${pkg}GCEPersistentDiskVolumeSource`, {
  pdName: always(1, string, { required: true }),
  fsType: field(2, string),
  partition: field(3, int32),
  readOnly: field(4, bool),
})
export interface GCEPersistentDiskVolumeSource
  extends Infer<typeof gcePersistentDiskVolumeSource> {}

export const awsElasticBlockStoreVolumeSource = message(`${pkg}AWSElasticBlockStoreVolumeSource`, {
  volumeID: always(1, string, { required: true }),
  fsType: field(2, string),
  partition: field(3, int32),
  readOnly: field(4, bool),
})
export interface AWSElasticBlockStoreVolumeSource
  extends Infer<typeof awsElasticBlockStoreVolumeSource> {}

export const gitRepoVolumeSource = message(`${pkg}GitRepoVolumeSource`, {
  repository: always(1, string, { required: true }),
  revision: field(2, string),
  directory: field(3, string),
})
export interface GitRepoVolumeSource extends Infer<typeof gitRepoVolumeSource> {}

export const iscsiVolumeSource = message(`${pkg}ISCSIVolumeSource`, {
  targetPortal: always(1, string, { required: true }),
  iqn: always(2, string, { required: true }),
  lun: always(3, int32, { required: true }),
  iscsiInterface: field(4, string, { default: 'default' }),
  fsType: field(5, string),
  readOnly: field(6, bool),
  portals: field(7, list(string), { list: 'atomic' }),
  chapAuthDiscovery: field(8, bool),
  chapAuthSession: field(11, bool),
  secretRef: field(10, localObjectReference, { pointer: true }),
  initiatorName: field(12, string, { pointer: true }),
})
export interface ISCSIVolumeSource extends Infer<typeof iscsiVolumeSource> {}

export const glusterfsVolumeSource = message(`${pkg}GlusterfsVolumeSource`, {
  endpoints: always(1, string, { required: true }),
  path: always(2, string, { required: true }),
  readOnly: field(3, bool),
})
export interface GlusterfsVolumeSource extends Infer<typeof glusterfsVolumeSource> {}

export const rbdVolumeSource = message(`${pkg}RBDVolumeSource`, {
  monitors: always(1, list(string), { required: true, list: 'atomic' }),
  image: always(2, string, { required: true }),
  fsType: field(3, string),
  pool: field(4, string, { default: 'rbd' }),
  user: field(5, string, { default: 'admin' }),
  keyring: field(6, string, { default: '/etc/ceph/keyring' }),
  secretRef: field(7, localObjectReference, { pointer: true }),
  readOnly: field(8, bool),
})
export interface RBDVolumeSource extends Infer<typeof rbdVolumeSource> {}

export const flexVolumeSource = message(`${pkg}FlexVolumeSource`, {
  driver: always(1, string, { required: true }),
  fsType: field(2, string),
  secretRef: field(3, localObjectReference, { pointer: true }),
  readOnly: field(4, bool),
  options: field(5, map(string)),
})
export interface FlexVolumeSource extends Infer<typeof flexVolumeSource> {}

export const cinderVolumeSource = message(`${pkg}CinderVolumeSource`, {
  volumeID: always(1, string, { required: true }),
  fsType: field(2, string),
  readOnly: field(3, bool),
  secretRef: field(4, localObjectReference, { pointer: true }),
})
export interface CinderVolumeSource extends Infer<typeof cinderVolumeSource> {}

export const cephFSVolumeSource = message(`${pkg}CephFSVolumeSource`, {
  monitors: always(1, list(string), { required: true, list: 'atomic' }),
  path: field(2, string),
  user: field(3, string),
  secretFile: field(4, string),
  secretRef: field(5, localObjectReference, { pointer: true }),
  readOnly: field(6, bool),
})
export interface CephFSVolumeSource extends Infer<typeof cephFSVolumeSource> {}

export const flockerVolumeSource = message(`${pkg}FlockerVolumeSource`, {
  datasetName: field(1, string),
  datasetUUID: field(2, string),
})
export interface FlockerVolumeSource extends Infer<typeof flockerVolumeSource> {}

export const fcVolumeSource = message(`${pkg}FCVolumeSource`, {
  targetWWNs: field(1, list(string), { list: 'atomic' }),
  lun: field(2, int32, { pointer: true }),
  fsType: field(3, string),
  readOnly: field(4, bool),
  wwids: field(5, list(string), { list: 'atomic' }),
})
export interface FCVolumeSource extends Infer<typeof fcVolumeSource> {}

export const azureFileVolumeSource = message(`${pkg}AzureFileVolumeSource`, {
  secretName: always(1, string, { required: true }),
  shareName: always(2, string, { required: true }),
  readOnly: field(3, bool),
})
export interface AzureFileVolumeSource extends Infer<typeof azureFileVolumeSource> {}

export const vsphereVirtualDiskVolumeSource = message(`${pkg}VsphereVirtualDiskVolumeSource`, {
  volumePath: always(1, string, { required: true }),
  fsType: field(2, string),
  storagePolicyName: field(3, string),
  storagePolicyID: field(4, string),
})
export interface VsphereVirtualDiskVolumeSource
  extends Infer<typeof vsphereVirtualDiskVolumeSource> {}

export const quobyteVolumeSource = message(`${pkg}QuobyteVolumeSource`, {
  registry: always(1, string, { required: true }),
  volume: always(2, string, { required: true }),
  readOnly: field(3, bool),
  user: field(4, string),
  group: field(5, string),
  tenant: field(6, string),
})
export interface QuobyteVolumeSource extends Infer<typeof quobyteVolumeSource> {}

export const azureDiskVolumeSource = message(`${pkg}AzureDiskVolumeSource`, {
  diskName: always(1, string, { required: true }),
  diskURI: always(2, string, { required: true }),
  cachingMode: field(3, oneOf(...azureDataDiskCachingModeValues), {
    pointer: true, default: 'ReadWrite', enum: azureDataDiskCachingModeValues,
  }),
  fsType: field(4, string, { pointer: true, default: 'ext4' }),
  readOnly: field(5, bool, { pointer: true, default: false }),
  kind: field(6, oneOf(...azureDataDiskKindValues), {
    pointer: true, default: 'Shared', enum: azureDataDiskKindValues,
  }),
})
export interface AzureDiskVolumeSource extends Infer<typeof azureDiskVolumeSource> {}

export const photonPersistentDiskVolumeSource = message(`${pkg}PhotonPersistentDiskVolumeSource`, {
  pdID: always(1, string, { required: true }),
  fsType: field(2, string),
})
export interface PhotonPersistentDiskVolumeSource
  extends Infer<typeof photonPersistentDiskVolumeSource> {}

export const portworxVolumeSource = message(`${pkg}PortworxVolumeSource`, {
  volumeID: always(1, string, { required: true }),
  fsType: field(2, string),
  readOnly: field(3, bool),
})
export interface PortworxVolumeSource extends Infer<typeof portworxVolumeSource> {}

export const scaleIOVolumeSource = message(`${pkg}ScaleIOVolumeSource`, {
  gateway: always(1, string, { required: true }),
  system: always(2, string, { required: true }),
  secretRef: always(3, localObjectReference, { pointer: true, required: true }),
  sslEnabled: field(4, bool),
  protectionDomain: field(5, string),
  storagePool: field(6, string),
  storageMode: field(7, string, { default: 'ThinProvisioned' }),
  volumeName: field(8, string),
  fsType: field(9, string, { default: 'xfs' }),
  readOnly: field(10, bool),
})
export interface ScaleIOVolumeSource extends Infer<typeof scaleIOVolumeSource> {}

export const storageOSVolumeSource = message(`${pkg}StorageOSVolumeSource`, {
  volumeName: field(1, string),
  volumeNamespace: field(2, string),
  fsType: field(3, string),
  readOnly: field(4, bool),
  secretRef: field(5, localObjectReference, { pointer: true }),
})
export interface StorageOSVolumeSource extends Infer<typeof storageOSVolumeSource> {}
