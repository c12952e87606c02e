/** What Service, EndpointSlice and Endpoints refuse. */
import type { Group } from '../script.ts'
import { endpoints, service, slice } from './objects.ts'
import { refusedCreates, refusedUpdates, type Case } from './refusals.ts'

const port = (rest: object) => ({ 'spec/ports': [{ port: 80, ...rest }] })
const long = (length: number) => 'x'.repeat(length)

const serviceCases: readonly Case[] = [
  ['no ports', { 'spec/ports': undefined }],
  ['empty ports', { 'spec/ports': [] }],
  ['port 0', port({ port: 0 })],
  ['port 65536', port({ port: 65536 })],
  ['negative port', port({ port: -1 })],
  ['unknown protocol', port({ protocol: 'HTTP' })],
  ['lower-case protocol', port({ protocol: 'tcp' })],
  ['target port 0', port({ targetPort: 0 })],
  ['target port too large', port({ targetPort: 70000 })],
  ['target port name too long', port({ targetPort: 'abcdefghijklmnop' })],
  ['target port name with capitals', port({ targetPort: 'HTTP' })],
  ['target port name with only digits', port({ targetPort: '80' })],
  ['port name with a dot', port({ name: 'a.b' })],
  ['appProtocol with a space', port({ appProtocol: 'a b' })],
  ['two ports without names', { 'spec/ports': [{ port: 80 }, { port: 81 }] }],
  ['two ports of one name', { 'spec/ports': [{ name: 'a', port: 80 }, { name: 'a', port: 81 }] }],
  ['two ports of one number', { 'spec/ports': [{ name: 'a', port: 80 }, { name: 'b', port: 80 }] }],
  ['two wrong ports: all reported', { 'spec/ports': [{ port: 0 }, { port: 70000, protocol: 'X' }] }],
  ['unknown type', { 'spec/type': 'Cluster' }],
  ['nodePort on ClusterIP', port({ nodePort: 30050 })],
  ['one nodePort twice', {
    'spec/type': 'NodePort',
    'spec/ports': [{ name: 'a', port: 80, nodePort: 30051 }, { name: 'b', port: 81, nodePort: 30051 }],
  }],
  ['headless NodePort', { 'spec/type': 'NodePort', 'spec/clusterIP': 'None' }],
  ['headless LoadBalancer', { 'spec/type': 'LoadBalancer', 'spec/clusterIP': 'None' }],
  ['clusterIP is no address', { 'spec/clusterIP': 'x' }],
  ['clusterIP with leading zeros', { 'spec/clusterIP': '10.096.0.1' }],
  ['clusterIP and clusterIPs disagree', {
    'spec/clusterIP': '10.96.0.50', 'spec/clusterIPs': ['10.96.0.51'],
  }],
  ['three clusterIPs', { 'spec/clusterIPs': ['10.96.0.50', 'fd00:10:96::50', '10.96.0.52'] }],
  ['two clusterIPs of one family', { 'spec/clusterIPs': ['10.96.0.50', '10.96.0.51'] }],
  ['two clusterIPs of SingleStack', {
    'spec/ipFamilyPolicy': 'SingleStack', 'spec/clusterIPs': ['10.96.0.50', 'fd00:10:96::50'],
  }],
  ['families of SingleStack', {
    'spec/ipFamilyPolicy': 'SingleStack', 'spec/ipFamilies': ['IPv4', 'IPv6'],
  }],
  ['a family twice', { 'spec/ipFamilies': ['IPv4', 'IPv4'] }],
  ['unknown family', { 'spec/ipFamilies': ['IPv5'] }],
  ['unknown family policy', { 'spec/ipFamilyPolicy': 'Dual' }],
  ['family and address disagree', { 'spec/ipFamilies': ['IPv6'], 'spec/clusterIP': '10.96.0.53' }],
  ['ExternalName without a name', { 'spec/type': 'ExternalName' }],
  ['ExternalName with a bad name', { 'spec/type': 'ExternalName', 'spec/externalName': '-a' }],
  ['ExternalName with a clusterIP', {
    'spec/type': 'ExternalName', 'spec/externalName': 'a.b', 'spec/clusterIP': '10.96.0.54',
  }],
  ['ExternalName with a family', {
    'spec/type': 'ExternalName', 'spec/externalName': 'a.b', 'spec/ipFamilies': ['IPv4'],
  }],
  ['unknown affinity', { 'spec/sessionAffinity': 'Cookie' }],
  ['affinity timeout 0', {
    'spec/sessionAffinity': 'ClientIP',
    'spec/sessionAffinityConfig': { clientIP: { timeoutSeconds: 0 } },
  }],
  ['affinity timeout too long', {
    'spec/sessionAffinity': 'ClientIP',
    'spec/sessionAffinityConfig': { clientIP: { timeoutSeconds: 86401 } },
  }],
  ['affinity settings without affinity', {
    'spec/sessionAffinityConfig': { clientIP: { timeoutSeconds: 5 } },
  }],
  ['unknown external traffic policy', {
    'spec/type': 'NodePort', 'spec/externalTrafficPolicy': 'Some',
  }],
  ['external traffic policy of ClusterIP', { 'spec/externalTrafficPolicy': 'Local' }],
  ['unknown internal traffic policy', { 'spec/internalTrafficPolicy': 'Some' }],
  ['unknown traffic distribution', { 'spec/trafficDistribution': 'Near' }],
  ['health check port of ClusterIP', { 'spec/healthCheckNodePort': 30060 }],
  ['bad source range', {
    'spec/type': 'LoadBalancer', 'spec/loadBalancerSourceRanges': ['10.0.0.0'],
  }],
  ['source range of ClusterIP', { 'spec/loadBalancerSourceRanges': ['10.0.0.0/8'] }],
  ['load balancer class of ClusterIP', { 'spec/loadBalancerClass': 'example.com/a' }],
  ['bad load balancer class', { 'spec/type': 'LoadBalancer', 'spec/loadBalancerClass': 'a b' }],
  ['allocation of ports for ClusterIP', { 'spec/allocateLoadBalancerNodePorts': true }],
  ['external address is loopback', { 'spec/externalIPs': ['127.0.0.1'] }],
  ['external address is none', { 'spec/externalIPs': ['x'] }],
  ['external address is unspecified', { 'spec/externalIPs': ['0.0.0.0'] }],
  ['bad selector key', { 'spec/selector': { 'a b': 'c' } }],
  ['bad selector value', { 'spec/selector': { a: 'b c' } }],
  ['name with a dot', { 'metadata/name': 'a.b' }],
  ['name with capitals', { 'metadata/name': 'Web' }],
  ['name of 64 characters', { 'metadata/name': long(64) }],
  ['name with a leading digit', { 'metadata/name': '1web' }],
]

