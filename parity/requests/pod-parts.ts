/** Parts of a Pod that are written by themselves: ephemeral containers and resources. */
import { apply, at, get, patch, post, put, remove, type Group, type Step } from '../script.ts'
import { changed, pod } from './objects.ts'

const debug = at('pods', 'a', 'ephemeralcontainers')
const added = (...containers: object[]) => ({ spec: { ephemeralContainers: containers } })
const one = (name: string, more: object = {}) => ({ name, image: 'busybox', ...more })
const addOne = (title: string, more: object, name = 'x'): Step =>
  patch('strategic', title, debug, added(one(name, more)))

const ephemeral: Group = {
  name: 'ephemeral-containers',
  steps: [
    post('made', at('pods'), changed(pod('a'), { 'metadata/labels': { app: 'a' } })),
    post('made with one', at('pods'), changed(pod('b'), {
      'spec/ephemeralContainers': [one('d')],
    })),
    get('read', debug),
    addOne('added', { targetContainerName: 'c' }, 'd1'),
    get('the Pod', at('pods', 'a')),
    addOne('changed', { image: 'other' }, 'd1'),
    patch('merge', 'removed', debug, added()),
    addOne('the name of a container', {}, 'c'),
    addOne('no such target', { targetContainerName: 'none' }),
    addOne('with ports', { ports: [{ containerPort: 80 }] }),
    addOne('with resources', { resources: { limits: { cpu: '1' } } }),
    addOne('with a probe', { livenessProbe: { httpGet: { port: 80 } } }),
    addOne('with a lifecycle', { lifecycle: { preStop: { exec: { command: ['x'] } } } }),
    addOne('without an image', { image: '' }),
    addOne('a padded image', { image: ' x ' }),
    addOne('no name', {}, ''),
    addOne('a bad name', {}, 'A_B'),
    addOne('an unknown mount', { volumeMounts: [{ name: 'v', mountPath: '/x' }] }),
    patch('strategic', 'labels and others', `${debug}?fieldManager=other`, {
      metadata: { labels: { b: 'c' }, annotations: { d: 'e' } },
      spec: { ...added(one('d2')).spec, nodeName: 'n', priority: 4 },
    }),
    get('those stay', at('pods', 'a')),
    apply('applied', debug, 'applier', {
      apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, ...added(one('d3')),
    }),
    patch('json', 'by JSON patch', debug, [
      { op: 'add', path: '/spec/ephemeralContainers/-', value: one('d4') },
    ]),
    patch('strategic', 'dry run', `${debug}?dryRun=All`, added(one('d5'))),
    patch('merge', 'by the Pod itself', at('pods', 'a'), added(one('d6'))),
    patch('merge', 'an update beside them', at('pods', 'a'), { metadata: { labels: { x: 'y' } } }),
    patch('strategic', 'of none', at('pods', 'none', 'ephemeralcontainers'), added(one('d'))),
    post('POST', debug, pod('a')),
    remove('DELETE', debug),
    post('in a template', at('deployments'), {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'w' },
      spec: {
        selector: { matchLabels: { app: 'w' } },
        template: {
          metadata: { labels: { app: 'w' } },
          spec: { containers: [one('c')], ephemeralContainers: [one('d')] },
        },
      },
    }),
  ],
}

const resize = (name: string): string => at('pods', name, 'resize')
const container = (name: string, resources: object, more: object = {}) =>
  ({ name, image: 'i', resources, ...more })
const resized = (title: string, name: string, containers: object[], more: object = {}): Step =>
  patch('strategic', title, resize(name), { spec: { containers, ...more } })
const burstable = { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '2' } }

