import { type Env, silentLog } from '@slicewise/base'
import { expect, test } from 'vitest'
import { openMemoryStore } from './memory.ts'

const env: Env = {
  nowMs: () => Date.now(),
  after: (_, run) => {
    const timer = setImmediate(run)
    return () => clearImmediate(timer)
  },
  random: Math.random,
  uid: () => crypto.randomUUID(),
  log: silentLog,
  checked: true,
}

test('a commit is read, watched and refused when its precondition does not hold', async () => {
  const store = openMemoryStore(env)
  const seen: number[] = []
  store.watch('/a', 1, { commit: revision => void seen.push(revision), end() {} })
  const value = new Uint8Array([1])
  expect(await store.commit({ puts: [{ key: '/a', value }] })).toBe(2)
  await expect(
    store.commit({ preconditions: [{ key: '/a', revision: 0 }], puts: [{ key: '/a', value }] }),
  ).rejects.toMatchObject({ name: 'PreconditionFailed', found: 2 })
  await new Promise(setImmediate)
  expect(seen).toEqual([2])
  expect((await store.range('/')).entries.map(entry => [entry.key, entry.revision])).toEqual([['/a', 2]])
})
