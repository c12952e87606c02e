/** What Nodes, names and labels, and the smaller kinds refuse. */
import type { Group } from '../script.ts'
import {
  configMap, coreEvent, ingress, ingressClass, ipAddress, lease, newEvent, node, revision, secret,
  serviceCidr,
} from './objects.ts'
import { refusedCreates, refusedUpdates, type Case } from './refusals.ts'

const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: '11111111-2222-4333-8444-555555555555' }

const metaCases: readonly Case[] = [
  ['no name', { 'metadata/name': undefined }],
  ['empty name', { 'metadata/name': '' }],
  ['name with capitals', { 'metadata/name': 'Big' }],
  ['name with an underscore', { 'metadata/name': 'a_b' }],
  ['name that ends in a dash', { 'metadata/name': 'a-' }],
  ['name with dots', { 'metadata/name': 'a.b.c' }],
  ['name of 253 characters', { 'metadata/name': 'x'.repeat(253) }],
  ['name of 254 characters', { 'metadata/name': 'x'.repeat(254) }],
  ['generateName', { 'metadata/name': undefined, 'metadata/generateName': 'made-' }],
  ['generateName that is bad', { 'metadata/name': undefined, 'metadata/generateName': 'Made-' }],
  ['generateName beside a name', { 'metadata/generateName': 'made-' }],
  ['generateName of 70 characters', {
    'metadata/name': undefined, 'metadata/generateName': 'g'.repeat(70),
  }],
  ['another namespace', { 'metadata/namespace': 'elsewhere' }],
  ['the namespace of the URL', { 'metadata/namespace': '<<ns>>' }],
  ['a label', { 'metadata/labels': { 'example.com/a': 'B.c_d-e', empty: '' } }],
  ['label value too long', { 'metadata/labels': { a: 'x'.repeat(64) } }],
  ['label value with a blank', { 'metadata/labels': { a: 'b c' } }],
  ['label key with two slashes', { 'metadata/labels': { 'a~1b~1c': 'd' } }],
  ['label key that is empty', { 'metadata/labels': { '': 'd' } }],
  ['label key too long', { 'metadata/labels': { ['k'.repeat(64)]: 'd' } }],
  ['label key with a bad prefix', { 'metadata/labels': { 'A_B/c': 'd' } }],
  ['two bad labels', { 'metadata/labels': { a: 'b c', 'x y': 'z' } }],
  ['label value that is a number', { 'metadata/labels': { a: 1 } }],
  ['annotation key that is bad', { 'metadata/annotations': { 'a b': 'c' } }],
  ['annotations above 256 KiB', { 'metadata/annotations': { a: 'x'.repeat(262144) } }],
  ['an owner', { 'metadata/ownerReferences': [owner] }],
  ['an owner without uid', { 'metadata/ownerReferences': [{ ...owner, uid: '' }] }],
  ['an owner without anything', { 'metadata/ownerReferences': [{}] }],
  ['two controllers', {
    'metadata/ownerReferences': [
      { ...owner, controller: true }, { ...owner, name: 'p', uid: 'u2', controller: true },
    ],
  }],
  ['an owner that is an Event', { 'metadata/ownerReferences': [{ ...owner, kind: 'Event' }] }],
  ['a finalizer', { 'metadata/finalizers': ['example.com/hold'] }],
  ['a finalizer without a slash', { 'metadata/finalizers': ['hold'] }],
  ['a finalizer that is bad', { 'metadata/finalizers': ['a b'] }],
  ['both orphan and foreground', { 'metadata/finalizers': ['orphan', 'foregroundDeletion'] }],
  ['uid of the client', { 'metadata/uid': '11111111-2222-4333-8444-555555555556' }],
  ['resourceVersion of the client', { 'metadata/resourceVersion': '5' }],
  ['creationTimestamp of the client', { 'metadata/creationTimestamp': '2020-01-01T00:00:00Z' }],
  ['creationTimestamp null', { 'metadata/creationTimestamp': null }],
  ['deletionTimestamp of the client', { 'metadata/deletionTimestamp': '2020-01-01T00:00:00Z' }],
  ['generation of the client', { 'metadata/generation': 7 }],
  ['selfLink of the client', { 'metadata/selfLink': '/x' }],
  ['no metadata', { metadata: undefined }],
]

