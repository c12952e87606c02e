import { StatusError, resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { HttpApi, statusError } from './http-api.ts'
import type { Transport, TransportRequest } from './transport.ts'

const { configmaps, pods } = resources

const status = (code: number, reason?: string, message?: string): string =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message })

test.each([
  [409, status(409, 'AlreadyExists', 'there'), 'AlreadyExists', 409, 'there'],
  [409, status(409, 'Conflict', 'stale'), 'Conflict', 409, 'stale'],
  [410, status(410, 'Expired', 'too old'), 'Expired', 410, 'too old'],
  [422, status(422, 'NewReason', 'odd'), 'Invalid', 422, 'odd'],
  [404, status(404), 'NotFound', 404, 'NotFound'],
  [502, '<html>bad gateway</html>', 'InternalError', 500, '502: <html>bad gateway</html>'],
  [503, '', 'ServiceUnavailable', 503, '503: '],
  [429, 'slow down', 'TooManyRequests', 429, '429: slow down'],
  [418, 'teapot', 'BadRequest', 400, '418: teapot'],
  [401, '{"kind":"Other"}', 'Unauthorized', 401, '401: {"kind":"Other"}'],
  [500, 'null', 'InternalError', 500, '500: null'],
])('an answer %d %s is %s', (code, body, reason, its, message) => {
  const error = statusError(code, body)
  expect(error).toBeInstanceOf(StatusError)
  expect([error.reason, error.code, error.message]).toEqual([reason, its, message])
})

test('details and the restart token of an expired list are kept', () => {
  const details = { kind: 'pods', causes: [{ field: 'a', message: 'b', reason: 'c' }] }
  const error = statusError(410, JSON.stringify({
    kind: 'Status', metadata: { continue: 'again' }, reason: 'Expired', details, code: 410,
  }))
  expect(error.details).toEqual(details)
  expect(error.continueToken).toBe('again')
})

/** A transport that answers with one text, in chunks of its lines, and keeps what was asked. */
function answering(code: number, text: string): { api: HttpApi; asked: TransportRequest[] } {
  const asked: TransportRequest[] = []
  const transport: Transport = {
    async request(request) {
      asked.push(request)
      return {
        status: code, headers: {}, text: async () => text,
        async* lines() {
          yield* text.split('\n')
        },
      }
    },
    async close() {},
  }
  return { api: new HttpApi({ transport, userAgent: 'test/1' }), asked }
}

const event = (type: string, object: object): string => JSON.stringify({ type, object })
const marked = {
  metadata: { resourceVersion: '7', annotations: { 'k8s.io/initial-events-end': 'true' } },
}
const map = { metadata: { name: 'a', resourceVersion: '5' }, newField: 1 }

async function watchOf(text: string): Promise<unknown[]> {
  const seen: unknown[] = []
  for await (const one of answering(200, text).api.watch(configmaps)) seen.push(one)
  return seen
}

test('lines of a watch are events; empty lines are none', async () => {
  const lines = [
    event('ADDED', map), '', event('BOOKMARK', { metadata: { resourceVersion: '6' } }),
    event('BOOKMARK', marked), event('DELETED', map),
  ]
  expect(await watchOf(lines.join('\n'))).toEqual([
    { type: 'ADDED', object: map },
    { type: 'BOOKMARK', resourceVersion: '6', initialEventsEnd: false },
    { type: 'BOOKMARK', resourceVersion: '7', initialEventsEnd: true },
    { type: 'DELETED', object: map },
  ])
})

test.each([
  ['a Status', event('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'old' }),
    { reason: 'Expired', code: 410 }],
  ['what is no JSON', '{"type":"ADDED","obj', { name: 'SyntaxError' }],
  ['an unknown event', event('PURPLE', map), { message: 'unknown watch event PURPLE' }],
])('a watch with %s ends with that error', async (_what, line, expected) => {
  const read = watchOf(`${event('ADDED', map)}\n${line}`)
  const error = await read.then(() => undefined, (failure: unknown) => failure)
  expect(error).toMatchObject(expected)
})

test('a refused watch throws its Status', async () => {
  const { api } = answering(403, status(403, 'Forbidden', 'no'))
  await expect(api.watch(configmaps).next()).rejects.toMatchObject({ reason: 'Forbidden' })
})

test('a list without items has none', async () => {
  const { api } = answering(200, '{"metadata":{"resourceVersion":"1"},"items":null}')
  expect((await api.list(configmaps)).items).toEqual([])
})

test.each<[string, (api: HttpApi) => Promise<unknown>, object, unknown]>([
  ['create', (api) => api.create(configmaps, { metadata: { name: 'a', namespace: 'n' } }),
    { method: 'POST', path: '/api/v1/namespaces/n/configmaps' },
    { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a', namespace: 'n' } }],
  ['create of a subresource',
    (api) => api.create(pods, { metadata: { name: 'a', namespace: 'n' } } as never,
      { subresource: 'binding', item: { name: 'a', namespace: 'n' } }),
    { method: 'POST', path: '/api/v1/namespaces/n/pods/a/binding' },
    { metadata: { name: 'a', namespace: 'n' } }],
  ['update of a status', (api) => api.update(pods,
    { metadata: { name: 'a', namespace: 'n' } } as never, { subresource: 'status' }),
  { method: 'PUT', path: '/api/v1/namespaces/n/pods/a/status' },
  { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'a', namespace: 'n' } }],
  ['apply', (api) => api.patch(configmaps, { name: 'a', namespace: 'n' },
    { type: 'apply', patch: { data: {} }, force: true }, { fieldManager: 'me' }),
  {
    method: 'PATCH', path: '/api/v1/namespaces/n/configmaps/a?fieldManager=me&force=true',
    headers: expect.objectContaining({ 'content-type': 'application/apply-patch+yaml' }),
  }, { data: {} }],
  ['delete', (api) => api.delete(configmaps, { name: 'a', namespace: 'n' },
    { propagationPolicy: 'Orphan' }),
  { method: 'DELETE', path: '/api/v1/namespaces/n/configmaps/a' },
  { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Orphan' }],
  ['deleteCollection', (api) => api.deleteCollection(configmaps,
    { namespace: 'n', labelSelector: 'a=b' }),
  { method: 'DELETE', path: '/api/v1/namespaces/n/configmaps?labelSelector=a%3Db' }, undefined],
])('%s asks for what it means', async (_what, call, expected, body) => {
  const { api, asked } = answering(200, '{"metadata":{}}')
  await call(api)
  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatchObject(expected)
  expect(asked[0]?.headers?.['user-agent']).toBe('test/1')
  const sent = asked[0]?.body
  expect(sent === undefined ? undefined : JSON.parse(sent)).toEqual(body)
})
