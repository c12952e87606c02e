import { expect, test } from 'vitest'
import { maskOutput, words } from './kubectl/run-commands.ts'
import { readKnown, sortDifferences } from './known.ts'
import { envelope, message } from './protobuf.ts'
import { controllerFiles, requestFiles } from './requests/all.ts'
import { changed } from './requests/objects.ts'
import { substitute } from './send.ts'

const groups = [...Object.values(requestFiles), ...Object.values(controllerFiles)].flat()

test('a difference can be named: groups are unique, and titles within a group', () => {
  const names = groups.map(({ name }) => name)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  for (const { name, steps } of groups) {
    const titles = steps.filter(step => !step.silent).map(({ title }) => title)
    expect(titles.filter((title, index) => titles.indexOf(title) !== index), name).toEqual([])
  }
})

test('there is enough to compare', () => {
  const steps = Object.values(requestFiles).flat().flatMap(group => group.steps)
  expect(steps.filter(step => !step.silent).length).toBeGreaterThan(1300)
})

const known = readKnown([
  '| id | where | reason |', '|---|---|---|',
  '| a | `g: s*: body.x` `h: *` | because |', '| b | `g: none: *` | because |',
].join('\n'))
const difference = (where: string) => ({ step: 's', where, reference: 1, ours: 2 })

test('rows explain by pattern; one without use in a group that was run is stale', () => {
  expect(known.map(({ id, where }) => [id, where])).toEqual([
    ['a', 'g: s*: body.x'], ['a', 'h: *'], ['b', 'g: none: *']])
  const found = [difference('g: s1: body.x'), difference('g: s1: body.y')]
  const sorted = sortDifferences(found, known, ['g'])
  expect(sorted.explained.map(each => each.difference.where)).toEqual(['g: s1: body.x'])
  expect(sorted.unexplained.map(each => each.where)).toEqual(['g: s1: body.y'])
  expect(sorted.stale.map(row => row.id)).toEqual(['b'])
})

test('protobuf: text, number, nested message, repetition, negative number', () => {
  const bytes = message({ 1: 'ab', 2: 300, 3: { 1: 'c' }, 4: ['x', 'y'], 5: -1 })
  expect(Buffer.from(bytes).toString('hex'))
    .toBe('0a026162' + '10ac02' + '1a030a0163' + '220178220179' + '28ffffffffffffffffff01')
  expect(Buffer.from(envelope('v1', 'A', {})).toString('hex'))
    .toBe('6b387300' + '0a070a02763112' + '0141' + '1200' + '1a00' + '2200')
})

test('changed: sets, adds, takes away, and leaves the base alone', () => {
  const base = { metadata: { name: 'a' }, list: [{ x: 1 }] }
  expect(changed(base, { 'metadata/labels/a~1b': 'c', 'list/0/x': 2, 'metadata/name': undefined }))
    .toEqual({ metadata: { labels: { 'a/b': 'c' } }, list: [{ x: 2 }] })
  expect(base).toEqual({ metadata: { name: 'a' }, list: [{ x: 1 }] })
})

test('saved names stand in for themselves, bytes are left alone', () => {
  const names = new Map([['ns', 'space']])
  const bytes = Uint8Array.of(1)
  expect(substitute({ '<<ns>>-a': ['<<ns>>', 1, bytes] }, names))
    .toEqual({ 'space-a': ['space', 1, bytes] })
  expect(substitute('<<none>>', names)).toBe('<no none>')
})

test('a command line is split as a shell would', () => {
  expect(words('patch a -p \'{"a": "b c"}\' --x=\'d e\'')).toEqual([
    'patch', 'a', '-p', '{"a": "b c"}', '--x=d e'])
})

test('what kubectl prints is masked, but not what was sent', () => {
  expect(maskOutput('web   NodePort  10.96.3.4  80:31234/TCP   5m3s', 'x', '')).toEqual([
    'web  NodePort  <address>  80:<port>/TCP  <age>'])
  expect(maskOutput('  IP:   10.96.0.9', 'x', '10.96.0.9')).toEqual(['  IP:  10.96.0.9'])
})
