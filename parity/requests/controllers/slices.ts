/** What the EndpointSlice, Endpoints and mirroring controllers make of Services and Pods. */
import { at, get, patch, post, put, remove, type Group, type Step } from '../../script.ts'
import { changed, endpoints, node, pod, service, slice, type Json } from '../objects.ts'

const settleMs = 1500

interface Listed { items: Json[] }

/** Without what a server chooses: names, uids, revisions, times. Order within lists is not promised. */
export function withoutIdentity(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, member: unknown) => {
    if (['uid', 'resourceVersion', 'managedFields', 'creationTimestamp', 'generation'].includes(key)) {
      return undefined
    }
    if (key === 'endpoints.kubernetes.io/last-change-trigger-time') return '<time>'
    return member
  })) as unknown
}

const byText = (a: unknown, b: unknown) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
const sorted = (list: unknown) => Array.isArray(list) ? [...list as unknown[]].sort(byText) : list

/** Slices by Service, maker, family and content; of a generated name only the beginning counts. */
function pickSlices(answer: unknown): unknown {
  const found: Record<string, unknown> = {}
  const slicesByText = (withoutIdentity(answer) as Listed).items.map(item => {
    const { name, generateName, ...metadata } = item['metadata'] as Json
    // Which new slice takes the name of an old one is by chance where the reference mirrors.
    const chance = JSON.stringify(metadata['labels'] ?? {}).includes('endpointslicemirroring')
    return {
      ...item, endpoints: sorted(item['endpoints']), ports: sorted(item['ports']),
      metadata: {
        ...metadata, generateName: chance ? '<by chance>' : generateName ?? null,
        begins: String(name).replace(/-[a-z0-9]{5}$/, '-'),
      },
    } as Json
  }).sort(byText)
  for (const each of slicesByText) {
    const labels = ((each['metadata'] as Json)['labels'] ?? {}) as Json
    const key = ['kubernetes.io/service-name', 'endpointslice.kubernetes.io/managed-by']
      .map(label => String(labels[label] ?? 'none')).concat(String(each['addressType'])).join(' ')
    const count = Object.keys(found).filter(other => other.startsWith(key)).length
    found[`${key} ${count}`] = each
  }
  return found
}

function pickEndpoints(answer: unknown): unknown {
  return (withoutIdentity(answer) as Listed).items.map(item => ({
    ...item,
    subsets: sorted((item['subsets'] as Json[] | undefined)?.map(subset => ({
      addresses: sorted(subset['addresses']), ports: sorted(subset['ports']),
      notReadyAddresses: sorted(subset['notReadyAddresses']),
    }))),
  }))
}

const slices = (title: string): Step =>
  get(`slices: ${title}`, at('endpointslices'), { settleMs, pick: pickSlices })
const legacy = (title: string): Step =>
  get(`Endpoints: ${title}`, at('endpoints'), { settleMs, pick: pickEndpoints })

