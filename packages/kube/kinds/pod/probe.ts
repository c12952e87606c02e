import {
  type Infer, always, field, inline, int32, int64, intOrString, list, message, oneOf, string,
} from '../../schema.ts'
import { signalValues, uriSchemeValues } from '../core-enums.ts'

const pkg = 'io.k8s.api.core.v1.'

export const execAction = message(`${pkg}ExecAction`, {
  command: field(1, list(string), { list: 'atomic' }),
})
export interface ExecAction extends Infer<typeof execAction> {}

export const httpHeader = message(`${pkg}HTTPHeader`, {
  name: always(1, string, { required: true }),
  value: always(2, string, { required: true }),
})
export interface HTTPHeader extends Infer<typeof httpHeader> {}

export const httpGetAction = message(`${pkg}HTTPGetAction`, {
  path: field(1, string, { doc: 'Path to ask for.' }),
  port: always(2, intOrString, { required: true, doc: 'Number or name of the port.' }),
  host: field(3, string),
  scheme: field(4, oneOf(...uriSchemeValues), { enum: uriSchemeValues, doc: 'HTTP or HTTPS.' }),
  httpHeaders: field(5, list(httpHeader), { list: 'atomic' }),
})
export interface HTTPGetAction extends Infer<typeof httpGetAction> {}

export const tcpSocketAction = message(`${pkg}TCPSocketAction`, {
  port: always(1, intOrString, { required: true }),
  host: field(2, string),
})
export interface TCPSocketAction extends Infer<typeof tcpSocketAction> {}

export const grpcAction = message(`${pkg}GRPCAction`, {
  port: always(1, int32, { required: true }),
  service: always(2, string, { pointer: true, default: '' }),
})
export interface GRPCAction extends Infer<typeof grpcAction> {}

export const sleepAction = message(`${pkg}SleepAction`, {
  seconds: always(1, int64, { required: true }),
})
export interface SleepAction extends Infer<typeof sleepAction> {}

export const probeHandler = message(`${pkg}ProbeHandler`, {
  exec: field(1, execAction, { pointer: true }),
  httpGet: field(2, httpGetAction, { pointer: true }),
  tcpSocket: field(3, tcpSocketAction, { pointer: true }),
  grpc: field(4, grpcAction, { pointer: true }),
})
export interface ProbeHandler extends Infer<typeof probeHandler> {}

export const probe = message(`${pkg}Probe`, {
  handler: inline(1, probeHandler),
  initialDelaySeconds: field(2, int32, {
    doc: 'Seconds after the start of the container before the first probe.',
  }),
  timeoutSeconds: field(3, int32, { doc: 'Seconds until a probe has failed.' }),
  periodSeconds: field(4, int32, { doc: 'Seconds from probe to probe.' }),
  successThreshold: field(5, int32, { doc: 'How many successes in a row count.' }),
  failureThreshold: field(6, int32, { doc: 'How many failures in a row count.' }),
  terminationGracePeriodSeconds: field(7, int64, { pointer: true }),
})
export interface Probe extends Infer<typeof probe> {}

export const lifecycleHandler = message(`${pkg}LifecycleHandler`, {
  exec: field(1, execAction, { pointer: true }),
  httpGet: field(2, httpGetAction, { pointer: true }),
  tcpSocket: field(3, tcpSocketAction, { pointer: true }),
  sleep: field(4, sleepAction, { pointer: true }),
})
export interface LifecycleHandler extends Infer<typeof lifecycleHandler> {}

export const lifecycle = message(`${pkg}Lifecycle`, {
  postStart: field(1, lifecycleHandler, { pointer: true }),
  preStop: field(2, lifecycleHandler, { pointer: true }),
  stopSignal: field(3, oneOf(...signalValues), { pointer: true, enum: signalValues }),
})
export interface Lifecycle extends Infer<typeof lifecycle> {}
