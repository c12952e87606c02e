/** Watches: where they start, what a selector makes of a change, bookmarks, watch-lists, tables. */
import {
  at, get, metadataAccept, patch, post, remove, tableAccept, watch, type Group, type Step,
} from '../script.ts'
import { changed, configMap, pod, service } from './objects.ts'

const cms = at('configmaps')
const labelled = (name: string, labels: object) =>
  changed(configMap(name), { 'metadata/labels': labels })
const relabel = (name: string, labels: object): Step =>
  patch('merge', `relabel ${name} ${JSON.stringify(labels)}`, `${cms}/${name}`, {
    metadata: { labels },
  }, { silent: true })

/** A change of each sort, after the resourceVersion saved as `start`. */
const history: readonly Step[] = [
  post('first', cms, labelled('a', { app: 'web' }), {
    silent: true, save: { start: 'metadata.resourceVersion' },
  }),
  post('second', cms, labelled('b', { app: 'db' }), {
    silent: true, save: { second: 'metadata.resourceVersion' },
  }),
  relabel('a', { app: 'web', more: 'x' }),
  relabel('b', { app: 'web' }),
  relabel('a', { app: 'db' }),
  remove('delete b', `${cms}/b`, undefined, { silent: true }),
]
const after = 'resourceVersion=<<start>>'

const starts: Group = {
  name: 'watch-starts',
  steps: [
    ...history,
    watch('after a version', `${cms}?${after}`, 6),
    watch('after a later version', `${cms}?resourceVersion=<<second>>`, 5),
    watch('version 0', `${cms}?resourceVersion=0`, 9, { unordered: true }),
    watch('no version', cms, 9, { unordered: true }),
    watch('no version, bookmarks', `${cms}?allowWatchBookmarks=true`, 9, { unordered: true }),
    watch('in the future', `${cms}?resourceVersion=999999999`, 1),
    watch('no number', `${cms}?resourceVersion=x`, 1),
    watch('by name', `${cms}?${after}&fieldSelector=metadata.name%3Da`, 9),
    watch('by label: enters and leaves', `${cms}?${after}&labelSelector=app%3Dweb`, 9),
    watch('by label: never inside', `${cms}?${after}&labelSelector=app%3Dnone`, 1),
    watch('bad label selector', `${cms}?labelSelector=a%20b`, 1),
    watch('unknown field', `${cms}?fieldSelector=data.a%3D1`, 1),
    watch('the old path', `/api/v1/watch/namespaces/<<ns>>/configmaps?${after}`, 9),
    watch('the old path with a name', `/api/v1/watch/namespaces/<<ns>>/configmaps/a?${after}`, 9),
    get('watch=abc watches', `${cms}?watch=abc&${after}`, { watch: { events: 1 } }),
    get('watch=1 watches', `${cms}?watch=1&${after}`, { watch: { events: 1 } }),
    get('watch of one object is a get', `${cms}/a?watch=true`),
    watch('a limit on a watch', `${cms}?${after}&limit=1`, 9),
    watch('a bad timeout', `${cms}?timeoutSeconds=x`, 1),
    watch('YAML', `${cms}?${after}`, 1, { accept: 'application/yaml' }),
    watch('as stream', `${cms}?${after}`, 1, { accept: 'application/json;stream=watch' }),
  ],
}

const initial = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'

