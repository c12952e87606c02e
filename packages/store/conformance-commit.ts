import { expect } from 'vitest'
import type { Commit } from './contract.ts'
import {
  type Open,
  Recorder,
  alsoAfterRestart,
  changeText,
  contents,
  put,
  remove,
  revisionOf,
  storeTest,
} from './conformance-subject.ts'
import { bytes, turns } from './test-env.ts'

export function commitCases(open: Open): void {
  revisionCases(open)
  preconditionCases(open)
  raceCases(open)
  valueCases(open)
  refusalCases(open)
}

function revisionCases(open: Open): void {
  numberingCases(open)
  keyLifeCases(open)
}

function numberingCases(open: Open): void {
  storeTest('starts at revision 1, empty, with nothing compacted', open, async store => {
    expect([store.revision, store.compacted]).toEqual([1, 0])
    expect(await store.range('')).toEqual({ revision: 1, entries: [] })
  })

  storeTest('one counter serves all keys', open, async store => {
    expect(await put(store, '/a')).toBe(2)
    expect(await put(store, '/b')).toBe(3)
    expect(await put(store, '/a')).toBe(4)
    expect(await remove(store, '/b')).toBe(5)
    expect(store.revision).toBe(5)
  })

  storeTest(
    'commits that are not awaited are numbered in the order of the calls',
    open,
    async store => {
      const revisions = await Promise.all(
        Array.from({ length: 50 }, (_, n) => put(store, `/k${n % 7}`, `${n}`)),
      )
      expect(revisions).toEqual(Array.from({ length: 50 }, (_, n) => n + 2))
      expect(await contents(store, '/k0')).toEqual(['/k0 51/2 49'])
    },
  )

  storeTest('each change of a commit has its own revision, in key order', open, async store => {
    await put(store, '/gone')
    const { revision, changes } = await store.commit({
      puts: [
        { key: '/b', value: bytes('1') },
        { key: '/a', value: bytes('2'), header: bytes('h') },
      ],
      deletes: ['/gone', '/absent'],
    })
    expect([revision, store.revision]).toEqual([5, 5])
    expect(changes.map(one => `${one.revision} ${changeText(one)}`)).toEqual([
      '3 /a: - -> 3=2',
      '4 /b: - -> 4=1',
      '5 /gone: 2= -> -',
    ])
    expect(await contents(store)).toEqual(['/a 3/3 [h] 2', '/b 4/4 1'])
  })

  storeTest('a commit that changes nothing takes no revision', open, async store => {
    await put(store, '/a')
    const watcher = new Recorder()
    store.watch('', 2, watcher)
    expect(await store.commit({})).toEqual({ revision: 2, changes: [] })
    expect(await remove(store, '/absent')).toBe(2)
    const kept = { preconditions: [{ key: '/a', revision: 2 }] }
    expect(await revisionOf(store, kept)).toBe(2)
    await turns()
    expect(watcher.lines).toEqual([])
    expect(await put(store, '/a')).toBe(3)
  })
}

function keyLifeCases(open: Open): void {
  storeTest('an unchanged value is a change all the same', open, async store => {
    await put(store, '/a', 'x')
    expect(await put(store, '/a', 'x')).toBe(3)
    expect(await contents(store)).toEqual(['/a 3/2 x'])
  })

  storeTest('a key that was deleted is created anew', open, async store => {
    await put(store, '/a', '1')
    await put(store, '/a', '2')
    await remove(store, '/a')
    await put(store, '/a', '3')
    expect(await contents(store)).toEqual(['/a 5/5 3'])
  })
}

const failing: readonly [string, Commit, object][] = [
  [
    'present, expected absent',
    { preconditions: [{ key: '/a', revision: 0 }] },
    { key: '/a', expected: 0, found: 2 },
  ],
  [
    'absent, expected present',
    { preconditions: [{ key: '/x', revision: 2 }] },
    { key: '/x', expected: 2, found: 0 },
  ],
  [
    'an older revision',
    { preconditions: [{ key: '/b', revision: 3 }] },
    { key: '/b', expected: 3, found: 4 },
  ],
  [
    'a deleted key',
    { preconditions: [{ key: '/gone', revision: 5 }] },
    { key: '/gone', expected: 5, found: 0 },
  ],
  [
    'the second of two',
    {
      preconditions: [
        { key: '/a', revision: 2 },
        { key: '/b', revision: 9 },
      ],
    },
    { key: '/b', expected: 9, found: 4 },
  ],
]

function preconditionCases(open: Open): void {
  for (const [what, commit, refusal] of failing) {
    storeTest(`a precondition refuses all of its commit: ${what}`, open, async store => {
      await put(store, '/a', 'a')
      await put(store, '/b', 'b')
      await put(store, '/b', 'c')
      await put(store, '/gone')
      await remove(store, '/gone')
      const before = await contents(store)
      const refused = store.commit({
        ...commit,
        puts: [{ key: '/new', value: bytes('') }],
        deletes: ['/a'],
      })
      await expect(refused).rejects.toMatchObject({ name: 'PreconditionFailed', ...refusal })
      expect(await contents(store)).toEqual(before)
      expect(await put(store, '/a')).toBe(7)
    })
  }

  storeTest('preconditions that hold let the commit through', open, async store => {
    await put(store, '/a')
    const change = {
      preconditions: [
        { key: '/a', revision: 2 },
        { key: '/b', revision: 0 },
      ],
    }
    const commit = { ...change, puts: [{ key: '/b', value: bytes('') }] }
    expect(await revisionOf(store, commit)).toBe(3)
  })
}