const endpoint = (rest: object) => ({ endpoints: [{ addresses: ['192.0.2.7'], ...rest }] })
const addresses = (...list: string[]) => ({ endpoints: [{ addresses: list }] })
const v6 = (...list: string[]) => ({ addressType: 'IPv6', ...addresses(...list) })
const ports = (...list: object[]) => ({ ports: list })

const sliceCases: readonly Case[] = [
  ['no addressType', { addressType: undefined }],
  ['unknown addressType', { addressType: 'IPv5' }],
  ['FQDN warns', { addressType: 'FQDN', ...addresses('a.example.com') }],
  ['FQDN with capitals', { addressType: 'FQDN', ...addresses('A.example.com') }],
  ['FQDN of one label', { addressType: 'FQDN', ...addresses('host') }],
  ['no endpoints, no ports', { endpoints: undefined, ports: undefined }],
  ['empty endpoints', { endpoints: [], ports: [] }],
  ['an endpoint without addresses', { endpoints: [{ addresses: [] }] }],
  ['an endpoint without the member', { endpoints: [{}] }],
  ['101 addresses', addresses(...Array.from({ length: 101 }, (_, n) => `192.0.2.${n + 1}`))],
  ['1001 endpoints', {
    endpoints: Array.from({ length: 1001 }, (_, n) => ({
      addresses: [`10.1.${n >> 8}.${n & 255}`],
    })),
  }],
  ['no address', addresses('x')],
  ['leading zeros', addresses('192.000.2.7')],
  ['IPv6 in an IPv4 slice', addresses('2001:db8::1')],
  ['IPv4 in an IPv6 slice', v6('192.0.2.7')],
  ['IPv6', v6('2001:db8::1')],
  ['IPv6 not canonical', v6('2001:db8:0::1')],
  ['IPv6 in capitals', v6('2001:DB8::1')],
  ['IPv4-mapped IPv6', v6('::ffff:192.0.2.1')],
  ['unspecified', addresses('0.0.0.0')],
  ['loopback', addresses('127.0.0.1')],
  ['IPv6 loopback', v6('::1')],
  ['link-local', addresses('169.254.0.1')],
  ['link-local multicast', addresses('224.0.0.1')],
  ['IPv6 link-local', v6('fe80::1')],
  ['bad hostname', endpoint({ hostname: 'a.b' })],
  ['bad nodeName', endpoint({ nodeName: 'a b' })],
  ['conditions as given', endpoint({ conditions: { ready: false, serving: true, terminating: true } })],
  ['zone, node and target', endpoint({
    zone: 'zone-a', nodeName: 'n1', hostname: 'h', targetRef: { kind: 'Pod', name: 'p' },
  })],
  ['hints', endpoint({ hints: { forZones: [{ name: 'zone-a' }], forNodes: [{ name: 'n1' }] } })],
  ['a zone hinted twice', endpoint({ hints: { forZones: [{ name: 'a' }, { name: 'a' }] } })],
  ['nine hinted zones', endpoint({
    hints: { forZones: Array.from({ length: 9 }, (_, n) => ({ name: `z${n}` })) },
  })],
  ['a bad hinted zone', endpoint({ hints: { forZones: [{ name: 'a b' }] } })],
  ['deprecatedTopology', endpoint({ deprecatedTopology: { a: 'b' } })],
  ['17 deprecatedTopology', endpoint({
    deprecatedTopology: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`k${n}`, 'v'])),
  })],
  ['deprecatedTopology with a bad key', endpoint({ deprecatedTopology: { 'a b': 'c' } })],
  ['deprecatedTopology with the hostname', endpoint({
    deprecatedTopology: { 'kubernetes.io/hostname': 'n' },
  })],
  ['port of another protocol', ports({ name: 'a', port: 1, protocol: 'X' })],
  ['a port name twice', ports({ name: 'a', port: 1 }, { name: 'a', port: 2 })],
  ['two ports without names', ports({ port: 1 }, { port: 2 })],
  ['port name with a dot', ports({ name: 'a.b', port: 1 })],
  ['port name of 64 characters', ports({ name: long(64), port: 1 })],
  ['port number not checked', ports({ name: 'a', port: 70000 })],
  ['port without a number', ports({ name: 'a' })],
  ['port with appProtocol', ports({ name: 'a', port: 1, appProtocol: 'kubernetes.io/ws' })],
  ['bad appProtocol', ports({ name: 'a', port: 1, appProtocol: 'a b' })],
  ['name with capitals', { 'metadata/name': 'Slice' }],
]