const configMapCases: readonly Case[] = [
  ['bad key', { data: { 'a b': '1' } }],
  ['key ..', { data: { '..': '1' } }],
  ['key of 254 characters', { data: { ['k'.repeat(254)]: '1' } }],
  ['a key in both', { data: { a: '1' }, binaryData: { a: 'MQ==' } }],
  ['bad base64', { binaryData: { b: '*' } }],
  ['value that is a number', { data: { a: 1 } }],
  ['above 1 MiB', { data: { a: 'x'.repeat(1048577) } }],
  ['immutable', { immutable: true }],
]
const secretCases: readonly Case[] = [
  ['bad key', { data: { 'a b': 'MQ==' } }],
  ['bad base64', { data: { a: '*' } }],
  ['TLS without key', { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } }],
  ['docker configuration without its key', { type: 'kubernetes.io/dockerconfigjson', data: {} }],
  ['docker configuration that is no JSON', {
    type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 'eA==' },
  }],
  ['basic auth without anything', { type: 'kubernetes.io/basic-auth', data: {} }],
  ['ssh without key', { type: 'kubernetes.io/ssh-auth', data: {} }],
  ['token without account', { type: 'kubernetes.io/service-account-token' }],
  ['above 1 MiB', { data: { a: Buffer.alloc(1048577).toString('base64') } }],
]
const secretUpdates: readonly Case[] = [
  ['type', { type: 'example.com/other' }],
  ['made immutable', { immutable: true }],
  ['data of an immutable one', { immutable: true, data: { a: 'Mg==' } }],
  ['mutable again', { immutable: false }],
  ['a label of an immutable one', { immutable: true, 'metadata/labels': { a: 'b' } }],
]

const nodeCases: readonly Case[] = [
  ['a taint without effect', { 'spec/taints': [{ key: 'a' }] }],
  ['a taint with an unknown effect', { 'spec/taints': [{ key: 'a', effect: 'Some' }] }],
  ['a taint with a bad key', { 'spec/taints': [{ key: 'a b', effect: 'NoSchedule' }] }],
  ['a taint twice', {
    'spec/taints': [{ key: 'a', effect: 'NoSchedule' }, { key: 'a', effect: 'NoSchedule', value: 'b' }],
  }],
  ['a bad podCIDR', { 'spec/podCIDR': '10.1.0.0' }],
  ['podCIDRs that disagree', { 'spec/podCIDR': '10.1.0.0/24', 'spec/podCIDRs': ['10.2.0.0/24'] }],
  ['two podCIDRs of one family', { 'spec/podCIDRs': ['10.1.0.0/24', '10.2.0.0/24'] }],
  ['dual-stack podCIDRs', { 'spec/podCIDRs': ['10.1.0.0/24', 'fd00:1::/64'] }],
  ['three podCIDRs', { 'spec/podCIDRs': ['10.1.0.0/24', 'fd00:1::/64', 'fd00:2::/64'] }],
  ['an address twice', {
    'status/addresses': [
      { type: 'InternalIP', address: '192.0.2.1' }, { type: 'InternalIP', address: '192.0.2.1' },
    ],
  }],
  ['negative capacity', { 'status/capacity': { cpu: '-1' } }],
  ['fractional Pods', { 'status/capacity': { pods: '1.5' } }],
  ['name with capitals', { 'metadata/name': 'Node' }],
  ['unschedulable', { 'metadata/name': '<<ns>>-un', 'spec/unschedulable': true }],
  ['providerID', { 'metadata/name': '<<ns>>-provided', 'spec/providerID': 'x://1' }],
].map(([title, changes], index) =>
  [title, { 'metadata/name': `<<ns>>-${index}`, ...changes as object }]) as readonly Case[]

const nodeUpdates: readonly Case[] = [
  ['nothing', {}],
  ['podCIDR set', { 'spec/podCIDR': '10.1.0.0/24' }],
  ['podCIDR changed', { 'spec/podCIDR': '10.2.0.0/24' }],
  ['providerID set', { 'spec/podCIDR': '10.1.0.0/24', 'spec/providerID': 'x://1' }],
  ['providerID changed', { 'spec/podCIDR': '10.1.0.0/24', 'spec/providerID': 'x://2' }],
  ['labels and taints', {
    'spec/podCIDR': '10.1.0.0/24', 'spec/providerID': 'x://1',
    'metadata/labels': { a: 'b' }, 'spec/taints': [{ key: 'a', effect: 'NoExecute' }],
  }],
]

