import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { installedKubectls } from './kubectls.ts'

const made: string[] = []

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true })
})

function folderWith(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'slicewise-kubectls-'))
  made.push(folder)
  for (const name of names) writeFileSync(join(folder, name), '')
  return folder
}

test('the oldest and the newest by number, not by name, also behind a link', () => {
  const real = folderWith('kubectl', 'kubectl.1.9', 'kubectl.1.27', 'kubectl.1.33', 'kubectl.1.x')
  const bin = join(folderWith(), 'bin')
  mkdirSync(bin)
  symlinkSync(join(real, 'kubectl'), join(bin, 'kubectl'))
  const found = installedKubectls(`/nowhere:${bin}`)
  expect(found.map((file) => basename(file))).toEqual(['kubectl.1.9', 'kubectl.1.33'])
})

test('one kubectl is both', () => {
  const bin = folderWith('kubectl')
  expect(installedKubectls(bin)).toEqual([join(bin, 'kubectl')])
})

test('none', () => expect(installedKubectls(folderWith())).toEqual([]))
