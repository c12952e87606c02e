import { expect } from 'vitest'
import { Compacted } from './contract.ts'
import {
  type Open,
  Recorder,
  alsoAfterRestart,
  contents,
  put,
  remove,
  storeTest,
} from './conformance-subject.ts'
import { turns } from './test-env.ts'

export function historyCases(open: Open): void {
  compactionCases(open)
  compactionMeanwhileCases(open)
  restartCases(open)
}

function compactionCases(open: Open): void {
  storeTest(
    'compaction leaves the current entries and what came after it',
    open,
    async (store, subject) => {
      await put(store, '/a', '1')
      await put(store, '/b', '2')
      await put(store, '/a', '3')
      await remove(store, '/b')
      await put(store, '/a', '4')
      await put(store, '/c', '5')
      await store.compact(4)
      await alsoAfterRestart(subject, async reopened => {
        expect(reopened.compacted).toBe(4)
        expect(await contents(reopened)).toEqual(['/a 6/2 4', '/c 7/7 5'])
        const watcher = new Recorder()
        reopened.watch('', 4, watcher)
        await watcher.reached(7)
        expect(watcher.lines).toEqual(['5 /b: 3=2 -> -', '6 /a: 4=3 -> 6=4', '7 /c: - -> 7=5'])
        expect(() => reopened.watch('', 3, new Recorder())).toThrow(Compacted)
        expect(() => reopened.watch('', 0, new Recorder())).toThrow('up to revision 4')
      })
    },
  )

  storeTest('compaction never goes back, nor ahead of the newest revision', open, async store => {
    for (const value of ['1', '2', '3']) await put(store, '/a', value)
    await store.compact(3)
    await store.compact(2)
    expect(store.compacted).toBe(3)
    await expect(store.compact(5)).rejects.toThrow('future')
    await store.compact(4)
    expect(store.compacted).toBe(4)
    expect(await contents(store)).toEqual(['/a 4/2 3'])
    expect(await put(store, '/a', '4')).toBe(5)
  })
}

function compactionMeanwhileCases(open: Open): void {
  storeTest(
    'a watcher behind the compaction ends, one that has seen it goes on',
    open,
    async store => {
      const [seen, behind] = [new Recorder(), new Recorder()]
      store.watch('', 1, seen)
      await put(store, '/a')
      await put(store, '/a')
      await seen.reached(3)
      // Nothing tells this watcher of the two commits before its next turn: then it is too late.
      store.watch('', 1, behind)
      await store.compact(3)
      await put(store, '/a')
      await seen.reached(4)
      await turns()
      // It may have been served in the meantime; what it must not do is skip.
      if (behind.ended === undefined) expect(behind.revisions).toEqual([2, 3, 4])
      else
        expect([behind.ended, behind.revisions.slice(0, 2)]).toEqual([
          'compacted',
          [2, 3].slice(0, behind.revisions.length),
        ])
      expect(seen.ended).toBeUndefined()
    },
  )

  storeTest('compactions at once, and while commits are on their way', open, async store => {
    const commits = Array.from({ length: 400 }, (_, n) => put(store, `/k${n % 10}`, `${n}`))
    await commits[200]
    await Promise.all([store.compact(150), store.compact(50), store.compact(100)])
    await Promise.all(commits)
    expect(store.compacted).toBe(150)
    await store.compact(401)
    expect((await contents(store)).map(line => line.split(' ')[2])).toEqual(
      Array.from({ length: 10 }, (_, n) => `${390 + n}`),
    )
  })
}

function restartCases(open: Open): void {
  storeTest('a restart keeps entries, revision and history', open, async (store, { reopen }) => {
    if (reopen === undefined) return
    await put(store, '/a', '1')
    await put(store, '/b', '2')
    await put(store, '/a', '3')
    await remove(store, '/b')
    const again = await reopen()
    expect([again.revision, again.compacted]).toEqual([5, 0])
    expect(await contents(again)).toEqual(['/a 4/2 3'])
    const watcher = new Recorder()
    again.watch('', 2, watcher)
    expect(await put(again, '/a', '5')).toBe(6)
    await watcher.reached(6)
    expect(watcher.lines).toEqual([
      '3 /b: - -> 3=2',
      '4 /a: 2=1 -> 4=3',
      '5 /b: 3=2 -> -',
      '6 /a: 4=3 -> 6=5',
    ])
  })

  storeTest(
    'a commit of deletions only has its revision after a restart, also when compacted',
    open,
    async (store, { reopen }) => {
      if (reopen === undefined) return
      await put(store, '/a')
      await remove(store, '/a')
      const again = await reopen()
      expect(again.revision).toBe(3)
      await again.compact(3)
      const third = await reopen()
      expect([third.revision, third.compacted]).toEqual([3, 3])
      expect(await put(third, '/a')).toBe(4)
    },
  )

  storeTest(
    'a long history is watched from its start after a restart',
    open,
    async (store, { reopen }) => {
      if (reopen === undefined) return
      const commits = Array.from({ length: 6_000 }, (_, n) => put(store, `/k${n % 100}`, `${n}`))
      await Promise.all(commits)
      const again = await reopen()
      const watcher = new Recorder()
      again.watch('/k7', 1, watcher)
      await watcher.reached(5_980)
      expect(watcher.revisions.length).toBe(11 * 60)
      expect(watcher.lines[1]).toBe('72 /k70: - -> 72=70')
    },
  )
}