/** A Pod on a Node with its addresses and readiness, made without a word. */
const running = (name: string, ips: readonly string[], changes: Json = {}, ready = true): Step[] => [
  post(`Pod ${name}`, at('pods'), changed(pod(name), {
    'metadata/labels': { app: 'web' }, 'spec/nodeName': '<<ns>>-n1',
    'spec/containers': [{ name: 'main', image: 'a:1', ports: [{ name: 'http', containerPort: 8080 }] }],
    ...changes,
  }), { silent: true }),
  patch('strategic', `status of ${name}`, at('pods', name, 'status'), {
    status: {
      phase: 'Running', podIP: ips[0], podIPs: ips.map(ip => ({ ip })),
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  }, { silent: true }),
]
const ready = (name: string, status: string): Step =>
  patch('strategic', `${name} ready ${status}`, at('pods', name, 'status'), {
    status: { conditions: [{ type: 'Ready', status }] },
  }, { silent: true })
const zoned = (name: string, zone: string): Step => post(`Node ${name}`, at('nodes'), changed(node(name), {
  'metadata/labels': { 'topology.kubernetes.io/zone': zone },
}), { silent: true })
const edit = (title: string, name: string, spec: Json): Step =>
  patch('merge', title, at('services', name), { spec }, { silent: true })
const web = (changes: Json = {}): Step =>
  post('Service web', at('services'), changed(service('web'), changes), { silent: true })

const life: Group = {
  name: 'slices-life',
  steps: [
    zoned('<<ns>>-n1', 'zone-a'),
    web({ 'metadata/labels': { team: 'x' }, 'metadata/annotations': { note: 'y' } }),
    slices('no Pods yet'), legacy('no Pods yet'),
    ...running('a', ['192.0.2.1']), ...running('b', ['192.0.2.2'], {}, false),
    slices('one ready, one not'), legacy('one ready, one not'),
    ready('b', 'True'), slices('both ready'),
    patch('merge', 'no longer selected', at('pods', 'b'), { metadata: { labels: { app: 'other' } } }, { silent: true }),
    slices('one unselected'),
    patch('merge', 'selected again', at('pods', 'b'), { metadata: { labels: { app: 'web' } } }, { silent: true }),
    remove('a terminates', at('pods', 'a'), undefined, { silent: true }),
    slices('one terminating'), legacy('one terminating'),
    ready('a', 'False'), slices('terminating, no longer serving'),
    remove('a is gone', `${at('pods', 'a')}?gracePeriodSeconds=0`, undefined, { silent: true }),
    slices('gone'),
    patch('merge', 'b succeeds', at('pods', 'b', 'status'), { status: { phase: 'Succeeded' } }, { silent: true }),
    slices('finished'),
    ...running('noip', []), slices('no address yet'),
    ...running('host', ['192.0.2.9'], { 'spec/hostname': 'h', 'spec/subdomain': 'web' }),
    slices('hostname and subdomain'),
    edit('another port', 'web', { ports: [{ name: 'x', port: 81, targetPort: 'http', appProtocol: 'h2c' }] }),
    slices('ports changed'),
    patch('merge', 'labels changed', at('services', 'web'), { metadata: { labels: { team: 'z' } } }, { silent: true }),
    slices('labels changed'),
    edit('publishes not ready', 'web', { publishNotReadyAddresses: true }),
    ready('host', 'False'), slices('not ready, published'), legacy('not ready, published'),
    edit('selector gone', 'web', { selector: null }), slices('selector gone'), legacy('selector gone'),
    edit('selector back', 'web', { selector: { app: 'web' } }), slices('selector back'),
    edit('ExternalName', 'web', { type: 'ExternalName', externalName: 'a.example.com' }),
    slices('ExternalName'), legacy('ExternalName'),
    edit('ClusterIP again', 'web', { type: 'ClusterIP', externalName: null }), slices('ClusterIP again'),
    remove('Service deleted', at('services', 'web'), undefined, { silent: true }),
    slices('Service deleted'), legacy('Service deleted'),
  ],
}

const forms: Group = {
  name: 'slices-forms',
  steps: [
    zoned('<<ns>>-n1', 'zone-a'), zoned('<<ns>>-n2', 'zone-b'),
    ...running('a', ['192.0.2.1', '2001:db8::1']),
    ...running('b', ['192.0.2.2', '2001:db8::2'], {
      'spec/nodeName': '<<ns>>-n2',
      'spec/containers': [{ name: 'main', image: 'a:1', ports: [{ name: 'http', containerPort: 9090 }] }],
    }),
    ...running('six', ['2001:db8::3']),
    post('headless', at('services'), changed(service('headless'), {
      'spec/clusterIP': 'None', 'spec/selector': { app: 'web' },
    }), { silent: true }),
    post('dual', at('services'), changed(service('dual'), {
      'spec/ipFamilyPolicy': 'RequireDualStack', 'spec/selector': { app: 'web' },
    }), { silent: true }),
    post('by port name', at('services'), changed(service('named'), {
      'spec/selector': { app: 'web' }, 'spec/ports': [
        { name: 'http', port: 80, targetPort: 'http' }, { name: 'udp', port: 53, protocol: 'UDP' },
        { name: 'none', port: 90, targetPort: 'missing' }],
    }), { silent: true }),
    post('portless', at('services'), changed(service('portless'), {
      'spec/clusterIP': 'None', 'spec/selector': { app: 'web' }, 'spec/ports': undefined,
    }), { silent: true }),
    post('without selector', at('services'), changed(service('bare'), { 'spec/selector': undefined }), { silent: true }),
    post('by hand', at('endpointslices'), changed(slice('by-hand'), {
      'metadata/labels': { 'kubernetes.io/service-name': 'named' },
    }), { silent: true }),
    slices('of every form'), legacy('of every form'),
    patch('merge', 'a slice is spoilt', `${at('endpointslices')}/by-hand`, { endpoints: [] }, { silent: true }),
    slices('a hand-made slice is left alone'),
    edit('one family only', 'dual', { ipFamilyPolicy: 'SingleStack' }), slices('second family dropped'),
    remove('the Node goes', at('nodes', '<<ns>>-n2'), undefined, { silent: true }),
    slices('a Node is gone'),
  ],
}

const mirrored: Group = {
  name: 'slices-mirrored',
  steps: [
    post('Service', at('services'), changed(service('m'), { 'spec/selector': undefined }), { silent: true }),
    post('Endpoints', at('endpoints'), changed(endpoints('m'), {
      'metadata/labels': { team: 'x' }, 'metadata/annotations': { note: 'y' },
    }), { silent: true }),
    slices('one subset'),
    put('two subsets, two families', at('endpoints', 'm'), changed(endpoints('m'), {
      subsets: [
        {
          addresses: [{ ip: '192.0.2.1', nodeName: 'n', hostname: 'h' }, { ip: '2001:db8::1' }],
          notReadyAddresses: [{ ip: '192.0.2.2' }], ports: [{ name: 'a', port: 80 }, { name: 'b', port: 81 }],
        },
        { addresses: [{ ip: '192.0.2.3' }], ports: [{ name: 'a', port: 90 }] },
      ],
    }), { silent: true }),
    slices('two subsets, two families'),
    patch('merge', 'not to be mirrored', at('endpoints', 'm'), {
      metadata: { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    }, { silent: true }),
    slices('skipped'),
    patch('merge', 'mirrored again', at('endpoints', 'm'), {
      metadata: { labels: { 'endpointslice.kubernetes.io/skip-mirror': null } },
    }, { silent: true }),
    slices('mirrored again'),
    edit('a selector appears', 'm', { selector: { app: 'none' } }),
    slices('with a selector'),
    edit('and goes', 'm', { selector: null }),
    remove('Endpoints deleted', at('endpoints', 'm'), undefined, { silent: true }),
    slices('Endpoints deleted'),
    post('Endpoints of no Service', at('endpoints'), endpoints('alone'), { silent: true }),
    slices('of no Service'),
  ],
}

const many: Group = {
  name: 'slices-many',
  steps: [
    web(),
    ...Array.from({ length: 230 }, (_, index) =>
      running(`p${index}`, [`10.50.0.${index + 1}`])).flat(),
    get('how full the slices are', at('endpointslices'), {
      settleMs: 3000,
      pick: answer => (answer as { items: { endpoints: unknown[] }[] }).items
        .map(item => item.endpoints.length).sort((a, b) => b - a),
    }),
  ],
}

export const controllerSlices: readonly Group[] = [life, forms, mirrored, many]