const watchLists: Group = {
  name: 'watch-lists',
  steps: [
    ...history,
    watch('no version', `${cms}?${initial}`, 3, { unordered: true }),
    watch('version 0', `${cms}?${initial}&resourceVersion=0`, 3, { unordered: true }),
    watch('a version', `${cms}?${initial}&${after}`, 3, { unordered: true }),
    watch('in the future', `${cms}?${initial}&resourceVersion=999999999`, 1, { quietMs: 5000 }),
    watch('with a selector', `${cms}?${initial}&labelSelector=app%3Ddb`, 3, { unordered: true }),
    watch('nothing inside', `${cms}?${initial}&labelSelector=app%3Dnone`, 1),
    watch('without bookmarks', `${cms}?sendInitialEvents=true&resourceVersionMatch=NotOlderThan`, 3),
    watch('without match', `${cms}?sendInitialEvents=true&allowWatchBookmarks=true`, 1),
    watch('match Exact', `${cms}?sendInitialEvents=true&resourceVersionMatch=Exact`, 1),
    watch('match alone', `${cms}?resourceVersionMatch=NotOlderThan&resourceVersion=5`, 1),
    watch('not wanted', `${cms}?sendInitialEvents=false&resourceVersionMatch=NotOlderThan`, 1),
    watch('not wanted, a version', `${cms}?sendInitialEvents=false&resourceVersionMatch=NotOlderThan&${after}`, 6),
    watch('as table', `${cms}?${initial}`, 3, { accept: tableAccept, unordered: true }),
    watch('as metadata', `${cms}?${initial}`, 3, { accept: metadataAccept, unordered: true }),
    watch('empty namespace', `${at('secrets')}?${initial}`, 1),
  ],
}

const forms: Group = {
  name: 'watch-forms',
  steps: [
    ...history,
    watch('as table', `${cms}?${after}`, 6, { accept: tableAccept }),
    watch('as table with objects', `${cms}?${after}&includeObject=Object`, 2, { accept: tableAccept }),
    watch('as table without objects', `${cms}?${after}&includeObject=None`, 2, { accept: tableAccept }),
    watch('as metadata', `${cms}?${after}`, 6, { accept: metadataAccept }),
    watch('indented', `${cms}?${after}&pretty=true`, 2),
    get('opened', `${cms}?watch=true&labelSelector=live`, { open: 'live', watch: { events: 4, quietMs: 1500 } }),
    post('live: in', cms, labelled('live', { live: '1' })),
    relabel('live', { live: '2' }),
    relabel('live', { live: null }),
    post('live: another', cms, labelled('other', { live: '1' })),
    get('live events', `${cms}?watch=true`, { collect: 'live' }),
    get('a short watch with bookmarks', `${cms}?watch=true&${after}&allowWatchBookmarks=true&timeoutSeconds=1`, {
      watch: { events: 99, quietMs: 3000 },
    }),
  ],
}

const kinds: Group = {
  name: 'watch-kinds',
  steps: [
    post('a Pod', at('pods'), changed(pod('a'), { 'spec/nodeName': 'somewhere' }), {
      silent: true, save: { start: 'metadata.resourceVersion' },
    }),
    patch('merge', 'runs', at('pods', 'a', 'status'), { status: { phase: 'Running', podIP: '192.0.2.5' } }, {
      silent: true,
    }),
    remove('terminates', at('pods', 'a'), undefined, { silent: true }),
    remove('gone', `${at('pods', 'a')}?gracePeriodSeconds=0`, undefined, { silent: true }),
    watch('a Pod\'s life', `${at('pods')}?${after}`, 9),
    watch('by phase: leaves', `${at('pods')}?${after}&fieldSelector=status.phase%3DPending`, 9),
    watch('by node', `${at('pods')}?${after}&fieldSelector=spec.nodeName%3Dsomewhere`, 9),
    post('a Service', at('services'), service('s'), {
      silent: true, save: { service: 'metadata.resourceVersion' },
    }),
    patch('merge', 'a no-op writes no event', at('services', 's'), { spec: { type: 'ClusterIP' } }),
    remove('Service deleted', at('services', 's'), undefined, { silent: true }),
    watch('a Service\'s life', `${at('services')}?resourceVersion=<<service>>`, 9),
    post('held', cms, changed(configMap('held'), { 'metadata/finalizers': ['example.com/a'] }), {
      silent: true, save: { held: 'metadata.resourceVersion' },
    }),
    remove('held: deleted', `${cms}/held`, undefined, { silent: true }),
    patch('merge', 'held: let go', `${cms}/held`, { metadata: { finalizers: null } }, { silent: true }),
    watch('a held object\'s life', `${cms}?resourceVersion=<<held>>`, 9),
  ],
}

export const watches: readonly Group[] = [starts, watchLists, forms, kinds]
