import { type EndpointSlice, type Stored, resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { Echoes, bodyOf, sentOf } from './echoes.ts'
import { HttpApi } from './http-api.ts'
import { limits } from './limits.ts'
import type { Transport, TransportRequest } from './transport.ts'

const { endpointslices } = resources
const slice: EndpointSlice = {
  metadata: { name: 'web-1', namespace: 'n', resourceVersion: '4' },
  addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }], ports: [],
}
const typed = { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1', ...slice }
const metadata = { name: 'web-1', namespace: 'n', uid: 'u', resourceVersion: '5' }
const answer = (meta: object): string => `${JSON.stringify({
  kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: meta,
})}\n`
const line = (type: string, change: object = {}): string =>
  JSON.stringify({ type, object: { ...typed, metadata, ...change } })

test('a body in parts is the JSON of the object', () => {
  expect(bodyOf(sentOf('MODIFIED', typed))).toBe(JSON.stringify(typed))
  const bare = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' } }
  expect(bodyOf(sentOf('ADDED', bare))).toBe(JSON.stringify(bare))
})

test.each<[string, 'ADDED' | 'MODIFIED', string, boolean]>([
  ['an update', 'MODIFIED', line('MODIFIED'), true],
  ['a create', 'ADDED', line('ADDED'), true],
  ['an update that another selection sees begin', 'MODIFIED', line('ADDED'), false],
  ['what a webhook changed', 'MODIFIED', line('MODIFIED', { ports: [{ port: 1 }] }), false],
  ['what a server added', 'MODIFIED', line('MODIFIED', { more: 1 }), false],
  ['what others wrote', 'MODIFIED',
    line('MODIFIED', { metadata: { ...metadata, resourceVersion: '6' } }), false],
  ['members in another order', 'MODIFIED', JSON.stringify({
    type: 'MODIFIED', object: Object.fromEntries(Object.entries({ ...typed, metadata }).reverse()),
  }), false],
])('the event of %s', (_what, type, event, known) => {
  const echoes = new Echoes()
  echoes.listen()
  echoes.expect(sentOf(type, typed), answer(metadata), { metadata } as Stored)
  const taken = echoes.take(event)
  expect(taken).toEqual(known ? JSON.parse(event) as object : undefined)
  expect(taken !== undefined && taken.object).toEqual(known && JSON.parse(event).object)
  expect(echoes.take(event)).toBeUndefined()
})

test('nothing is kept without a watch, of a whole answer, or beyond a limit', () => {
  const silent = new Echoes()
  silent.expect(sentOf('MODIFIED', typed), answer(metadata), { metadata } as Stored)
  silent.listen()
  expect(silent.take(line('MODIFIED'))).toBeUndefined()
  const echoes = new Echoes()
  const end = echoes.listen()
  echoes.expect(sentOf('MODIFIED', typed), JSON.stringify(typed), typed as unknown as Stored)
  expect(echoes.take(line('MODIFIED'))).toBeUndefined()
  echoes.expect(sentOf('MODIFIED', typed), answer(metadata), { metadata } as Stored)
  const large = { ...typed, filler: 'x'.repeat(limits.echoCharsMax) }
  const later = { ...metadata, resourceVersion: '9' }
  echoes.expect(sentOf('MODIFIED', large), answer(later), { metadata: later } as Stored)
  expect(echoes.take(line('MODIFIED'))).toBeUndefined()
  echoes.expect(sentOf('MODIFIED', typed), answer(metadata), { metadata } as Stored)
  end()
  echoes.listen()
  expect(echoes.take(line('MODIFIED'))).toBeUndefined()
})

test('an update that asks for metadata gives its endpoints to its own event', async () => {
  const asked: TransportRequest[] = []
  let tell = (_line: string): void => {}
  const told = new Promise<string>((resolve) => {
    tell = resolve
  })
  const transport: Transport = {
    request: async (request) => {
      asked.push(request)
      return {
        status: 200, headers: {}, text: async () => answer(metadata),
        async* lines() {
          yield await told
        },
      }
    },
    close: async () => {},
  }
  const api = new HttpApi({ transport, userAgent: 'test/1' })
  const next = api.watch<EndpointSlice>(endpointslices).next()
  await new Promise((resolve) => setTimeout(resolve, 0))
  const written = await api.update(endpointslices, slice, { metadataOnly: true })
  expect(written.metadata).toEqual(metadata)
  expect(asked.map(({ stream, headers }) => [stream, headers?.['accept']])).toEqual([
    [true, 'application/json'],
    [undefined, 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json'],
  ])
  tell(line('MODIFIED'))
  const { value } = await next
  expect(value).toEqual(JSON.parse(line('MODIFIED')))
  expect(value.object.endpoints).toBe(slice.endpoints)
})
