import { expect } from 'vitest'
import type { Store } from './contract.ts'
import { type Open, alsoAfterRestart, put, remove, storeTest } from './conformance-subject.ts'
import { bytes } from './test-env.ts'

const keys = ['/a', '/a/b', '/a/b/c', '/ab', '/ab/', '/ab/c', '/b', '/B', '/a-b/x', '/a0']
const inOrder = ['/B', '/a', '/a-b/x', '/a/b', '/a/b/c', '/a0', '/ab', '/ab/', '/ab/c', '/b']

async function fill(store: Store): Promise<void> {
  for (const key of keys) await put(store, key)
}

const cases: readonly [
  string,
  { from?: string; limit?: number },
  string[],
  string | undefined,
][] = [
  ['', {}, inOrder, undefined],
  ['/a', {}, inOrder.slice(1, 9), undefined],
  ['/a/', {}, ['/a/b', '/a/b/c'], undefined],
  ['/ab/', {}, ['/ab/', '/ab/c'], undefined],
  ['/ab/c', {}, ['/ab/c'], undefined],
  ['/nothing', {}, [], undefined],
  ['/a', { limit: 3 }, ['/a', '/a-b/x', '/a/b'], '/a/b/c'],
  ['/a', { limit: 8 }, inOrder.slice(1, 9), undefined],
  ['/a', { from: '/a/b' }, inOrder.slice(3, 9), undefined],
  ['/a', { from: '/a/b', limit: 2 }, ['/a/b', '/a/b/c'], '/a0'],
  ['/a', { from: '/a/bb' }, inOrder.slice(5, 9), undefined],
  ['/a', { from: '/B' }, inOrder.slice(1, 9), undefined],
  ['/a', { from: '/b' }, [], undefined],
  ['/a', { limit: 0 }, [], '/a'],
]

export function rangeCases(open: Open): void {
  storeTest(
    'a range gives the keys of a prefix in the order of their bytes',
    open,
    async (store, subject) => {
      await fill(store)
      await alsoAfterRestart(subject, async reopened => {
        for (const [prefix, options, expected, next] of cases) {
          const range = await reopened.range(prefix, options)
          const title = `${prefix} ${JSON.stringify(options)}`
          expect([title, range.entries.map(entry => entry.key)]).toEqual([title, expected])
          expect([title, range.next]).toEqual([title, next])
          expect(range.revision).toBe(11)
        }
      })
    },
  )

  storeTest('pages hold every key once', open, async store => {
    await fill(store)
    const seen: string[] = []
    let from: string | undefined = ''
    while (from !== undefined) {
      const page = await store.range('/a', { from, limit: 3 })
      seen.push(...page.entries.map(entry => entry.key))
      from = page.next
    }
    expect(seen).toEqual(inOrder.slice(1, 9))
  })

  storeTest('a range is of one revision, whatever is written meanwhile', open, async store => {
    await put(store, '/a')
    const range = store.range('/')
    const written = Promise.all([put(store, '/b'), remove(store, '/a')])
    expect((await range).entries.map(entry => entry.key)).toEqual(['/a'])
    await written
    expect((await store.range('/')).entries.map(entry => entry.key)).toEqual(['/b'])
  })

  storeTest(
    '10,000 keys, some removed again, outlive a restart',
    open,
    async (store, subject) => {
      for (let start = 0; start < 10_000; start += 500) {
        const puts = Array.from({ length: 500 }, (_, n) => {
          const number = ((start + n) * 7919) % 10_000
          return { key: `/k/${number}`, value: bytes(`v${number}`), header: bytes(`h${number}`) }
        })
        await store.commit({ puts })
      }
      const deletes = Array.from({ length: 5_000 }, (_, n) => `/k/${n * 2}`)
      expect((await store.commit({ deletes })).revision).toBe(15_001)
      await alsoAfterRestart(subject, async reopened => {
        const { entries, revision } = await reopened.range('/k/')
        expect([entries.length, revision]).toEqual([5_000, 15_001])
        for (const entry of entries) {
          const number = entry.key.slice(3)
          const found = `${text(entry.value())} ${text(entry.header)}`
          expect(text(entry.borrow())).toBe(text(entry.value()))
          if (found !== `v${number} h${number}`) throw new Error(`${entry.key} holds ${found}`)
        }
      })
    },
  )
}

function text(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString()
}
