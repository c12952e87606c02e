/** Lists: pages, selectors, resourceVersions, and what is refused. */
import { at, get, post, remove, type Group } from '../script.ts'
import { changed, configMap, coreEvent, endpoints, node, pod, secret, service } from './objects.ts'

const cms = at('configmaps')
const query = (title: string, text: string, resource = cms) => get(title, `${resource}?${text}`)
const labels = (title: string, selector: string) =>
  query(`labels: ${title}`, `labelSelector=${encodeURIComponent(selector)}&limit=50`)
const fields = (title: string, resource: string, selector: string) =>
  query(`fields: ${title}`, `fieldSelector=${encodeURIComponent(selector)}`, resource)

const seed = (name: string, metadata: object) => post(`made ${name}`, cms, changed(configMap(name), {
  'metadata/labels': metadata,
}), { silent: true })

const selectors: Group = {
  name: 'list-labels',
  steps: [
    seed('a', { app: 'web', tier: 'front', n: '5' }), seed('b', { app: 'web', tier: 'back' }),
    seed('c', { app: 'db', empty: '' }), seed('d', {}),
    labels('equal', 'app=web'), labels('double equal', 'app==web'), labels('unequal', 'app!=web'),
    labels('in', 'app in (web, db)'), labels('notin', 'app notin (web)'), labels('exists', 'tier'),
    labels('absent', '!tier'), labels('and', 'app=web,tier=back'), labels('empty value', 'empty='),
    labels('greater', 'n>4'), labels('less', 'n<4'), labels('greater than text', 'n>x'),
    labels('blanks', ' app = web , tier '), labels('empty set', 'app in ()'),
    labels('nothing', ''), labels('only a comma', ','), labels('two words', 'a b'),
    labels('open bracket', 'a in (b'), labels('bad key', '/a=b'), labels('bad value', 'a=b c'),
    labels('value too long', `a=${'x'.repeat(64)}`), labels('prefixed key', 'example.com/a=b'),
    labels('repeated key', 'app=web,app=db'),
  ],
}

const pageSteps = ['a', 'b', 'c', 'd', 'e'].map(name =>
  post(`made ${name}`, cms, changed(configMap(name), { 'metadata/labels': { page: 'yes' } }), {
    silent: true, save: { rv: 'metadata.resourceVersion' },
  }))

const pages: Group = {
  name: 'list-pages',
  steps: [
    ...pageSteps,
    get('all', cms),
    get('first page', `${cms}?limit=2`, { save: { token: 'metadata.continue' } }),
    post('made meanwhile', cms, configMap('aa')),
    remove('deleted meanwhile', `${cms}/d`),
    get('second page shows the first snapshot', `${cms}?limit=2&continue=<<token>>`, {
      save: { token: 'metadata.continue' },
    }),
    get('last page', `${cms}?limit=2&continue=<<token>>`),
    get('continue without limit', `${cms}?continue=<<token>>`),
    get('with a selector no remaining count', `${cms}?limit=1&labelSelector=page`),
    query('limit that fits', 'limit=50'),
    query('limit 0', 'limit=0'),
    query('negative limit', 'limit=-1'),
    query('limit that is no number', 'limit=x'),
    query('malformed token', 'continue=x&limit=2'),
    get('token with a resourceVersion', `${cms}?continue=<<token>>&limit=2&resourceVersion=5`),
    get('token with a match', `${cms}?continue=<<token>>&limit=2&resourceVersionMatch=Exact`),
    get('table pages', `${cms}?limit=2`, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
    }),
  ],
}

