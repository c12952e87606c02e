import {
  type Infer, always, bool, field, inline, list, message, oneOf, string,
} from '../../schema.ts'
import { pullPolicyValues, terminationMessagePolicyValues } from '../core-enums.ts'
import {
  containerPort, containerResizePolicy, containerRestartRule, envFromSource, envVar,
  resourceRequirements, volumeDevice, volumeMount,
} from './container.ts'
import { lifecycle, probe } from './probe.ts'
import { securityContext } from './security.ts'

const pkg = 'io.k8s.api.core.v1.'

export const ephemeralContainerCommon = message(`${pkg}EphemeralContainerCommon`, {
  name: always(1, string, { required: true }),
  image: field(2, string),
  command: field(3, list(string), { list: 'atomic' }),
  args: field(4, list(string), { list: 'atomic' }),
  workingDir: field(5, string),
  ports: field(6, list(containerPort), {
    list: 'map', keys: ['containerPort', 'protocol'], merge: true, mergeKey: 'containerPort',
  }),
  envFrom: field(19, list(envFromSource), { list: 'atomic' }),
  env: field(7, list(envVar), { list: 'map', keys: ['name'], merge: true, mergeKey: 'name' }),
  resources: field(8, resourceRequirements),
  resizePolicy: field(23, list(containerResizePolicy), { list: 'atomic' }),
  restartPolicy: field(24, string, { pointer: true }),
  restartPolicyRules: field(25, list(containerRestartRule), { list: 'atomic' }),
  volumeMounts: field(9, list(volumeMount), {
    list: 'map', keys: ['mountPath'], merge: true, mergeKey: 'mountPath',
  }),
  volumeDevices: field(21, list(volumeDevice), {
    list: 'map', keys: ['devicePath'], merge: true, mergeKey: 'devicePath',
  }),
  livenessProbe: field(10, probe, { pointer: true }),
  readinessProbe: field(11, probe, { pointer: true }),
  startupProbe: field(22, probe, { pointer: true }),
  lifecycle: field(12, lifecycle, { pointer: true }),
  terminationMessagePath: field(13, string),
  terminationMessagePolicy: field(20, oneOf(...terminationMessagePolicyValues), {
    enum: terminationMessagePolicyValues,
  }),
  imagePullPolicy: field(14, oneOf(...pullPolicyValues), { enum: pullPolicyValues }),
  securityContext: field(15, securityContext, { pointer: true }),
  stdin: field(16, bool),
  stdinOnce: field(17, bool),
  tty: field(18, bool),
})
export interface EphemeralContainerCommon extends Infer<typeof ephemeralContainerCommon> {}

export const ephemeralContainer = message(`${pkg}EphemeralContainer`, {
  ephemeralContainerCommon: inline(1, ephemeralContainerCommon),
  targetContainerName: field(2, string, { doc: 'Container whose processes it sees.' }),
})
export interface EphemeralContainer extends Infer<typeof ephemeralContainer> {}
