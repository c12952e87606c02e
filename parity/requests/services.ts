/** Services: families, addresses, ports, and what changes of type and family do to them. */
import { at, get, patch, post, put, remove, type Group } from '../script.ts'
import { changed, service } from './objects.ts'

const spec = (name: string, changes: Readonly<Record<string, unknown>>) =>
  changed(service(name), Object.fromEntries(
    Object.entries(changes).map(([path, value]) => [`spec/${path}`, value])))
const create = (title: string, name: string, changes: Readonly<Record<string, unknown>>) =>
  post(title, at('services'), spec(name, changes))
const merge = (title: string, name: string, body: object) =>
  patch('merge', title, at('services', name), body)

const twoPorts = [{ name: 'a', port: 80 }, { name: 'b', port: 81 }]

const creation: Group = {
  name: 'services-create',
  steps: [
    create('NodePort', 'node-port', { type: 'NodePort' }),
    create('LoadBalancer', 'balancer', { type: 'LoadBalancer' }),
    create('LoadBalancer without node ports', 'no-ports', {
      type: 'LoadBalancer', allocateLoadBalancerNodePorts: false,
    }),
    create('LoadBalancer with Local traffic', 'local', {
      type: 'LoadBalancer', externalTrafficPolicy: 'Local',
    }),
    create('ExternalName', 'external', {
      type: 'ExternalName', externalName: 'a.example.com', ports: undefined, selector: undefined,
    }),
    create('headless with a selector', 'headless', { clusterIP: 'None' }),
    create('headless without a selector', 'bare', { clusterIP: 'None', selector: undefined }),
    create('headless without ports', 'portless', { clusterIP: 'None', ports: undefined }),
    create('PreferDualStack', 'prefer', { ipFamilyPolicy: 'PreferDualStack' }),
    create('RequireDualStack', 'require', { ipFamilyPolicy: 'RequireDualStack' }),
    create('IPv6 alone', 'six', { ipFamilies: ['IPv6'] }),
    create('IPv6 first', 'six-first', {
      ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv6', 'IPv4'],
    }),
    create('dual-stack headless', 'dual-headless', {
      clusterIP: 'None', ipFamilyPolicy: 'PreferDualStack',
    }),
    create('ClientIP affinity', 'affinity', { sessionAffinity: 'ClientIP' }),
    create('ports of all sorts', 'ports', {
      ports: [
        { name: 'a', port: 80, targetPort: 'http' }, { name: 'b', port: 80, protocol: 'UDP' },
        { name: 'c', port: 9, targetPort: 99, appProtocol: 'kubernetes.io/h2c', protocol: 'SCTP' },
      ],
    }),
    create('external addresses', 'external-ips', { externalIPs: ['198.51.100.9'] }),
    create('traffic distribution', 'distribution', { trafficDistribution: 'PreferSameZone' }),
    create('PreferClose warns', 'close', { trafficDistribution: 'PreferClose' }),
    create('internal traffic Local', 'internal', { internalTrafficPolicy: 'Local' }),
    create('load balancer source ranges', 'ranges', {
      type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8'], loadBalancerClass: 'example.com/a',
    }),
    create('not-ready addresses', 'unready', { publishNotReadyAddresses: true, clusterIP: 'None' }),
    create('an address asked for', 'asked', { clusterIP: '10.96.0.77' }),
    create('the same address again', 'again', { clusterIP: '10.96.0.77' }),
    create('an address outside the range', 'outside', { clusterIP: '10.7.0.1' }),
    create('an address of the second family', 'asked-six', { clusterIP: 'fd00:10:96::77' }),
    create('both addresses asked for', 'asked-both', {
      ipFamilyPolicy: 'RequireDualStack', clusterIPs: ['10.96.0.78', 'fd00:10:96::78'],
    }),
    create('a node port asked for', 'port-asked', {
      type: 'NodePort', ports: [{ port: 80, nodePort: 30005 }],
    }),
    create('the same node port again', 'port-again', {
      type: 'NodePort', ports: [{ port: 80, nodePort: 30005 }],
    }),
    create('one node port, two protocols', 'port-twice', {
      type: 'NodePort', ports: [
        { name: 'a', port: 80, nodePort: 30006 },
        { name: 'b', port: 80, nodePort: 30006, protocol: 'UDP' },
      ],
    }),
    create('a node port outside the range', 'port-outside', {
      type: 'NodePort', ports: [{ port: 80, nodePort: 80 }],
    }),
    get('the address has an IPAddress', '/apis/networking.k8s.io/v1/ipaddresses/10.96.0.77'),
    remove('delete', at('services', 'asked')),
    get('its IPAddress is gone', '/apis/networking.k8s.io/v1/ipaddresses/10.96.0.77', { until: 404 }),
    create('the address is free again', 'reuse', { clusterIP: '10.96.0.77' }),
  ],
}

