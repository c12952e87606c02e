import {
  type Infer, always, bool, field, int32, int64, list, map, message, oneOf, quantity, string,
} from '../../schema.ts'
import { dnsPolicyValues, preemptionPolicyValues, restartPolicyValues } from '../core-enums.ts'
import { localObjectReference } from '../reference.ts'
import { container, resourceRequirements } from './container.ts'
import { ephemeralContainer } from './ephemeral-container.ts'
import {
  affinity, podSchedulingGate, podSchedulingGroup, toleration, topologySpreadConstraint,
} from './scheduling.ts'
import { podSecurityContext } from './security.ts'
import { volume } from './volume.ts'

const pkg = 'io.k8s.api.core.v1.'

export const hostAlias = message(`${pkg}HostAlias`, {
  ip: always(1, string, { required: true, doc: 'The address.' }),
  hostnames: field(2, list(string), { list: 'atomic', doc: 'Names that lead to it.' }),
})
export interface HostAlias extends Infer<typeof hostAlias> {}

export const podDNSConfigOption = message(`${pkg}PodDNSConfigOption`, {
  name: field(1, string, { doc: 'Name of the option.' }),
  value: field(2, string, { pointer: true, doc: 'Its value.' }),
})
export interface PodDNSConfigOption extends Infer<typeof podDNSConfigOption> {}

export const podDNSConfig = message(`${pkg}PodDNSConfig`, {
  nameservers: field(1, list(string), { list: 'atomic', doc: 'Addresses of more resolvers.' }),
  searches: field(2, list(string), {
    list: 'atomic', doc: 'More domains in which short names are looked for.',
  }),
  options: field(3, list(podDNSConfigOption), {
    list: 'atomic', doc: 'More options of the resolver.',
  }),
})
export interface PodDNSConfig extends Infer<typeof podDNSConfig> {}

export const podReadinessGate = message(`${pkg}PodReadinessGate`, {
  conditionType: always(1, string, { required: true, doc: 'The condition that must be True.' }),
})
export interface PodReadinessGate extends Infer<typeof podReadinessGate> {}

export const podOS = message(`${pkg}PodOS`, {
  name: always(1, string, { required: true, doc: 'linux or windows.' }),
})
export interface PodOS extends Infer<typeof podOS> {}

export const podResourceClaim = message(`${pkg}PodResourceClaim`, {
  name: always(1, string, { required: true }),
  resourceClaimName: field(3, string, { pointer: true }),
  resourceClaimTemplateName: field(4, string, { pointer: true }),
})
export interface PodResourceClaim extends Infer<typeof podResourceClaim> {}

