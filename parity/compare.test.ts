import { expect, test } from 'vitest'
import { compareEntries, differences } from './compare.ts'
import { maskExchanges, type Entry } from './mask.ts'
import type { Step } from './script.ts'

const step: Step = { title: 's', method: 'GET', path: '/' }
const masked = (bodies: readonly unknown[], sent = '') => maskExchanges(
  bodies.map(body => ({ step, answer: { code: 200, headers: {}, body } })),
  'space-1', sent, Date.parse('2026-05-01T00:00:00Z'),
).map(entry => entry.body)

test.each([
  ['uids keep their identity', [{ a: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff' },
    { a: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff', b: '7f9619ff-8b86-4d01-b42d-00cf4fc964ff' }],
  [{ a: '<uid 1>' }, { a: '<uid 1>', b: '<uid 2>' }]],
  ['an object names its uid and revisions',
    [{ name: 'web', uid: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff', resourceVersion: '7' },
      { by: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff', resourceVersion: '8' }],
    [{ name: 'web', uid: '<uid of web 1>', resourceVersion: '<revision of web 1>' },
      { by: '<uid of web 1>', resourceVersion: '<revision 1>' }]],
  ['the time of now is a mark, another is not',
    [{ a: '2026-05-01T10:00:00Z', b: '2026-05-01T10:00:00.000001Z', c: '2020-01-01T00:00:00Z' }],
    [{ a: '<time>', b: '<micro time>', c: '2020-01-01T00:00:00Z' }]],
  ['a generated name is a mark everywhere',
    [{ metadata: { generateName: 'web-', name: 'web-x2f4k' } },
      { message: 'pods "web-x2f4k" gone' }],
    [{ metadata: { generateName: 'web-', name: '<name web- 1>' } },
      { message: 'pods "<name web- 1>" gone' }]],
  ['addresses and ports of Services', [{ clusterIP: '10.96.3.4', nodePort: 30123, port: 30123 }],
    [{ clusterIP: '<address 4 1>', nodePort: '<port 1>', port: 30123 }]],
  ['revisions by appearance, the list\'s own apart',
    [{ items: [{ metadata: { resourceVersion: '12' } }], metadata: { resourceVersion: '90' } }],
    [{
      items: [{ metadata: { resourceVersion: '<revision 1>' } }],
      metadata: { resourceVersion: '<list revision>' },
    }]],
  ['the namespace', [{ namespace: 'space-1' }], [{ namespace: '<ns>' }]],
])('%s', (_, bodies, expected) => {
  expect(masked(bodies)).toEqual(expected)
})

test('what the script sent is compared as it is', () => {
  expect(masked([{ clusterIP: '10.96.3.4' }], '{"clusterIP":"10.96.3.4"}'))
    .toEqual([{ clusterIP: '10.96.3.4' }])
})

const refused = (message: string, causes: readonly object[]): Entry => ({
  title: 's', request: 'GET /', code: 422, headers: {},
  body: { kind: 'Status', status: 'Failure', message, details: { causes } },
})

test('of a refusal, codes, reasons and fields count; texts and order of causes do not', () => {
  const a = { reason: 'FieldValueRequired', field: 'a', message: 'Required value: please' }
  const b = { reason: 'FieldValueInvalid', field: 'b', message: 'Invalid value: 1: no' }
  const here = refused('x is invalid', [a, b])
  const same = refused('y', [{ ...b, message: 'Invalid value: 1: never' }, a])
  const other = refused('y', [{ ...b, field: 'c' }, a])
  expect(compareEntries('g', [here], [same])).toEqual([])
  expect(compareEntries('g', [here], [other])).toEqual([
    { step: 'g: s', where: 'g: s: body.details.causes[1].field', reference: 'b', ours: 'c' },
  ])
})

test('differences name the member, also one that is missing', () => {
  expect(differences({ a: [1, { b: 2 }] }, { a: [1, {}], c: null })).toEqual([
    { where: 'a[1].b', reference: 2, ours: undefined },
    { where: 'c', reference: undefined, ours: null },
  ])
})