function raceCases(open: Open): void {
  storeTest('two commits in a row on one key need no waiting', open, async store => {
    const first = put(store, '/a', '1')
    const second = revisionOf(store, {
      preconditions: [{ key: '/a', revision: 2 }],
      puts: [{ key: '/a', value: bytes('2') }],
    })
    const gone = { preconditions: [{ key: '/a', revision: 3 }], deletes: ['/a'] }
    const third = revisionOf(store, gone)
    const fourth = revisionOf(store, {
      preconditions: [{ key: '/a', revision: 0 }],
      puts: [{ key: '/a', value: bytes('4') }],
    })
    expect(await Promise.all([first, second, third, fourth])).toEqual([2, 3, 4, 5])
    expect(await contents(store)).toEqual(['/a 5/5 4'])
  })

  storeTest('of two users who saw the same revision one wins', open, async (store, { other }) => {
    await put(store, '/a')
    const change = (value: string): Commit => ({
      preconditions: [{ key: '/a', revision: 2 }],
      puts: [{ key: '/a', value: bytes(value) }],
    })
    const both = await Promise.allSettled([
      store.commit(change('one')),
      other.commit(change('two')),
    ])
    expect(both.map(one => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    const winner = both[0].status === 'fulfilled' ? 'one' : 'two'
    expect(await contents(other)).toEqual([`/a 3/2 ${winner}`])
  })

  storeTest('of many who create one key exactly one wins', open, async store => {
    const tries = Array.from({ length: 40 }, (_, n) =>
      store.commit({
        preconditions: [{ key: '/a', revision: 0 }],
        puts: [{ key: '/a', value: bytes(`${n}`) }],
      }),
    )
    const settled = await Promise.allSettled(tries)
    expect(settled.filter(one => one.status === 'fulfilled')).toHaveLength(1)
    expect(store.revision).toBe(2)
  })
}

function valueCases(open: Open): void {
  storeTest(
    'an empty value and an empty header are kept as such',
    open,
    async (store, subject) => {
      await store.commit({
        puts: [
          { key: '/a', value: new Uint8Array() },
          { key: '/b', value: new Uint8Array(), header: new Uint8Array() },
        ],
      })
      await alsoAfterRestart(subject, async reopened => {
        const { entries } = await reopened.range('/')
        expect(entries.map(entry => [entry.size, entry.value().length])).toEqual([
          [0, 0],
          [0, 0],
        ])
        expect(entries.map(entry => entry.header?.length)).toEqual([undefined, 0])
      })
    },
  )

  storeTest(
    'large values, of all bytes, come back as they were',
    open,
    async (store, subject) => {
      const large = new Uint8Array(3 * 1024 * 1024)
      for (let n = 0; n < large.length; n++) large[n] = (n * 2_654_435_761) >>> 13
      const sizes = [1, 199, 200, 4096, 8192, 100_000, large.length]
      for (const size of sizes) {
        await store.commit({
          puts: [{ key: `/v${size}`, value: large.subarray(0, size), header: bytes('x') }],
        })
      }
      await alsoAfterRestart(subject, async reopened => {
        for (const entry of (await reopened.range('/v')).entries) {
          expect(entry.size).toBe(Number(entry.key.slice(2)))
          expect(Buffer.compare(entry.value(), large.subarray(0, entry.size))).toBe(0)
          expect(Buffer.compare(entry.borrow(), large.subarray(0, entry.size))).toBe(0)
        }
      })
    },
  )

  storeTest('a version that was read does not change with its key', open, async store => {
    await put(store, '/a', 'old')
    const [entry] = (await store.range('/a')).entries
    await put(store, '/a', 'new')
    expect([entry?.revision, new TextDecoder().decode(entry?.value())]).toEqual([2, 'old'])
    await remove(store, '/a')
    expect(new TextDecoder().decode(entry?.value())).toBe('old')
  })
}

const bugs: readonly [string, Commit, RegExp][] = [
  ['a key twice', { puts: [{ key: '/a', value: bytes('') }], deletes: ['/a'] }, /twice/],
  ['an empty key', { deletes: [''] }, /empty/],
  ['a key outside ASCII', { puts: [{ key: '/é', value: bytes('') }] }, /ASCII/],
  ['a key with a space', { puts: [{ key: '/a b', value: bytes('') }] }, /ASCII/],
  [
    'a key that is too long',
    { puts: [{ key: `/${'a'.repeat(1024)}`, value: bytes('') }] },
    /long/,
  ],
  [
    'a header that is too long',
    { puts: [{ key: '/a', value: bytes(''), header: new Uint8Array(4097) }] },
    /long/,
  ],
]

function refusalCases(open: Open): void {
  for (const [what, commit, message] of bugs) {
    storeTest(`a commit with ${what} is a bug of the caller`, open, async store => {
      await expect(store.commit(commit)).rejects.toMatchObject({ name: 'BugError' })
      await expect(store.commit(commit)).rejects.toThrow(message)
      expect(store.revision).toBe(1)
    })
  }

  storeTest('the longest key is kept', open, async (store, subject) => {
    const key = `/${'k'.repeat(1023)}`
    await put(store, key, 'v')
    const reopened = await (subject.reopen?.() ?? store)
    expect((await reopened.range(key)).entries.map(entry => entry.key)).toEqual([key])
  })

  storeTest('a closed store refuses everything, closing twice is harmless', open, async store => {
    const last = put(store, '/a')
    await Promise.all([store.close(), store.close()])
    expect(await last).toBe(2)
    const refused = { name: 'StoreClosed' }
    await expect(put(store, '/a')).rejects.toMatchObject(refused)
    await expect(store.range('/')).rejects.toMatchObject(refused)
    await expect(store.compact(1)).rejects.toMatchObject(refused)
    expect(() => store.watch('', 2, new Recorder())).toThrow('closed')
    await store.close()
  })
}
