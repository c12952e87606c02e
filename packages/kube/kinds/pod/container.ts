import {
  type Infer, always, bool, field, inline, int32, list, map, message, oneOf, quantity, string,
} from '../../schema.ts'
import {
  mountPropagationModeValues, protocolValues, pullPolicyValues, terminationMessagePolicyValues,
} from '../core-enums.ts'
import { localObjectReference } from '../reference.ts'
import {
  configMapKeySelector, fileKeySelector, objectFieldSelector, resourceFieldSelector,
  secretKeySelector,
} from '../selectors.ts'
import { lifecycle, probe } from './probe.ts'
import { securityContext } from './security.ts'

const pkg = 'io.k8s.api.core.v1.'

export const containerPort = message(`${pkg}ContainerPort`, {
  name: field(1, string, { doc: 'Name by which a Service can point to the port.' }),
  hostPort: field(2, int32, { doc: 'The same port on the Node\'s addresses.' }),
  containerPort: always(3, int32, { required: true, doc: 'Number of the port.' }),
  protocol: field(4, oneOf(...protocolValues), {
    default: 'TCP', enum: protocolValues,
    doc: 'TCP, UDP or SCTP.',
  }),
  hostIP: field(5, string, { doc: 'Address of the Node that the host port is bound to.' }),
})
export interface ContainerPort extends Infer<typeof containerPort> {}

export const configMapEnvSource = message(`${pkg}ConfigMapEnvSource`, {
  localObjectReference: inline(1, localObjectReference),
  optional: field(2, bool, { pointer: true }),
})
export interface ConfigMapEnvSource extends Infer<typeof configMapEnvSource> {}

export const secretEnvSource = message(`${pkg}SecretEnvSource`, {
  localObjectReference: inline(1, localObjectReference),
  optional: field(2, bool, { pointer: true }),
})
export interface SecretEnvSource extends Infer<typeof secretEnvSource> {}

export const envFromSource = message(`${pkg}EnvFromSource`, {
  prefix: field(1, string),
  configMapRef: field(2, configMapEnvSource, { pointer: true }),
  secretRef: field(3, secretEnvSource, { pointer: true }),
})
export interface EnvFromSource extends Infer<typeof envFromSource> {}

export const envVarSource = message(`${pkg}EnvVarSource`, {
  fieldRef: field(1, objectFieldSelector, { pointer: true }),
  resourceFieldRef: field(2, resourceFieldSelector, { pointer: true }),
  configMapKeyRef: field(3, configMapKeySelector, { pointer: true }),
  secretKeyRef: field(4, secretKeySelector, { pointer: true }),
  fileKeyRef: field(5, fileKeySelector, { pointer: true }),
})
export interface EnvVarSource extends Infer<typeof envVarSource> {}

export const envVar = message(`${pkg}EnvVar`, {
  name: always(1, string, { required: true, doc: 'Name of the variable.' }),
  value: field(2, string, { doc: 'Its value; $(NAME) is replaced by other variables.' }),
  valueFrom: field(3, envVarSource, { pointer: true, doc: 'Where the value comes from.' }),
})
export interface EnvVar extends Infer<typeof envVar> {}

export const resourceClaim = message(`${pkg}ResourceClaim`, {
  name: always(1, string, { required: true }),
  request: field(2, string),
})
export interface ResourceClaim extends Infer<typeof resourceClaim> {}

export const resourceRequirements = message(`${pkg}ResourceRequirements`, {
  limits: field(1, map(quantity), { doc: 'What may not be exceeded.' }),
  requests: field(2, map(quantity), { doc: 'What is set aside on the Node.' }),
  claims: field(3, list(resourceClaim), {
    list: 'map', keys: ['name'], doc: 'Claims of the Pod that it uses.',
  }),
})
export interface ResourceRequirements extends Infer<typeof resourceRequirements> {}

export const containerResizePolicy = message(`${pkg}ContainerResizePolicy`, {
  resourceName: always(1, string, { required: true }),
  restartPolicy: always(2, string, { required: true }),
})
export interface ContainerResizePolicy extends Infer<typeof containerResizePolicy> {}

export const containerRestartRuleOnExitCodes = message(`${pkg}ContainerRestartRuleOnExitCodes`, {
  operator: field(1, string, { required: true }),
  values: field(2, list(int32), { list: 'set' }),
})
export interface ContainerRestartRuleOnExitCodes
  extends Infer<typeof containerRestartRuleOnExitCodes> {}