const resizes: Group = {
  name: 'resize',
  steps: [
    post('made', at('pods'), changed(pod('a'), {
      'spec/containers': [container('c', burstable), container('d', {})],
      'spec/initContainers': [container('i', burstable)],
    })),
    get('read', resize('a')),
    resized('more', 'a', [container('c', { requests: { cpu: '1500m' }, limits: { cpu: '3' } })]),
    get('the Pod', at('pods', 'a')),
    resized('the same', 'a', [container('c', { requests: { cpu: '1500m' } })]),
    resized('one more resource', 'a', [container('c', { limits: { memory: '2Gi' } })]),
    resized('of a container without', 'a', [container('d', { requests: { cpu: '1' } })]),
    resized('storage', 'a', [container('c', { requests: { 'ephemeral-storage': '1Gi' } })]),
    resized('request above limit', 'a', [container('c', { requests: { cpu: '9' } })]),
    resized('negative', 'a', [container('c', { requests: { cpu: '-1' } })]),
    patch('json', 'a request removed', resize('a'), [
      { op: 'remove', path: '/spec/containers/0/resources/requests/memory' },
    ]),
    patch('json', 'all removed', resize('a'), [
      { op: 'remove', path: '/spec/containers/0/resources' },
    ]),
    patch('json', 'a container removed', resize('a'), [
      { op: 'remove', path: '/spec/containers/1' },
    ]),
    patch('json', 'a container renamed', resize('a'), [
      { op: 'replace', path: '/spec/containers/1/name', value: 'e' },
    ]),
    resized('a policy', 'a', [container('c', {}, {
      resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }],
    })]),
    patch('strategic', 'images and labels', `${resize('a')}?fieldManager=other`, {
      metadata: { labels: { a: 'b' } },
      spec: { containers: [{ name: 'c', image: 'other', resources: { limits: { cpu: '4' } } }] },
    }),
    get('those stay', at('pods', 'a')),
    patch('strategic', 'an init container', resize('a'), {
      spec: { initContainers: [{ name: 'i', resources: { requests: { cpu: '1100m' } } }] },
    }),
    put('PUT', resize('a'), changed(pod('a'), {
      'spec/containers': [
        container('c', { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '2', memory: '3Gi' } }),
        container('d', { requests: { cpu: '2' } }),
      ],
      'spec/initContainers': [container('i', burstable)],
    })),
    apply('applied', resize('a'), 'applier', {
      apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' },
      spec: { containers: [{ name: 'd', resources: { requests: { cpu: '2' } } }] },
    }),
    post('best effort', at('pods'), pod('b'), { silent: true }),
    resized('another class', 'b', [container('c', { requests: { cpu: '1' } })]),
    post('with resources of its own', at('pods'), changed(pod('p'), {
      'spec/resources': { requests: { cpu: '1' }, limits: { cpu: '2' } },
    }), { silent: true }),
    patch('merge', 'the Pod\'s own', resize('p'), {
      spec: { resources: { requests: { cpu: '2' }, limits: { cpu: '3' } } },
    }),
    patch('merge', 'its own removed', resize('p'), { spec: { resources: null } }),
    patch('merge', 'one of its own removed', resize('p'), {
      spec: { resources: { requests: null } },
    }),
    post('running', at('pods'), changed(pod('r'), {
      'spec/containers': [container('c', burstable)],
    }), { silent: true }),
    patch('merge', 'on an old Node', at('pods', 'r', 'status'), {
      status: {
        containerStatuses: [{
          name: 'c', image: 'i', imageID: '', ready: true, restartCount: 0,
          state: { running: { startedAt: '2020-01-01T00:00:00Z' } },
        }],
      },
    }, { silent: true }),
    resized('an old Node cannot', 'r', [container('c', { requests: { cpu: '1500m' } })]),
    patch('merge', 'by the Pod itself', at('pods', 'b'), {
      spec: { containers: [container('c', { requests: { cpu: '1' } })] },
    }),
    resized('of none', 'none', [container('c', {})]),
    post('POST', resize('a'), pod('a')),
  ],
}

export const podParts: readonly Group[] = [ephemeral, resizes]
