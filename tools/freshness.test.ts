import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

interface Freshness {
  isBuilt(root: string): boolean
  isInstalled(root: string): boolean
  writeStamp(root: string, paths: readonly string[]): void
}
const freshness = createRequire(import.meta.url)('./freshness.cjs') as Freshness

let root = ''
const write = (path: string, content: unknown): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
}
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slicewise-freshness-'))
})
afterEach(() => rmSync(root, { recursive: true }))

test('a build is old when a file that it read has changed, is gone, or has appeared', () => {
  expect(freshness.isBuilt(root)).toBe(false)
  write('packages/a.ts', 'a')
  write('dist/cli.js', '')
  const stamp = (): void => freshness.writeStamp(root, ['packages/a.ts', 'packages/b.ts'])
  stamp()
  expect(freshness.isBuilt(root)).toBe(true)
  write('packages/c.ts', 'no input')
  expect(freshness.isBuilt(root)).toBe(true)
  utimesSync(join(root, 'packages/a.ts'), 1, 1)
  expect(freshness.isBuilt(root)).toBe(false)
  stamp()
  rmSync(join(root, 'packages/a.ts'))
  expect(freshness.isBuilt(root)).toBe(false)
  write('packages/a.ts', 'a')
  stamp()
  write('packages/b.ts', 'b')
  expect(freshness.isBuilt(root)).toBe(false)
})

test('a stamp that is no JSON, or of another platform, means a build', () => {
  write('dist/.stamp.json', '{"inputs": [')
  expect(freshness.isBuilt(root)).toBe(false)
  write('dist/.stamp.json', { node: 'plan9pdp11', inputs: [] })
  expect(freshness.isBuilt(root)).toBe(false)
})

const here = { os: [process.platform], cpu: [process.arch], optional: true }
const lock = {
  '': {},
  'packages/a': { version: '0' },
  'node_modules/a': { version: '1' },
  'node_modules/b': { version: '1', optional: true, os: ['plan9'] },
  'node_modules/c': { version: '1', optional: true },
  'node_modules/d': { version: '1', ...here },
}
const installed = { 'node_modules/a': { version: '1' }, 'node_modules/d': { version: '1' } }

test.each([
  ['nothing installed', undefined, false],
  ['all that this platform takes', installed, true],
  ['more than is asked for', { ...installed, 'node_modules/x': { version: '9' } }, true],
  ['another version', { ...installed, 'node_modules/a': { version: '2' } }, false],
  ['one missing', { 'node_modules/d': { version: '1' } }, false],
  ["this platform's binary missing", { 'node_modules/a': { version: '1' } }, false],
])('node_modules: %s', (_, packages, expected) => {
  write('package-lock.json', { packages: lock })
  if (packages !== undefined) write('node_modules/.package-lock.json', { packages })
  expect(freshness.isInstalled(root)).toBe(expected)
})
