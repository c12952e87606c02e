import {
  type Infer, always, bool, field, inline, int32, int64, list, map, message, oneOf, quantity,
  string,
} from '../../schema.ts'
import { hostPathTypeValues, pullPolicyValues } from '../core-enums.ts'
import { labelSelector } from '../meta.ts'
import { persistentVolumeClaimTemplate } from '../persistent-volume-claim.ts'
import { localObjectReference } from '../reference.ts'
import { objectFieldSelector, resourceFieldSelector } from '../selectors.ts'
import {
  awsElasticBlockStoreVolumeSource, azureDiskVolumeSource, azureFileVolumeSource,
  cephFSVolumeSource, cinderVolumeSource, fcVolumeSource, flexVolumeSource, flockerVolumeSource,
  gcePersistentDiskVolumeSource, gitRepoVolumeSource, glusterfsVolumeSource, iscsiVolumeSource,
  photonPersistentDiskVolumeSource, portworxVolumeSource, quobyteVolumeSource, rbdVolumeSource,
  scaleIOVolumeSource, storageOSVolumeSource, vsphereVirtualDiskVolumeSource,
} from './volume-legacy.ts'

const pkg = 'io.k8s.api.core.v1.'

export const keyToPath = message(`${pkg}KeyToPath`, {
  key: always(1, string, { required: true }),
  path: always(2, string, { required: true }),
  mode: field(3, int32, { pointer: true }),
})
export interface KeyToPath extends Infer<typeof keyToPath> {}

export const hostPathVolumeSource = message(`${pkg}HostPathVolumeSource`, {
  path: always(1, string, { required: true }),
  type: field(2, string, { pointer: true, enum: hostPathTypeValues }),
})
export interface HostPathVolumeSource extends Infer<typeof hostPathVolumeSource> {}

export const emptyDirVolumeSource = message(`${pkg}EmptyDirVolumeSource`, {
  medium: field(1, string),
  sizeLimit: field(2, quantity, { pointer: true }),
})
export interface EmptyDirVolumeSource extends Infer<typeof emptyDirVolumeSource> {}

export const secretVolumeSource = message(`${pkg}SecretVolumeSource`, {
  secretName: field(1, string),
  items: field(2, list(keyToPath), { list: 'atomic' }),
  defaultMode: field(3, int32, { pointer: true }),
  optional: field(4, bool, { pointer: true }),
})
export interface SecretVolumeSource extends Infer<typeof secretVolumeSource> {}

export const configMapVolumeSource = message(`${pkg}ConfigMapVolumeSource`, {
  localObjectReference: inline(1, localObjectReference),
  items: field(2, list(keyToPath), { list: 'atomic' }),
  defaultMode: field(3, int32, { pointer: true }),
  optional: field(4, bool, { pointer: true }),
})
export interface ConfigMapVolumeSource extends Infer<typeof configMapVolumeSource> {}

export const downwardAPIVolumeFile = message(`${pkg}DownwardAPIVolumeFile`, {
  path: always(1, string, { required: true }),
  fieldRef: field(2, objectFieldSelector, { pointer: true }),
  resourceFieldRef: field(3, resourceFieldSelector, { pointer: true }),
  mode: field(4, int32, { pointer: true }),
})
export interface DownwardAPIVolumeFile extends Infer<typeof downwardAPIVolumeFile> {}

export const downwardAPIVolumeSource = message(`${pkg}DownwardAPIVolumeSource`, {
  items: field(1, list(downwardAPIVolumeFile), { list: 'atomic' }),
  defaultMode: field(2, int32, { pointer: true }),
})
export interface DownwardAPIVolumeSource extends Infer<typeof downwardAPIVolumeSource> {}

export const secretProjection = message(`${pkg}SecretProjection`, {
  localObjectReference: inline(1, localObjectReference),
  items: field(2, list(keyToPath), { list: 'atomic' }),
  optional: field(4, bool, { pointer: true }),
})
export interface SecretProjection extends Infer<typeof secretProjection> {}

export const configMapProjection = message(`${pkg}ConfigMapProjection`, {
  localObjectReference: inline(1, localObjectReference),
  items: field(2, list(keyToPath), { list: 'atomic' }),
  optional: field(4, bool, { pointer: true }),
})
export interface ConfigMapProjection extends Infer<typeof configMapProjection> {}

export const downwardAPIProjection = message(`${pkg}DownwardAPIProjection`, {
  items: field(1, list(downwardAPIVolumeFile), { list: 'atomic' }),
})
export interface DownwardAPIProjection extends Infer<typeof downwardAPIProjection> {}

export const serviceAccountTokenProjection = message(`${pkg}ServiceAccountTokenProjection`, {
  audience: field(1, string),
  expirationSeconds: field(2, int64, { pointer: true }),
  path: always(3, string, { required: true }),
})
export interface ServiceAccountTokenProjection
  extends Infer<typeof serviceAccountTokenProjection> {}

export const clusterTrustBundleProjection = message(`${pkg}ClusterTrustBundleProjection`, {
  name: field(1, string, { pointer: true }),
  signerName: field(2, string, { pointer: true }),
  labelSelector: field(3, labelSelector, { pointer: true }),
  optional: field(5, bool, { pointer: true }),
  path: always(4, string, { required: true }),
})
export interface ClusterTrustBundleProjection extends Infer<typeof clusterTrustBundleProjection> {}

