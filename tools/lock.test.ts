import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const module = new URL('./lock.mjs', import.meta.url).href

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slicewise-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A process that appends `+` and `-` around what it does under the lock. */
function contender(body: string): Promise<number | null> {
  const script = `
    import { appendFileSync } from 'node:fs'
    import { setTimeout as wait } from 'node:timers/promises'
    import { withLock } from ${JSON.stringify(module)}
    const log = (text) => appendFileSync('log', text)
    await withLock('lock', () => {}, async (hold) => {
      log('+')
      ${body}
      log('-')
    })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: folder })
  return new Promise((resolve) => child.once('close', resolve))
}
const log = (): string => readFileSync(join(folder, 'log'), 'utf8')

test('one process at a time', async () => {
  const bodies = ['await wait(60)', 'await wait(30)', 'await wait(1)']
  expect(await Promise.all(bodies.map(contender))).toEqual([0, 0, 0])
  expect(log()).toBe('+-+-+-')
  expect(existsSync(join(folder, 'lock'))).toBe(false)
})

test('a killed process frees it, several waiters take turns', async () => {
  expect(await contender("process.kill(process.pid, 'SIGKILL')")).toBe(null)
  expect(existsSync(join(folder, 'lock'))).toBe(true)
  await Promise.all(['await wait(30)', 'await wait(30)', 'await wait(30)'].map(contender))
  expect(log()).toBe('++-+-+-')
})

test('it lasts as long as a child that was added', async () => {
  const body = `
    const { spawn } = await import('node:child_process')
    const code = "setTimeout(() => require('fs').appendFileSync('log', 'c'), 400)"
    hold(spawn(process.execPath, ['-e', code], { detached: true, stdio: 'ignore' }).pid)
    process.kill(process.pid, 'SIGKILL')`
  await contender(body)
  await contender('')
  expect(log()).toBe('+c+-')
})

test('a failure frees it', async () => {
  expect(await contender("throw new Error('x')")).toBe(1)
  expect(existsSync(join(folder, 'lock'))).toBe(false)
  writeFileSync(join(folder, 'log'), '')
  expect(await contender('')).toBe(0)
})
