import { expect, test } from 'vitest'
import { pod } from '../kinds/pod/pod.ts'
import type { KubeObject } from '../object.ts'
import { fieldSetOf } from './fields.ts'
import { trackUpdate } from './track.ts'

const status = fieldSetOf([['status']])

function ownersOf(containers: readonly object[], more: object = {}, manager = 'm'): unknown {
  const after = { metadata: { name: 'a', ...more }, spec: { containers }, status: {} } as KubeObject
  return trackUpdate({
    schema: pod, manager, apiVersion: 'v1', subresource: '', now: '2026-01-01T00:00:00Z',
    ignored: status, before: undefined, after,
  })
}

/** What a process that has seen no other object says. */
const fieldsOf = (container: object, metadata: object = {}): object => ({
  ...metadata, 'f:spec': { 'f:containers': { 'k:{"name":"c"}': { '.': {}, ...container } } },
})

const named = { 'f:name': {} }
const entry = (fieldsV1: object, manager = 'm'): object => ({
  manager, operation: 'Update', apiVersion: 'v1', time: '2026-01-01T00:00:00Z',
  fieldsType: 'FieldsV1', fieldsV1,
})

test('a created object has its own fields, whatever was created before it', () => {
  const plain = [{ name: 'c' }]
  const image = [{ name: 'c', image: 'i' }]
  const ofPlain = entry(fieldsOf(named))
  const ofImage = entry(fieldsOf({ 'f:image': {}, ...named }))
  expect(ownersOf(plain)).toEqual([ofPlain])
  expect(ownersOf(plain), 'the same again').toEqual([ofPlain])
  expect(ownersOf(image), 'a field more').toEqual([ofImage])
  expect(ownersOf(plain), 'a field less').toEqual([ofPlain])
  expect(ownersOf([{ name: 'c', tty: true }]), 'another field')
    .toEqual([entry(fieldsOf({ ...named, 'f:tty': {} }))])
  expect(ownersOf(plain, { labels: { a: 'b' } }), 'a field elsewhere').toEqual([
    entry(fieldsOf(named, { 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } } })),
  ])
  expect(ownersOf([{ name: 'c' }, { name: 'd' }]), 'an item more').toEqual([entry({
    'f:spec': { 'f:containers': {
      'k:{"name":"c"}': { '.': {}, ...named }, 'k:{"name":"d"}': { '.': {}, ...named },
    } },
  })])
  expect(ownersOf(plain, {}, 'other'), 'another manager')
    .toEqual([entry(fieldsOf(named), 'other')])
})
