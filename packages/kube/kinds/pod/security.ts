import {
  type Infer, always, bool, field, int64, list, message, oneOf, string,
} from '../../schema.ts'
import {
  appArmorProfileTypeValues, podFSGroupChangePolicyValues, procMountTypeValues,
  seccompProfileTypeValues, supplementalGroupsPolicyValues,
} from '../core-enums.ts'

const pkg = 'io.k8s.api.core.v1.'

export const seLinuxOptions = message(`${pkg}SELinuxOptions`, {
  user: field(1, string),
  role: field(2, string),
  type: field(3, string),
  level: field(4, string),
})
export interface SELinuxOptions extends Infer<typeof seLinuxOptions> {}

export const windowsSecurityContextOptions = message(`${pkg}WindowsSecurityContextOptions`, {
  gmsaCredentialSpecName: field(1, string, { pointer: true }),
  gmsaCredentialSpec: field(2, string, { pointer: true }),
  runAsUserName: field(3, string, { pointer: true }),
  hostProcess: field(4, bool, { pointer: true }),
})
export interface WindowsSecurityContextOptions
  extends Infer<typeof windowsSecurityContextOptions> {}

export const seccompProfile = message(`${pkg}SeccompProfile`, {
  type: always(1, oneOf(...seccompProfileTypeValues), {
    required: true, enum: seccompProfileTypeValues,
  }),
  localhostProfile: field(2, string, { pointer: true }),
}, { union: { discriminator: 'type', fields: { localhostProfile: 'LocalhostProfile' } } })
export interface SeccompProfile extends Infer<typeof seccompProfile> {}

export const appArmorProfile = message(`${pkg}AppArmorProfile`, {
  type: always(1, oneOf(...appArmorProfileTypeValues), {
    required: true, enum: appArmorProfileTypeValues,
  }),
  localhostProfile: field(2, string, { pointer: true }),
}, { union: { discriminator: 'type', fields: { localhostProfile: 'LocalhostProfile' } } })
export interface AppArmorProfile extends Infer<typeof appArmorProfile> {}

export const sysctl = message(`${pkg}Sysctl`, {
  name: always(1, string, { required: true }),
  value: always(2, string, { required: true }),
})
export interface Sysctl extends Infer<typeof sysctl> {}

export const podSecurityContext = message(`${pkg}PodSecurityContext`, {
  seLinuxOptions: field(1, seLinuxOptions, { pointer: true }),
  windowsOptions: field(8, windowsSecurityContextOptions, { pointer: true }),
  runAsUser: field(2, int64, { pointer: true }),
  runAsGroup: field(6, int64, { pointer: true }),
  runAsNonRoot: field(3, bool, { pointer: true }),
  supplementalGroups: field(4, list(int64), { list: 'atomic' }),
  supplementalGroupsPolicy: field(12, oneOf(...supplementalGroupsPolicyValues), {
    pointer: true, enum: supplementalGroupsPolicyValues,
  }),
  fsGroup: field(5, int64, { pointer: true }),
  sysctls: field(7, list(sysctl), { list: 'atomic' }),
  fsGroupChangePolicy: field(9, oneOf(...podFSGroupChangePolicyValues), {
    pointer: true, enum: podFSGroupChangePolicyValues,
  }),
  seccompProfile: field(10, seccompProfile, { pointer: true }),
  appArmorProfile: field(11, appArmorProfile, { pointer: true }),
  seLinuxChangePolicy: field(13, string, { pointer: true }),
})
export interface PodSecurityContext extends Infer<typeof podSecurityContext> {}

export const capabilities = message(`${pkg}Capabilities`, {
  add: field(1, list(string), { list: 'atomic' }),
  drop: field(2, list(string), { list: 'atomic' }),
})
export interface Capabilities extends Infer<typeof capabilities> {}

export const securityContext = message(`${pkg}SecurityContext`, {
  capabilities: field(1, capabilities, { pointer: true }),
  privileged: field(2, bool, { pointer: true }),
  seLinuxOptions: field(3, seLinuxOptions, { pointer: true }),
  windowsOptions: field(10, windowsSecurityContextOptions, { pointer: true }),
  runAsUser: field(4, int64, { pointer: true }),
  runAsGroup: field(8, int64, { pointer: true }),
  runAsNonRoot: field(5, bool, { pointer: true }),
  readOnlyRootFilesystem: field(6, bool, { pointer: true }),
  allowPrivilegeEscalation: field(7, bool, { pointer: true }),
  procMount: field(9, oneOf(...procMountTypeValues), { pointer: true, enum: procMountTypeValues }),
  seccompProfile: field(11, seccompProfile, { pointer: true }),
  appArmorProfile: field(12, appArmorProfile, { pointer: true }),
})
export interface SecurityContext extends Infer<typeof securityContext> {}