const updates: Group = {
  name: 'services-update',
  steps: [
    create('made', 'a', { ports: twoPorts }),
    merge('to NodePort', 'a', { spec: { type: 'NodePort' } }),
    merge('to LoadBalancer', 'a', { spec: { type: 'LoadBalancer' } }),
    patch('merge', 'a balancer reports', at('services', 'a', 'status'), {
      status: { loadBalancer: { ingress: [{ ip: '198.51.100.1' }, { hostname: 'lb.example.com' }] } },
    }),
    merge('back to ClusterIP', 'a', { spec: { type: 'ClusterIP' } }),
    patch('merge', 'a balancer may not report now', at('services', 'a', 'status'), {
      status: { loadBalancer: { ingress: [{ ip: '198.51.100.1' }] } },
    }),
    merge('to ExternalName', 'a', { spec: { type: 'ExternalName', externalName: 'x.example.com' } }),
    merge('from ExternalName', 'a', { spec: { type: 'ClusterIP', externalName: null } }),
    merge('second family', 'a', { spec: { ipFamilyPolicy: 'PreferDualStack' } }),
    merge('one family again', 'a', { spec: { ipFamilyPolicy: 'SingleStack' } }),
    merge('the address may not change', 'a', { spec: { clusterIP: '10.96.0.99', clusterIPs: null } }),
    merge('nor the first family', 'a', { spec: { ipFamilies: ['IPv6'] } }),
    merge('to headless', 'a', { spec: { clusterIP: 'None', clusterIPs: ['None'] } }),
    put('an update without the address keeps it', at('services', 'a'), spec('a', { ports: twoPorts })),
    put('an update with a new label', at('services', 'a'), changed(
      spec('a', { ports: twoPorts }), { 'metadata/labels': { x: 'y' } })),
    put('PUT makes a missing Service', at('services', 'made-by-put'), service('made-by-put')),
    put('PUT of another name', at('services', 'a'), service('b')),
    create('a NodePort Service', 'ports', {
      type: 'NodePort', ports: [{ name: 'a', port: 80, nodePort: 30100 }],
    }),
    put('PUT without node port keeps it by name', at('services', 'ports'), spec('ports', {
      type: 'NodePort', ports: [{ name: 'a', port: 81 }, { name: 'b', port: 82 }],
    })),
    merge('affinity on', 'ports', { spec: { sessionAffinity: 'ClientIP' } }),
    merge('affinity off', 'ports', { spec: { sessionAffinity: 'None' } }),
    create('headless', 'none', { clusterIP: 'None' }),
    merge('headless to ClusterIP', 'none', { spec: { clusterIP: null, clusterIPs: null } }),
    merge('headless to NodePort', 'none', { spec: { type: 'NodePort' } }),
    merge('headless to ExternalName', 'none', {
      spec: { type: 'ExternalName', externalName: 'x.example.com' },
    }),
    patch('strategic', 'ports merge by number', at('services', 'ports'), {
      spec: { ports: [{ port: 82, targetPort: 9 }] },
    }),
    patch('strategic', 'a second port without a name', at('services', 'ports'), {
      spec: { ports: [{ port: 90 }] },
    }),
    patch('strategic', 'a port taken away', at('services', 'ports'), {
      spec: { ports: [{ $patch: 'delete', port: 82 }] },
    }),
    merge('status is not touched here', 'ports', { status: { conditions: [{ type: 'X' }] } }),
    get('after all', at('services', 'ports')),
    remove('delete', at('services', 'ports')),
  ],
}

export const services: readonly Group[] = [creation, updates]
