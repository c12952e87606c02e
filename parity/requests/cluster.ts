/** What concerns the whole cluster: ServiceCIDRs, IPAddresses, the objects that a server makes itself. */
import { at, get, patch, post, put, remove, type Group } from '../script.ts'
import { changed, ipAddress, serviceCidr } from './objects.ts'

/** The rest of `<name>` is the server's own address and port. */
const names = (answer: unknown) => (answer as { items?: { metadata: { name: string } }[] }).items
  ?.map(item => item.metadata.name)

const cidr = at('servicecidrs', '<<ns>>-cidr')
const ranges: Group = {
  name: 'service-cidrs',
  alone: true,
  steps: [
    post('made', at('servicecidrs'), changed(serviceCidr('<<ns>>-cidr'), {
      'spec/cidrs': ['198.18.7.0/24'],
    })),
    get('read', cidr),
    patch('merge', 'range changed', cidr, { spec: { cidrs: ['198.18.8.0/24'] } }),
    patch('merge', 'second family added', cidr, { spec: { cidrs: ['198.18.7.0/24', 'fd00:99::/112'] } }),
    patch('merge', 'label', cidr, { metadata: { labels: { a: 'b' } } }),
    patch('merge', 'status', `${cidr}/status`, {
      status: {
        conditions: [{
          type: 'Ready', status: 'True', reason: 'x', message: '', lastTransitionTime: '2020-01-01T00:00:00Z',
        }],
      },
    }),
    remove('deleted', cidr),
    get('the server\'s own', '/apis/networking.k8s.io/v1/servicecidrs/kubernetes'),
  ],
}

const address = at('ipaddresses', '192.0.2.210')
const addresses: Group = {
  name: 'ip-addresses',
  alone: true,
  steps: [
    post('made', at('ipaddresses'), ipAddress('192.0.2.210')),
    post('IPv6', at('ipaddresses'), ipAddress('2001:db8::210')),
    patch('merge', 'another parent', address, {
      spec: { parentRef: { resource: 'services', namespace: '<<ns>>', name: 'other' } },
    }),
    patch('merge', 'label', address, { metadata: { labels: { a: 'b' } } }),
    get('of the kubernetes Service', '/apis/networking.k8s.io/v1/ipaddresses/10.96.0.1'),
    remove('deleted', address),
    remove('deleted too', at('ipaddresses', '2001:db8::210')),
  ],
}

const spaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease']
const own: Group = {
  name: 'own-objects',
  alone: true,
  steps: [
    ...spaces.map(name => get(`Namespace ${name}`, `/api/v1/namespaces/${name}`)),
    get('the kubernetes Service', '/api/v1/namespaces/default/services/kubernetes', {
      pick: answer => JSON.parse(JSON.stringify(answer, (key, value: unknown) =>
        key === 'targetPort' ? '<port>' : value)) as unknown,
    }),
    get('its slice', '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes', {
      pick: answer => JSON.parse(JSON.stringify(answer, (key, value: unknown) =>
        key === 'port' ? '<port>' : key === 'addresses' ? '<address>' : value)) as unknown,
    }),
    get('its Endpoints', '/api/v1/namespaces/default/endpoints/kubernetes', {
      pick: answer => JSON.parse(JSON.stringify(answer, (key, value: unknown) =>
        key === 'port' ? '<port>' : key === 'ip' ? '<address>' : value)) as unknown,
    }),
    get('Services of kube-system', '/api/v1/namespaces/kube-system/services', { pick: names }),
    put('the kubernetes Service cannot move', '/api/v1/namespaces/default/services/kubernetes', {
      metadata: { name: 'kubernetes' },
      spec: { clusterIP: '10.96.0.2', ports: [{ name: 'https', port: 443 }] },
    }),
  ],
}

export const cluster: readonly Group[] = [ranges, addresses, own]
