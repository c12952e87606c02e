import { expect, test } from 'vitest'
import { StatusError } from './status.ts'
import { readYaml } from './yaml.ts'

test.each<[string, unknown]>([
  ['a: yes\nb: No\nc: on\nd: OFF\ne: y\nf: true',
    { a: true, b: false, c: true, d: false, e: true, f: true }],
  ['a: "yes"\nb: \'on\'', { a: 'yes', b: 'on' }],
  ['a: 0777\nb: 0o17\nc: 0x1F\nd: 0b11\ne: 1_000\nf: -010',
    { a: 511, b: 15, c: 31, d: 3, e: 1000, f: -8 }],
  ['a: 2026-01-01\nb: 2026-01-01T00:00:00Z\nc: 12:30:45\nd: 1.5', {
    a: '2026-01-01', b: '2026-01-01T00:00:00Z', c: '12:30:45', d: 1.5,
  }],
  ['a: ~\nb:\nc: null\nd: Null', { a: null, b: null, c: null, d: null }],
  ['1: a\ntrue: b\n1.5: c', { 1: 'a', true: 'b', 1.5: 'c' }],
  ['a: &x {b: 1}\nc: *x\nd: {<<: *x, e: 2}', { a: { b: 1 }, c: { b: 1 }, d: { b: 1, e: 2 } }],
  ['a: 1\n---\nb: 2', { a: 1 }],
  ['# only a comment', null],
  ['', null],
  ['{"a": [1, "x"]}', { a: [1, 'x'] }],
  ['a: |\n  x\n  y\nb: >-\n  x\n  y', { a: 'x\ny\n', b: 'x y' }],
])('%j', async (text, json) => {
  expect((await readYaml(text)).json).toEqual(json)
})

test('values held by two aliases are separate', async () => {
  const { json } = await readYaml('a: &x {b: 1}\nc: *x') as { json: { a: object; c: object } }
  expect(json.a).not.toBe(json.c)
})

test('equal keys are found, the last wins', async () => {
  const { json, findings } = await readYaml('a: {b: 1, b: 2}\nc:\n- d: 1\n  d: 3\na: {}\n')
  expect(json).toEqual({ a: {}, c: [{ d: 3 }] })
  expect([...findings].sort()).toEqual([
    'line 1: key "b" already set in map', 'line 4: key "d" already set in map',
    'line 5: key "a" already set in map',
  ])
})

test.each([
  ['a: {b', 'yaml: line 1, column'],
  ['a: b\n c: d', 'yaml: line '],
  ['a: *missing', 'missing'],
  [`a: &a [x]\n${Array.from({ length: 9 }, (_, at) => `b${at}: &b${at} [${
    Array(9).fill(at === 0 ? '*a' : `*b${at - 1}`).join(',')}]`).join('\n')}`, 'alias'],
  [`a: &a ${'x'.repeat(200_000)}\nb: [${Array(90).fill('*a').join(', ')}]`, 'aliasing'],
  [`a: ${'['.repeat(50_000)}`, 'nested deeper'],
  [`${'- '.repeat(50_000)}a`, 'nested deeper'],
  [`${'? '.repeat(400)}a`, 'line 1, column 3: invalid map key'],
  ['{a: 1}: b', 'invalid map key'],
])('is refused: %.30j', async (text, part) => {
  await expect(readYaml(text)).rejects.toThrow(
    expect.objectContaining({ reason: 'BadRequest', message: expect.stringContaining(part) }),
  )
})

test.each([
  '- a\n'.repeat(100_000), '\n'.repeat(1_000_000), '---\n'.repeat(500_000),
  Array.from({ length: 60_000 }, (_none, i) => `- &a${i} x\n- *a${i}`).join('\n'),
])('what would take long to read is refused soon: %.10j', async (text) => {
  const from = performance.now()
  const outcome = await readYaml(text).catch((error: unknown) => error)
  const refused = outcome instanceof StatusError && outcome.reason === 'RequestEntityTooLarge'
  expect(refused).toBe(!text.startsWith('---'))
  expect(performance.now() - from).toBeLessThan(5_000)
})

test('__proto__ is a key like any other', async () => {
  const { json } = await readYaml('__proto__: {a: 1}')
  expect(JSON.stringify(json)).toBe('{"__proto__":{"a":1}}')
  expect(({} as { a?: number }).a).toBeUndefined()
})