const versions: Group = {
  name: 'list-versions',
  steps: [
    post('first', cms, configMap('a'), { save: { first: 'metadata.resourceVersion' } }),
    post('second', cms, configMap('b'), { save: { second: 'metadata.resourceVersion' } }),
    query('0', 'resourceVersion=0'),
    query('0 with limit', 'resourceVersion=0&limit=1'),
    get('at least', `${cms}?resourceVersion=<<second>>`),
    get('exactly the first', `${cms}?resourceVersion=<<first>>&resourceVersionMatch=Exact`),
    get('at least the first', `${cms}?resourceVersion=<<first>>&resourceVersionMatch=NotOlderThan`),
    get('limit means exactly', `${cms}?resourceVersion=<<first>>&limit=50`),
    query('in the future', 'resourceVersion=999999999'),
    query('no number', 'resourceVersion=x'),
    query('match without version', 'resourceVersionMatch=Exact'),
    query('Exact with 0', 'resourceVersion=0&resourceVersionMatch=Exact'),
    query('unknown match', 'resourceVersion=5&resourceVersionMatch=Near'),
    query('sendInitialEvents on a list', 'sendInitialEvents=true'),
    get('object: 0', `${cms}/a?resourceVersion=0`),
    get('object: at least', `${cms}/a?resourceVersion=<<second>>`),
    get('object: in the future', `${cms}/a?resourceVersion=999999999`),
    get('object: no number', `${cms}/a?resourceVersion=x`),
    get('unknown parameters', `${cms}/a?foo=bar`),
    query('export', 'export=true'),
    query('watch=false is a list', 'watch=false'),
    query('bad timeout', 'timeoutSeconds=x'),
    get('trailing slash', `${cms}/`),
  ],
}

const pods = at('pods')
const bound = changed(pod('bound'), { 'spec/nodeName': '<<ns>>-n', 'spec/restartPolicy': 'Never' })
const events = at('events')

const fieldSelectors: Group = {
  name: 'list-fields',
  steps: [
    post('a Pod', pods, pod('free'), { silent: true }),
    post('a bound Pod', pods, bound, { silent: true }),
    post('a Service', at('services'), service('s'), { silent: true }),
    post('headless', at('services'), changed(service('h'), { 'spec/clusterIP': 'None' }), { silent: true }),
    post('a Secret', at('secrets'), secret('sec'), { silent: true }),
    post('an Event', events, coreEvent('e'), { silent: true }),
    post('Endpoints', at('endpoints'), endpoints('ep'), { silent: true }),
    post('a Node', at('nodes'), changed(node('<<ns>>-n'), { 'spec/unschedulable': true }), { silent: true }),
    fields('name', pods, 'metadata.name=free'),
    fields('not the name', pods, 'metadata.name!=free'),
    fields('namespace', pods, 'metadata.namespace=<<ns>>'),
    fields('double equal', pods, 'metadata.name==free'),
    fields('node', pods, 'spec.nodeName=<<ns>>-n'),
    fields('no node', pods, 'spec.nodeName='),
    fields('host', pods, 'spec.host=<<ns>>-n'),
    fields('phase', pods, 'status.phase=Pending,status.phase!=Failed'),
    fields('restart policy', pods, 'spec.restartPolicy=Never'),
    fields('scheduler, account, network', pods,
      'spec.schedulerName=default-scheduler,spec.serviceAccountName=default,spec.hostNetwork=false'),
    fields('addresses', pods, 'status.podIP='),
    fields('unknown', pods, 'spec.foo=bar'),
    fields('no operator', pods, 'metadata.name'),
    fields('Service by clusterIP', at('services'), 'spec.clusterIP=None'),
    fields('Service not headless', at('services'), 'spec.clusterIP!=None'),
    fields('Service by type', at('services'), 'spec.type=ClusterIP'),
    fields('Secret by type', at('secrets'), 'type=Opaque'),
    fields('Event by object', events, 'involvedObject.kind=Pod,involvedObject.name=web'),
    fields('Event by reason', events, 'reason=Started,type=Normal,source=me'),
    fields('Event without uid', events, 'involvedObject.uid='),
    fields('new Event by object', at('events.k8s.io'), 'regarding.name=web,reason=Started'),
    fields('new Event by an old name', at('events.k8s.io'), 'involvedObject.name=web'),
    fields('ConfigMap by data', cms, 'data.a=1'),
    fields('Node', at('nodes'), 'metadata.name=<<ns>>-n,spec.unschedulable=true'),
    fields('Namespace', '/api/v1/namespaces', 'metadata.name=<<ns>>,status.phase=Active'),
    fields('Deployment', at('deployments'), 'metadata.name=x'),
    fields('Deployment by replicas', at('deployments'), 'spec.replicas=1'),
    fields('all namespaces', '/api/v1/pods', 'metadata.namespace=<<ns>>,metadata.name=free'),
    fields('escaped', pods, 'metadata.name=a\\,b'),
  ],
}

export const lists: readonly Group[] = [selectors, pages, versions, fieldSelectors]
