import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyProgram, workFolder } from '../system/test-program.ts'

const { folder, remove } = workFolder()
beforeAll(async () => {
  const cli = await copyProgram(folder)
  const script = execFileSync(process.execPath, [cli, 'completion', 'bash'])
  writeFileSync(join(folder, 'completion'), script)
  writeFileSync(join(folder, 'a-file'), '')
}, 60_000)
afterAll(remove)

/** What bash offers for the last word. */
function offered(line: string): string[] {
  const words = line.split(' ')
  const script = `source ./completion; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
    COMP_CWORD=${words.length - 1}; _slicewise; printf '%s\\n' "\${COMPREPLY[@]}"`
  const printed = execFileSync('bash', ['--norc', '-c', script], { cwd: folder, encoding: 'utf8' })
  return printed.trim().split('\n')
}

test.each([
  ['slicewise api', ['apiserver']],
  ['slicewise --v', ['--version']],
  ['slicewise nodes --no', ['--nodes']],
  ['slicewise up --output ', ['table', 'json', 'yaml']],
  ['slicewise up --output j', ['json']],
  ['slicewise up --kubeconfig a-', ['a-file']],
  ['slicewise up --speed ', ['']],
  ['slicewise completion f', ['fish']],
  ['slicewise completion --h', ['--help']],
])('%s', (line, words) => expect(offered(line)).toEqual(words))