const path = (rest: object) => ({
  'spec/rules': [{
    http: {
      paths: [{
        path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } },
        ...rest,
      }],
    },
  }],
})
const backend = (rest: object) => path({ backend: rest })

const ingressCases: readonly Case[] = [
  ['neither rules nor backend', { 'spec/rules': undefined }],
  ['default backend', {
    'spec/rules': undefined,
    'spec/defaultBackend': { service: { name: 'web', port: { name: 'http' } } },
  }],
  ['no pathType', path({ pathType: undefined })],
  ['unknown pathType', path({ pathType: 'Regex' })],
  ['relative path', path({ path: 'a' })],
  ['path with //', path({ path: '/a//b' })],
  ['path without value, ImplementationSpecific', path({
    path: undefined, pathType: 'ImplementationSpecific',
  })],
  ['no backend', backend({})],
  ['backend without port', backend({ service: { name: 'web' } })],
  ['backend with both ports', backend({ service: { name: 'web', port: { number: 1, name: 'a' } } })],
  ['backend with port 70000', backend({ service: { name: 'web', port: { number: 70000 } } })],
  ['backend with a bad name', backend({ service: { name: 'Web', port: { number: 1 } } })],
  ['backend with a resource', backend({ resource: { kind: 'K', name: 'n', apiGroup: 'example.com' } })],
  ['backend with both', backend({
    resource: { kind: 'K', name: 'n' }, service: { name: 'web', port: { number: 1 } },
  })],
  ['host with a port', { 'spec/rules': [{ host: 'a:80' }] }],
  ['host that is an address', { 'spec/rules': [{ host: '192.0.2.1' }] }],
  ['host with a wildcard', { 'spec/rules': [{ host: '*.example.com' }] }],
  ['host with a wildcard inside', { 'spec/rules': [{ host: 'a.*.com' }] }],
  ['TLS', { 'spec/tls': [{ hosts: ['a.example.com'], secretName: 's' }] }],
  ['TLS with a bad host', { 'spec/tls': [{ hosts: ['A'] }] }],
  ['a class', { 'spec/ingressClassName': 'nginx' }],
  ['a bad class', { 'spec/ingressClassName': 'A b' }],
  ['class and annotation', {
    'spec/ingressClassName': 'a', 'metadata/annotations': { 'kubernetes.io/ingress.class': 'a' },
  }],
]
const ingressClassCases: readonly Case[] = ([
  ['no controller', { spec: undefined }],
  ['bad controller', { 'spec/controller': 'x' }],
  ['parameters without name', { 'spec/parameters': { kind: 'K' } }],
  ['namespaced parameters without namespace', {
    'spec/parameters': { kind: 'K', name: 'n', scope: 'Namespace' },
  }],
  ['cluster parameters with a namespace', {
    'spec/parameters': { kind: 'K', name: 'n', scope: 'Cluster', namespace: 'a' },
  }],
  ['unknown scope', { 'spec/parameters': { kind: 'K', name: 'n', scope: 'X' } }],
] as const).map(([title, changes], index) => [title, { 'metadata/name': `<<ns>>-${index}`, ...changes }])

const leaseCases: readonly Case[] = [
  ['empty', { spec: undefined }],
  ['duration 0', { 'spec/leaseDurationSeconds': 0 }],
  ['negative transitions', { 'spec/leaseTransitions': -1 }],
  ['time without fraction', { 'spec/renewTime': '2020-01-01T00:00:00Z' }],
  ['empty holder', { 'spec/holderIdentity': '' }],
  ['strategy', { 'spec/strategy': 'OldestEmulationVersion' }],
  ['preferred holder without strategy', { 'spec/preferredHolder': 'x' }],
]
const leaseUpdates: readonly Case[] = [
  ['without resourceVersion', {}],
]

