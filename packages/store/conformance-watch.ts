import { expect } from 'vitest'
import {
  type Open,
  Recorder,
  alsoAfterRestart,
  put,
  remove,
  storeTest,
} from './conformance-subject.ts'
import { bytes, turns } from './test-env.ts'

export function watchCases(open: Open): void {
  deliveryCases(open)
  turnCases(open)
  pastCases(open)
  endCases(open)
  neighbourCases(open)
}

function deliveryCases(open: Open): void {
  storeTest('a watch tells what came before and after each change', open, async store => {
    const watcher = new Recorder()
    store.watch('/a', 1, watcher)
    await put(store, '/a', 'one')
    await put(store, '/a', 'two')
    await put(store, '/b', 'unseen')
    await remove(store, '/a')
    await put(store, '/a', 'three')
    await watcher.reached(6)
    expect(watcher.lines).toEqual([
      '2 /a: - -> 2=one',
      '3 /a: 2=one -> 3=two',
      '5 /a: 3=two -> -',
      '6 /a: - -> 6=three',
    ])
    expect(watcher.changes.map(({ after }) => after?.created)).toEqual([2, 2, undefined, 6])
  })

  storeTest(
    'a commit of several keys is one call, in key order, cut to the prefix',
    open,
    async store => {
      const [all, some] = [new Recorder(), new Recorder()]
      store.watch('', 1, all)
      store.watch('/ab/', 1, some)
      await put(store, '/ab/9')
      const puts = ['/b', '/ab/2', '/ab/1', '/a'].map(key => ({ key, value: bytes('v') }))
      await store.commit({ puts, deletes: ['/ab/9'] })
      await all.reached(7)
      await some.reached(7)
      expect(all.revisions).toEqual([2, 7])
      expect(all.lines.slice(1)).toEqual([
        '3 /a: - -> 3=v',
        '4 /ab/1: - -> 4=v',
        '5 /ab/2: - -> 5=v',
        '6 /ab/9: 2= -> -',
        '7 /b: - -> 7=v',
      ])
      expect(some.lines.slice(1)).toEqual([
        '4 /ab/1: - -> 4=v',
        '5 /ab/2: - -> 5=v',
        '6 /ab/9: 2= -> -',
      ])
    },
  )

  storeTest(
    'a watch that starts within a commit gets what is left of it',
    open,
    async (store, subject) => {
      const puts = ['/a', '/b', '/c'].map(key => ({ key, value: bytes('1') }))
      await store.commit({ puts })
      await store.commit({ puts: [{ key: '/d', value: bytes('2') }], deletes: ['/a', '/b'] })
      const lines = [
        '2 /a: - -> 2=1', '3 /b: - -> 3=1', '4 /c: - -> 4=1',
        '5 /a: 2=1 -> -', '6 /b: 3=1 -> -', '7 /d: - -> 7=2',
      ]
      const calls = [[4, 7], [4, 7], [4, 7], [7], [7], [7]]
      await alsoAfterRestart(subject, async reopened => {
        for (const [n, revisions] of calls.entries()) {
          const watcher = new Recorder()
          reopened.watch('', n + 1, watcher)
          await watcher.reached(7)
          expect([watcher.revisions, watcher.lines]).toEqual([revisions, lines.slice(n)])
        }
      })
    },
  )
}

function turnCases(open: Open): void {
  storeTest('a watcher is never called inside a call of the store', open, async store => {
    const watcher = new Recorder()
    await put(store, '/a')
    let inside = true
    watcher.onCommit = () => expect(inside).toBe(false)
    const watch = store.watch('', 1, watcher)
    const done = put(store, '/b')
    inside = false
    await done
    await watcher.reached(3)
    inside = true
    watch.stop()
    expect(watcher.ended).toBeUndefined()
    inside = false
    expect(await watcher.over()).toBe('stopped')
  })

  storeTest('what a watch delivers can be read and is durable', open, async store => {
    const watcher = new Recorder()
    const late: string[] = []
    watcher.onCommit = revision => {
      if (store.revision < revision) late.push(`${revision} before ${store.revision}`)
    }
    store.watch('', 1, watcher)
    for (let n = 0; n < 30; n++) void put(store, '/a', `${n}`)
    await watcher.reached(31)
    expect(late).toEqual([])
    expect(watcher.revisions).toEqual(Array.from({ length: 30 }, (_, n) => n + 2))
  })
}

