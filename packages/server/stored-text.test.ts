import { expect, test } from 'vitest'
import type { KubeObject } from '@slicewise/kube'
import { parseStoredText, storedText } from './stored-text.ts'

const fieldsV1 = { 'f:metadata': { 'f:labels': { '.': {}, 'f:a"}],{b': {} } } }
const entry = (manager: string) => ({
  manager, operation: 'Update', apiVersion: 'v1', time: '2026-01-01T00:00:00Z',
  fieldsType: 'FieldsV1', fieldsV1, subresource: 'status',
})
const template = { metadata: { name: 'inner', managedFields: [entry('inner')] } }

const objects: Record<string, object> = {
  'no metadata': { spec: { a: 1 } },
  'no owners': { metadata: { name: 'a' }, data: { b: 'c' } },
  'one owner': { metadata: { name: 'a', managedFields: [entry('x')] }, spec: {} },
  'several owners': { metadata: { managedFields: [entry('x'), entry('y')], name: 'a' } },
  'an owner of no fields': {
    metadata: { name: 'a', managedFields: [{ manager: 'x' }, entry('y'), { manager: 'z' }] },
  },
  'an empty set': { metadata: { name: 'a', managedFields: [{ ...entry('x'), fieldsV1: {} }] } },
  'null for a set': { metadata: { name: 'a', managedFields: [{ ...entry('x'), fieldsV1: null }] } },
  'empty entries': { metadata: { name: 'a', managedFields: [{}, {}] } },
  'no entries': { metadata: { name: 'a', managedFields: [] } },
  'a manager with braces': { metadata: { name: 'a', managedFields: [entry('x}",{"y')] } },
  'owners in a template': { metadata: { name: 'a' }, spec: { template } },
  'owners here and there': {
    metadata: { name: 'a', managedFields: [entry('x')] }, spec: { template },
  },
  'strings like members': {
    metadata: {
      name: 'a', annotations: { a: ',"managedFields":[', managedFields: ',"fieldsV1":{"x":1}' },
      managedFields: [entry('x')],
    },
    data: { 'x,"fieldsV1":': '\\"', '{"metadata":{': '{}' },
  },
}

test.each(Object.entries(objects))('%s: read as written', (_name, object) => {
  const { metadata } = object as KubeObject
  const text = storedText(object as KubeObject)
  expect(JSON.parse(text)).toEqual({ ...object, metadata: metadata ?? {} })
  // Once as something new, once as something known.
  for (let n = 0; n < 2; n++) expect(parseStoredText(text)).toEqual(JSON.parse(text))
})

test('other writers order members as they like', () => {
  const text = JSON.stringify({ metadata: { managedFields: [entry('x')], name: 'a' }, spec: {} })
  const late = JSON.stringify({ metadata: { name: 'a', managedFields: [entry('x')] }, spec: {} })
  for (const one of [text, late]) expect(parseStoredText(one)).toEqual(JSON.parse(one))
})

test('kind, apiVersion and the revision are not stored', () => {
  const object = { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'a', resourceVersion: '7' } }
  expect(storedText(object)).toBe('{"metadata":{"name":"a"}}')
})

test('objects share the sets of fields that they have in common', () => {
  const text = storedText({ metadata: { name: 'a', managedFields: [entry('x')] } } as KubeObject)
  const [one, other] = [parseStoredText(text), parseStoredText(text)]
  expect(one.metadata?.managedFields?.[0]?.fieldsV1)
    .toBe(other.metadata?.managedFields?.[0]?.fieldsV1)
})