const sliceUpdates: readonly Case[] = [
  ['addressType changed', { addressType: 'IPv6', endpoints: [] }],
  ['a label: generation moves', { 'metadata/labels': { a: 'b' } }],
  ['an annotation: generation stays', {
    'metadata/labels': { a: 'b' }, 'metadata/annotations': { a: 'b' },
  }],
  ['an endpoint: generation moves', {
    'metadata/labels': { a: 'b' }, endpoints: [{ addresses: ['192.0.2.8'] }],
  }],
  ['a bad endpoint', { endpoints: [{ addresses: ['127.0.0.1'] }] }],
  ['the same again', { 'metadata/labels': { a: 'b' }, endpoints: [{ addresses: ['192.0.2.8'] }] }],
]

const subset = (rest: object) =>
  ({ subsets: [{ addresses: [{ ip: '192.0.2.7' }], ports: [{ port: 80 }], ...rest }] })

const endpointsCases: readonly Case[] = [
  ['no subsets', { subsets: undefined }],
  ['a subset without addresses', { subsets: [{ ports: [{ port: 80 }] }] }],
  ['not-ready alone', { subsets: [{ notReadyAddresses: [{ ip: '192.0.2.7' }] }] }],
  ['no address', subset({ addresses: [{ ip: 'x' }] })],
  ['loopback', subset({ addresses: [{ ip: '127.0.0.1' }] })],
  ['unspecified', subset({ addresses: [{ ip: '0.0.0.0' }] })],
  ['link-local', subset({ addresses: [{ ip: '169.254.1.1' }] })],
  ['multicast', subset({ addresses: [{ ip: '224.0.0.1' }] })],
  ['IPv6', subset({ addresses: [{ ip: '2001:db8::1' }] })],
  ['bad hostname', subset({ addresses: [{ ip: '192.0.2.7', hostname: 'a.b' }] })],
  ['bad nodeName', subset({ addresses: [{ ip: '192.0.2.7', nodeName: 'a b' }] })],
  ['port 0', subset({ ports: [{ port: 0 }] })],
  ['port too large', subset({ ports: [{ port: 65536 }] })],
  ['two ports without names', subset({ ports: [{ port: 1 }, { port: 2 }] })],
  ['port name with a dot', subset({ ports: [{ name: 'a.b', port: 1 }] })],
  ['unknown protocol', subset({ ports: [{ port: 1, protocol: 'X' }] })],
  ['bad appProtocol', subset({ ports: [{ port: 1, appProtocol: 'a b' }] })],
  ['a target', subset({ addresses: [{ ip: '192.0.2.7', targetRef: { kind: 'Pod', name: 'p' } }] })],
  ['two subsets as given', {
    subsets: [
      { addresses: [{ ip: '192.0.2.9' }, { ip: '192.0.2.7' }], ports: [{ name: 'b', port: 2 }] },
      { addresses: [{ ip: '192.0.2.8' }], ports: [{ name: 'a', port: 1 }] },
    ],
  }],
]

export const discoveryRefusals: readonly Group[] = [
  refusedCreates('refusals-services', 'services', service('x'), serviceCases),
  refusedCreates('refusals-slices', 'endpointslices', slice('x'), sliceCases),
  refusedUpdates('updates-slices', 'endpointslices', slice('up'), sliceUpdates),
  refusedCreates('refusals-endpoints', 'endpoints', endpoints('x'), endpointsCases),
]
