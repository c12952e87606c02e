import { expect, test } from 'vitest'
import { dependencies } from '../dependencies.ts'
import { fileRules } from '../tidy.ts'
import { readSource } from './source.ts'
import { manifestFindings, readmeFindings } from './tree.ts'
import { cases } from './tidy.cases.ts'

const doors = (...names: string[]): ReadonlySet<string> => new Set(names)
const exports = new Map([
  ['base', doors('.')],
  ['kube', doors('.')],
  ['store', doors('.', './lmdb')],
  ['server', doors('.', './http')],
  ['client', doors('.', './node')],
  ['discovery', doors('.')],
  ['controllers', doors('.')],
  ['nodes', doors('.')],
  ['system', doors('.')],
  ['testing', doors('.')],
])

test.each(cases)('$path: $text', ({ path, text, finds }) => {
  const source = readSource(path, text)
  const found = fileRules(exports).flatMap((rule) => rule(source))
  expect(found.map(({ line, message }) => `${line} ${message}`)).toEqual(finds ?? [])
})

test('lines and files have limits, data tables have none', () => {
  const long = `const a = [${'1, '.repeat(40)}]\n`
  const many = 'x()\n'.repeat(401)
  const messages = (path: string, text: string): string[] =>
    fileRules(exports).flatMap((rule) => rule(readSource(path, text))).map((one) => one.message)
  expect(messages('packages/kube/a.ts', long)).toEqual(['132 columns (at most 100)'])
  expect(messages('packages/kube/a.ts', many)).toEqual(['401 lines (at most 400)'])
  expect(messages('packages/kube/a.ts', 'x()\n'.repeat(400))).toEqual([])
  expect(messages('packages/kube/a.test.ts', many)).toEqual(['401 lines (at most 400)'])
  expect(messages('packages/kube/a.cases.ts', many + long)).toEqual([])
  expect(messages('docs/a.md', many + long)).toEqual([])
})

test('the manifest and the table of dependencies name the same packages', () => {
  const table = dependencies.filter(({ name }) => name === 'lmdb' || name === 'yaml')
  const good = { dependencies: { lmdb: '3' }, devDependencies: { yaml: '2' } }
  expect(manifestFindings(good, table)).toEqual([])
  const bad = { dependencies: { leftpad: '1' }, devDependencies: { lmdb: '3' } }
  expect(manifestFindings(bad, table).map((finding) => finding.message)).toEqual([
    'yaml is in the table but not installed',
    'leftpad is a dependency of the packed program without a row that says why',
    'lmdb is not bundled, so it has to stand in dependencies',
  ])
})

test('a package without a README is found', () => {
  const paths = ['packages/base/a.ts', 'packages/kube/a.ts', 'packages/kube/README.md']
  expect(readmeFindings(paths).map((finding) => finding.path)).toEqual(['packages/base/README.md'])
})
