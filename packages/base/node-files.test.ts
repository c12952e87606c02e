import {
  mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeFolder, writePrivately } from './node-files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slicewise-files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const modeOf = (path: string): number => statSync(path).mode & 0o777

test('a folder and those above it, again and again', () => {
  const deep = join(folder, 'a', 'b', 'c')
  makeFolder(deep, 0o700)
  makeFolder(deep, 0o700)
  makeFolder(`${deep}/../d/`, 0o700)
  expect(modeOf(deep)).toBe(0o700)
  expect(modeOf(join(folder, 'a'))).toBe(0o700)
  expect(readdirSync(join(folder, 'a', 'b')).sort()).toEqual(['c', 'd'])
})

test('what cannot be made is an error at once', () => {
  writeFileSync(join(folder, 'file'), '')
  symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'))
  expect(() => makeFolder(join(folder, 'file', 'a', 'b'))).toThrow(/ENOTDIR/)
  expect(() => makeFolder(join(folder, 'dangling'))).toThrow(/EEXIST/)
  expect(() => makeFolder('/proc/slicewise/a/b')).toThrow(/ENOENT|EACCES|EROFS/)
})

test('a private file is replaced whole, and a failure leaves nothing behind', () => {
  const path = join(folder, 'a', 'secret')
  writePrivately(path, 'one')
  writePrivately(path, 'two')
  expect(readFileSync(path, 'utf8')).toBe('two')
  expect(modeOf(path)).toBe(0o600)
  mkdirSync(join(folder, 'b', 'taken'), { recursive: true })
  expect(() => writePrivately(join(folder, 'b', 'taken'), 'x')).toThrow(/EISDIR/)
  expect(readdirSync(join(folder, 'b'))).toEqual(['taken'])
})
