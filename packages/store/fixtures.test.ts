import { cpSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { checkStore } from './check.ts'
import { Recorder, entryText, put } from './conformance-subject.ts'
import { openLmdbStore } from './lmdb.ts'
import { temporaryFolder, testEnv } from './test-env.ts'

// Folders that releases left behind. Every later release opens them; none is ever changed.
const fixtures = fileURLToPath(new URL('fixtures', import.meta.url))

/** What the folders hold for Pod `n`, written in round `round`. */
const pod = (n: number, round: number): string => {
  const filler = Array.from(
    { length: 40 },
    (_, i) => `${round + n}-${i}-${((round + n) * 7919 * i) % 1_000_003}`,
  )
  const metadata = { name: `web-${round + n}`, namespace: 'default' }
  return JSON.stringify({ kind: 'Pod', apiVersion: 'v1', metadata, filler })
}

const expected = [
  '/empty 14/14 [] ',
  '/last 20/20 last',
  ...[1, 2, 3].map(n => `/pods/default/web-${n} ${15 + n}/${2 + n} ${pod(n, 100)}`),
  ...[4, 5, 6, 7, 8, 9].map(n => `/pods/default/web-${n} ${2 + n}/${2 + n} [h${n}] ${pod(n, 0)}`),
  '/services/default/web 14/14 {}',
]

test.each(readdirSync(fixtures))(
  'a folder of %s is opened, read, watched and written',
  async format => {
    const { dir, remove } = temporaryFolder()
    cpSync(`${fixtures}/${format}`, dir, { recursive: true })
    try {
      expect(await checkStore(dir, testEnv)).toEqual([])
      const store = await openLmdbStore(dir, testEnv)
      expect([store.id, store.revision, store.compacted]).toEqual([
        '00000000-0000-4000-8000-00000000f1f1',
        20,
        15,
      ])
      expect((await store.range('/')).entries.map(entryText)).toEqual(expected)
      const watcher = new Recorder()
      store.watch('/pods/', 15, watcher)
      await watcher.reached(20)
      expect(watcher.lines.at(-1)).toBe(`20 /pods/default/web-0: 15=${pod(0, 100)} -> -`)
      expect(watcher.lines[0]).toBe(`16 /pods/default/web-1: 3=${pod(1, 0)} -> 16=${pod(1, 100)}`)
      expect(await put(store, '/more')).toBe(21)
      await store.compact(21)
      await store.close()
      expect(await checkStore(dir, testEnv)).toEqual([])
    } finally {
      remove()
    }
  },
)