export const podSpec = message(`${pkg}PodSpec`, {
  volumes: field(1, list(volume), {
    list: 'map', keys: ['name'], merge: true, mergeKey: 'name', retainKeys: true,
    doc: 'Storage that containers may mount.',
  }),
  initContainers: field(20, list(container), {
    list: 'map', keys: ['name'], merge: true, mergeKey: 'name',
    doc: 'Containers that run one after another before the others start.',
  }),
  containers: always(2, list(container), {
    required: true, list: 'map', keys: ['name'], merge: true, mergeKey: 'name',
    doc: 'The containers; at least one, and none can be added later.',
  }),
  ephemeralContainers: field(34, list(ephemeralContainer), {
    list: 'map', keys: ['name'], merge: true, mergeKey: 'name',
    doc: 'Containers put into a running Pod to look into it.',
  }),
  restartPolicy: field(3, oneOf(...restartPolicyValues), {
    enum: restartPolicyValues,
    doc: 'Whether containers that ended are started again.',
  }),
  terminationGracePeriodSeconds: field(4, int64, {
    pointer: true,
    doc: 'Seconds between asking the containers to end and killing them.',
  }),
  activeDeadlineSeconds: field(5, int64, {
    pointer: true,
    doc: 'Seconds after its start until the Pod is failed and stopped.',
  }),
  dnsPolicy: field(6, oneOf(...dnsPolicyValues), {
    enum: dnsPolicyValues,
    doc: 'Which resolver settings containers get.',
  }),
  nodeSelector: field(7, map(string), {
    map: 'atomic',
    doc: 'Labels that a Node must have to run the Pod.',
  }),
  serviceAccountName: field(8, string, {
    doc: 'Account under which the containers speak to the API.',
  }),
  serviceAccount: field(9, string, { doc: 'Old name of serviceAccountName.' }),
  automountServiceAccountToken: field(21, bool, {
    pointer: true,
    doc: 'Whether containers get the token of the service account.',
  }),
  nodeName: field(10, string, { doc: 'Node the Pod is bound to; set by the scheduler.' }),
  hostNetwork: field(11, bool, { doc: 'Uses the network of the Node instead of an own one.' }),
  hostPID: field(12, bool, { doc: 'Shares the processes of the Node.' }),
  hostIPC: field(13, bool, { doc: 'Shares the IPC of the Node.' }),
  shareProcessNamespace: field(27, bool, {
    pointer: true, doc: 'The containers see the processes of each other.',
  }),
  securityContext: field(14, podSecurityContext, {
    pointer: true,
    doc: 'Identity and rights common to all containers.',
  }),
  imagePullSecrets: field(15, list(localObjectReference), {
    list: 'map', keys: ['name'], merge: true, mergeKey: 'name',
    doc: 'Secrets that open private registries.',
  }),
  hostname: field(16, string, { doc: 'Host name; the name of the Pod when unset.' }),
  subdomain: field(17, string, {
    doc: 'With a headless Service of this name the Pod gets a DNS name under it.',
  }),
  affinity: field(18, affinity, {
    pointer: true,
    doc: 'Wishes about the Nodes and Pods to be near or far from.',
  }),
  schedulerName: field(19, string, { doc: 'Scheduler that places the Pod.' }),
  tolerations: field(22, list(toleration), {
    list: 'atomic',
    doc: 'Taints that do not keep the Pod away.',
  }),
  hostAliases: field(23, list(hostAlias), {
    list: 'map', keys: ['ip'], merge: true, mergeKey: 'ip',
    doc: 'Extra lines for the hosts file of the containers.',
  }),
  priorityClassName: field(24, string, { doc: 'Class that gives the Pod its priority.' }),
  priority: field(25, int32, {
    pointer: true, doc: 'Rank among Pods that wait for room; comes from the priority class.',
  }),
  dnsConfig: field(26, podDNSConfig, {
    pointer: true,
    doc: 'Resolver settings added to those of the DNS policy.',
  }),
  readinessGates: field(28, list(podReadinessGate), {
    list: 'atomic',
    doc: 'Conditions that must also hold before the Pod counts as ready.',
  }),
  runtimeClassName: field(29, string, {
    pointer: true, doc: 'RuntimeClass that the containers run under.',
  }),
  enableServiceLinks: field(30, bool, {
    pointer: true,
    doc: 'Whether Services of the namespace appear as environment variables.',
  }),
  preemptionPolicy: field(31, oneOf(...preemptionPolicyValues), {
    pointer: true, enum: preemptionPolicyValues,
    doc: 'Whether it may displace Pods of lower priority.',
  }),
  overhead: field(32, map(quantity), { doc: 'Resources that the runtime itself takes.' }),
  topologySpreadConstraints: field(33, list(topologySpreadConstraint), {
    list: 'map', keys: ['topologyKey', 'whenUnsatisfiable'], merge: true, mergeKey: 'topologyKey',
    doc: 'How evenly Pods must be spread over zones, Nodes and the like.',
  }),
  setHostnameAsFQDN: field(35, bool, { pointer: true, doc: 'The host name is the full DNS name.' }),
  os: field(36, podOS, { pointer: true, doc: 'Operating system that the containers need.' }),
  hostUsers: field(37, bool, {
    pointer: true, doc: 'Uses the user ids of the Node; false gives the Pod its own.',
  }),
  schedulingGates: field(38, list(podSchedulingGate), {
    list: 'map', keys: ['name'], merge: true, mergeKey: 'name',
    doc: 'While any is left the Pod is not placed.',
  }),
  resourceClaims: field(39, list(podResourceClaim), {
    list: 'map', keys: ['name'], merge: true, mergeKey: 'name', retainKeys: true,
    doc: 'Claims of devices that must be met before the Pod starts.',
  }),
  resources: field(40, resourceRequirements, {
    pointer: true, doc: 'Resources of all containers together.',
  }),
  hostnameOverride: field(41, string, { pointer: true, doc: 'Host name in place of every other.' }),
  schedulingGroup: field(43, podSchedulingGroup, {
    pointer: true, doc: 'Group of Pods to be placed together.',
  }),
})
export interface PodSpec extends Infer<typeof podSpec> {}