export const podCertificateProjection = message(`${pkg}PodCertificateProjection`, {
  signerName: field(1, string, { required: true }),
  keyType: field(2, string, { required: true }),
  maxExpirationSeconds: field(3, int32, { pointer: true }),
  credentialBundlePath: field(4, string),
  keyPath: field(5, string),
  certificateChainPath: field(6, string),
  userAnnotations: field(7, map(string)),
})
export interface PodCertificateProjection extends Infer<typeof podCertificateProjection> {}

export const volumeProjection = message(`${pkg}VolumeProjection`, {
  secret: field(1, secretProjection, { pointer: true }),
  downwardAPI: field(2, downwardAPIProjection, { pointer: true }),
  configMap: field(3, configMapProjection, { pointer: true }),
  serviceAccountToken: field(4, serviceAccountTokenProjection, { pointer: true }),
  clusterTrustBundle: field(5, clusterTrustBundleProjection, { pointer: true }),
  podCertificate: field(6, podCertificateProjection, { pointer: true }),
})
export interface VolumeProjection extends Infer<typeof volumeProjection> {}

export const projectedVolumeSource = message(`${pkg}ProjectedVolumeSource`, {
  sources: always(1, list(volumeProjection), { list: 'atomic' }),
  defaultMode: field(2, int32, { pointer: true }),
})
export interface ProjectedVolumeSource extends Infer<typeof projectedVolumeSource> {}

export const nfsVolumeSource = message(`${pkg}NFSVolumeSource`, {
  server: always(1, string, { required: true }),
  path: always(2, string, { required: true }),
  readOnly: field(3, bool),
})
export interface NFSVolumeSource extends Infer<typeof nfsVolumeSource> {}

export const persistentVolumeClaimVolumeSource = message(
  `${pkg}PersistentVolumeClaimVolumeSource`, {
  claimName: always(1, string, { required: true }),
  readOnly: field(2, bool),
})
export interface PersistentVolumeClaimVolumeSource
  extends Infer<typeof persistentVolumeClaimVolumeSource> {}

export const csiVolumeSource = message(`${pkg}CSIVolumeSource`, {
  driver: always(1, string, { required: true }),
  readOnly: field(2, bool, { pointer: true }),
  fsType: field(3, string, { pointer: true }),
  volumeAttributes: field(4, map(string)),
  nodePublishSecretRef: field(5, localObjectReference, { pointer: true }),
})
export interface CSIVolumeSource extends Infer<typeof csiVolumeSource> {}

export const imageVolumeSource = message(`${pkg}ImageVolumeSource`, {
  reference: field(1, string),
  pullPolicy: field(2, oneOf(...pullPolicyValues), { enum: pullPolicyValues }),
})
export interface ImageVolumeSource extends Infer<typeof imageVolumeSource> {}

export const ephemeralVolumeSource = message(`${pkg}EphemeralVolumeSource`, {
  volumeClaimTemplate: field(1, persistentVolumeClaimTemplate, { pointer: true }),
})
export interface EphemeralVolumeSource extends Infer<typeof ephemeralVolumeSource> {}

export const volumeSource = message(`${pkg}VolumeSource`, {
  hostPath: field(1, hostPathVolumeSource, { pointer: true }),
  emptyDir: field(2, emptyDirVolumeSource, { pointer: true }),
  gcePersistentDisk: field(3, gcePersistentDiskVolumeSource, { pointer: true }),
  awsElasticBlockStore: field(4, awsElasticBlockStoreVolumeSource, { pointer: true }),
  gitRepo: field(5, gitRepoVolumeSource, { pointer: true }),
  secret: field(6, secretVolumeSource, { pointer: true }),
  nfs: field(7, nfsVolumeSource, { pointer: true }),
  iscsi: field(8, iscsiVolumeSource, { pointer: true }),
  glusterfs: field(9, glusterfsVolumeSource, { pointer: true }),
  persistentVolumeClaim: field(10, persistentVolumeClaimVolumeSource, { pointer: true }),
  rbd: field(11, rbdVolumeSource, { pointer: true }),
  flexVolume: field(12, flexVolumeSource, { pointer: true }),
  cinder: field(13, cinderVolumeSource, { pointer: true }),
  cephfs: field(14, cephFSVolumeSource, { pointer: true }),
  flocker: field(15, flockerVolumeSource, { pointer: true }),
  downwardAPI: field(16, downwardAPIVolumeSource, { pointer: true }),
  fc: field(17, fcVolumeSource, { pointer: true }),
  azureFile: field(18, azureFileVolumeSource, { pointer: true }),
  configMap: field(19, configMapVolumeSource, { pointer: true }),
  vsphereVolume: field(20, vsphereVirtualDiskVolumeSource, { pointer: true }),
  quobyte: field(21, quobyteVolumeSource, { pointer: true }),
  azureDisk: field(22, azureDiskVolumeSource, { pointer: true }),
  photonPersistentDisk: field(23, photonPersistentDiskVolumeSource, { pointer: true }),
  projected: field(26, projectedVolumeSource, { pointer: true }),
  portworxVolume: field(24, portworxVolumeSource, { pointer: true }),
  scaleIO: field(25, scaleIOVolumeSource, { pointer: true }),
  storageos: field(27, storageOSVolumeSource, { pointer: true }),
  csi: field(28, csiVolumeSource, { pointer: true }),
  ephemeral: field(29, ephemeralVolumeSource, { pointer: true }),
  image: field(30, imageVolumeSource, { pointer: true }),
})
export interface VolumeSource extends Infer<typeof volumeSource> {}

export const volume = message(`${pkg}Volume`, {
  name: always(1, string, { required: true, doc: 'Name by which containers mount it.' }),
  volumeSource: inline(2, volumeSource),
})
export interface Volume extends Infer<typeof volume> {}