function pastCases(open: Open): void {
  storeTest('a watch starts after any revision of the past', open, async store => {
    for (let n = 2; n <= 300; n++) await put(store, `/k${n % 3}`, `${n}`)
    for (const after of [1, 2, 150, 299, 300]) {
      const watcher = new Recorder()
      store.watch('', after, watcher)
      if (after < 300) await watcher.reached(300)
      else await turns()
      const expected = Array.from({ length: 300 - after }, (_, n) => after + 1 + n)
      expect(watcher.revisions).toEqual(expected)
      for (const { before, after: entry } of watcher.changes) {
        expect(entry?.value()).toEqual(bytes(`${entry?.revision}`))
        if ((entry?.revision ?? 0) > 4)
          expect(before?.value()).toEqual(bytes(`${(entry?.revision ?? 0) - 3}`))
      }
    }
  })

  storeTest(
    'a watch that starts while commits are on their way misses none',
    open,
    async store => {
      const watchers: Recorder[] = []
      const commits: Promise<number>[] = []
      for (let n = 0; n < 60; n++) {
        commits.push(put(store, '/a', `${n}`))
        if (n % 5 !== 0) continue
        const watcher = new Recorder()
        store.watch('', 1, watcher)
        watchers.push(watcher)
        await turns(n % 3)
      }
      await Promise.all(commits)
      for (const watcher of watchers) {
        await watcher.reached(61)
        expect(watcher.revisions).toEqual(Array.from({ length: 60 }, (_, n) => n + 2))
      }
    },
  )

  storeTest('a watch after a revision of the future waits for it', open, async store => {
    const watcher = new Recorder()
    store.watch('', 4, watcher)
    for (const key of ['/a', '/b', '/c', '/d', '/e']) await put(store, key)
    await watcher.reached(6)
    expect(watcher.revisions).toEqual([5, 6])
  })
}

function endCases(open: Open): void {
  storeTest('a stopped watch says so once and delivers nothing more', open, async store => {
    const watcher = new Recorder()
    const watch = store.watch('', 1, watcher)
    await put(store, '/a')
    await watcher.reached(2)
    watch.stop()
    watch.stop()
    await put(store, '/b')
    expect(await watcher.over()).toBe('stopped')
    await turns()
    expect([watcher.revisions, watcher.ends]).toEqual([[2], 1])
  })

  storeTest('a watcher may stop its watch from inside', open, async store => {
    const watcher = new Recorder()
    await Promise.all([put(store, '/a'), put(store, '/b'), put(store, '/c')])
    const watch = store.watch('', 1, watcher)
    watcher.onCommit = () => watch.stop()
    expect(await watcher.over()).toBe('stopped')
    expect(watcher.revisions).toEqual([2])
  })

  storeTest('closing the store ends its watches', open, async store => {
    const watchers = [new Recorder(), new Recorder()]
    for (const watcher of watchers) store.watch('/x', 1, watcher)
    await put(store, '/a')
    await store.close()
    expect(watchers.map(watcher => [watcher.ended, watcher.ends])).toEqual([
      ['closed', 1],
      ['closed', 1],
    ])
  })
}

function neighbourCases(open: Open): void {
  storeTest('a watcher that throws fails alone', open, async store => {
    const [bad, good] = [new Recorder(), new Recorder()]
    bad.onCommit = () => {
      throw new Error('no')
    }
    store.watch('', 1, bad)
    store.watch('', 1, good)
    await put(store, '/a')
    await put(store, '/b')
    expect(await bad.over()).toBe('failed')
    await good.reached(3)
    expect([bad.revisions, good.revisions, good.ended]).toEqual([[2], [2, 3], undefined])
  })

  storeTest(
    'a watcher that takes its time gets everything, and commits go on',
    open,
    async store => {
      const [slow, quick] = [new Recorder(), new Recorder()]
      slow.onCommit = () => {
        const until = performance.now() + 2
        while (performance.now() < until) continue
      }
      store.watch('', 1, slow)
      store.watch('', 1, quick)
      await Promise.all(Array.from({ length: 200 }, (_, n) => put(store, '/a', `${n}`)))
      await slow.reached(201)
      await quick.reached(201)
      const all = Array.from({ length: 200 }, (_, n) => n + 2)
      expect([slow.revisions, quick.revisions]).toEqual([all, all])
    },
  )

  storeTest(
    'both users of one store see the commits of both, in one order',
    open,
    async (store, { other }) => {
      const [mine, theirs] = [new Recorder(), new Recorder()]
      store.watch('', 1, mine)
      other.watch('', 1, theirs)
      for (let n = 0; n < 40; n++) void put(n % 2 === 0 ? store : other, `/k${n % 5}`, `${n}`)
      await mine.reached(41)
      await theirs.reached(41)
      expect(theirs.lines).toEqual(mine.lines)
      expect(mine.revisions).toHaveLength(40)
    },
  )

  storeTest('a watcher may write, and sees its own write', open, async store => {
    const watcher = new Recorder()
    watcher.onCommit = revision => {
      if (revision < 12) void put(store, '/echo', `${revision}`)
    }
    store.watch('', 1, watcher)
    await put(store, '/a')
    await watcher.reached(12)
    expect(watcher.lines.at(-1)).toBe('12 /echo: 11=10 -> 12=11')
  })
}