const cidrCases: readonly Case[] = ([
  ['no cidrs', { 'spec/cidrs': [] }],
  ['host bits', { 'spec/cidrs': ['10.200.0.1/24'] }],
  ['no CIDR', { 'spec/cidrs': ['x'] }],
  ['leading zeros', { 'spec/cidrs': ['10.200.00.0/24'] }],
  ['three', { 'spec/cidrs': ['10.200.0.0/24', 'fd00:200::/112', '10.201.0.0/24'] }],
  ['two of one family', { 'spec/cidrs': ['10.200.0.0/24', '10.201.0.0/24'] }],
] as const).map(([title, changes], index) => [title, { 'metadata/name': `<<ns>>-${index}`, ...changes }])
const addressCases: readonly Case[] = [
  ['name that is no address', { 'metadata/name': 'x' }],
  ['name not canonical', { 'metadata/name': '2001:db8:0::1' }],
  ['no parent', { 'metadata/name': '192.0.2.201', spec: undefined }],
  ['parent without name', { 'metadata/name': '192.0.2.202', 'spec/parentRef': { resource: 'services' } }],
  ['parent without resource', { 'metadata/name': '192.0.2.203', 'spec/parentRef': { name: 'a' } }],
]

const eventCases: readonly Case[] = [
  ['another namespace', { 'involvedObject/namespace': 'elsewhere' }],
  ['no namespace', { 'involvedObject/namespace': undefined }],
  ['a cluster-scoped object elsewhere', { involvedObject: { kind: 'Node', name: 'n' } }],
  ['unknown type: free', { type: 'Odd' }],
  ['negative count', { count: -1 }],
  ['nothing but the object', {
    reason: undefined, message: undefined, type: undefined, source: undefined, count: undefined,
    firstTimestamp: undefined, lastTimestamp: undefined,
  }],
]
const newEventCases: readonly Case[] = [
  ['no eventTime', { eventTime: undefined }],
  ['no type', { type: undefined }],
  ['unknown type', { type: 'Odd' }],
  ['no reason', { reason: undefined }],
  ['no action', { action: undefined }],
  ['no controller', { reportingController: undefined }],
  ['no instance', { reportingInstance: undefined }],
  ['bad controller', { reportingController: 'a b' }],
  ['note of 1025 characters', { note: 'n'.repeat(1025) }],
  ['another namespace', { 'regarding/namespace': 'elsewhere' }],
  ['series of one', { series: { count: 1, lastObservedTime: '2020-01-02T03:04:05.123456Z' } }],
  ['series', { series: { count: 2, lastObservedTime: '2020-01-02T03:04:06.123456Z' } }],
  ['deprecated count', { deprecatedCount: 2 }],
]
const revisionCases: readonly Case[] = [
  ['negative revision', { revision: -1 }],
  ['no data', { data: undefined }],
  ['data that is text', { data: 'x' }],
]

export const otherRefusals: readonly Group[] = [
  refusedCreates('refusals-meta', 'configmaps', configMap('x'), metaCases),
  refusedCreates('refusals-configmaps', 'configmaps', configMap('x'), configMapCases),
  refusedCreates('refusals-secrets', 'secrets', secret('x'), secretCases),
  refusedUpdates('updates-secrets', 'secrets', secret('up'), secretUpdates),
  refusedCreates('refusals-nodes', 'nodes', node('x'), nodeCases),
  refusedUpdates('updates-nodes', 'nodes', node('<<ns>>-up'), nodeUpdates),
  refusedCreates('refusals-ingresses', 'ingresses', ingress('x'), ingressCases),
  refusedCreates('refusals-ingressclasses', 'ingressclasses', ingressClass('x'), ingressClassCases),
  refusedCreates('refusals-leases', 'leases', lease('x'), leaseCases),
  refusedUpdates('updates-leases', 'leases', lease('up'), leaseUpdates),
  refusedCreates('refusals-servicecidrs', 'servicecidrs', serviceCidr('x'), cidrCases),
  refusedCreates('refusals-ipaddresses', 'ipaddresses', ipAddress('x'), addressCases),
  refusedCreates('refusals-events', 'events', coreEvent('x'), eventCases),
  refusedCreates('refusals-new-events', 'events.k8s.io', newEvent('x'), newEventCases),
  refusedCreates('refusals-revisions', 'controllerrevisions', revision('x'), revisionCases),
]