export const containerRestartRule = message(`${pkg}ContainerRestartRule`, {
  action: field(1, string, { required: true }),
  exitCodes: field(2, containerRestartRuleOnExitCodes, { pointer: true }),
})
export interface ContainerRestartRule extends Infer<typeof containerRestartRule> {}

export const volumeMount = message(`${pkg}VolumeMount`, {
  name: always(1, string, { required: true, doc: 'Which volume.' }),
  readOnly: field(2, bool, { doc: 'Nothing can be written.' }),
  recursiveReadOnly: field(7, string, { pointer: true }),
  mountPath: always(3, string, { required: true, doc: 'Path in the container.' }),
  subPath: field(4, string, { doc: 'Part of the volume to mount.' }),
  mountPropagation: field(5, oneOf(...mountPropagationModeValues), {
    pointer: true, enum: mountPropagationModeValues,
  }),
  subPathExpr: field(6, string),
})
export interface VolumeMount extends Infer<typeof volumeMount> {}

export const volumeDevice = message(`${pkg}VolumeDevice`, {
  name: always(1, string, { required: true }),
  devicePath: always(2, string, { required: true }),
})
export interface VolumeDevice extends Infer<typeof volumeDevice> {}

export const container = message(`${pkg}Container`, {
  name: always(1, string, { required: true, doc: 'Name, unique in the Pod.' }),
  image: field(2, string, { doc: 'Image to run.' }),
  command: field(3, list(string), {
    list: 'atomic',
    doc: 'Program to run; that of the image when unset.',
  }),
  args: field(4, list(string), {
    list: 'atomic',
    doc: 'Arguments of the program; those of the image when unset.',
  }),
  workingDir: field(5, string, { doc: 'Folder in which the program starts.' }),
  ports: field(6, list(containerPort), {
    list: 'map', keys: ['containerPort', 'protocol'], merge: true, mergeKey: 'containerPort',
    doc: 'Ports the container listens on; names can be used by Services.',
  }),
  envFrom: field(19, list(envFromSource), {
    list: 'atomic',
    doc: 'ConfigMaps and Secrets whose keys become environment variables.',
  }),
  env: field(7, list(envVar), {
    list: 'map', keys: ['name'], merge: true, mergeKey: 'name',
    doc: 'Environment variables.',
  }),
  resources: field(8, resourceRequirements, {
    doc: 'How much CPU, memory and the like it may use.',
  }),
  resizePolicy: field(23, list(containerResizePolicy), {
    list: 'atomic', doc: 'What a change of resources does to the running container.',
  }),
  restartPolicy: field(24, string, {
    pointer: true,
    doc: 'Own rule for starting again; Always makes an init container a sidecar.',
  }),
  restartPolicyRules: field(25, list(containerRestartRule), {
    list: 'atomic', doc: 'What is done after given exit codes.',
  }),
  volumeMounts: field(9, list(volumeMount), {
    list: 'map', keys: ['mountPath'], merge: true, mergeKey: 'mountPath',
    doc: 'Where volumes appear in its file system.',
  }),
  volumeDevices: field(21, list(volumeDevice), {
    list: 'map', keys: ['devicePath'], merge: true, mergeKey: 'devicePath',
    doc: 'Block devices that it gets.',
  }),
  livenessProbe: field(10, probe, {
    pointer: true,
    doc: 'The container is started again when this fails.',
  }),
  readinessProbe: field(11, probe, {
    pointer: true,
    doc: 'Services send traffic while this succeeds.',
  }),
  startupProbe: field(22, probe, {
    pointer: true,
    doc: 'Other probes wait until this has succeeded once.',
  }),
  lifecycle: field(12, lifecycle, {
    pointer: true,
    doc: 'What to do after the start and before the end.',
  }),
  terminationMessagePath: field(13, string, { doc: 'File whose text is told when it ends.' }),
  terminationMessagePolicy: field(20, oneOf(...terminationMessagePolicyValues), {
    enum: terminationMessagePolicyValues,
    doc: 'Whether the end of the log stands in for that file.',
  }),
  imagePullPolicy: field(14, oneOf(...pullPolicyValues), {
    enum: pullPolicyValues,
    doc: 'When the image is fetched from its registry.',
  }),
  securityContext: field(15, securityContext, {
    pointer: true,
    doc: 'Identity and rights of this container.',
  }),
  stdin: field(16, bool, { doc: 'Keeps its input open.' }),
  stdinOnce: field(17, bool, { doc: 'Closes its input after the first user has gone.' }),
  tty: field(18, bool, { doc: 'Gives it a terminal.' }),
}, { doc: 'One program in a Pod.' })
export interface Container extends Infer<typeof container> {}
