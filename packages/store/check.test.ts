import { afterAll, expect, test } from 'vitest'
import { type Invariant, checkStore, checkTables } from './check.ts'
import { openLmdbStore } from './lmdb.ts'
import { takeFolder } from './lmdb-folder.ts'
import { type TableWrite, Tables } from './lmdb-tables.ts'
import { bytes, temporaryFolder, testEnv } from './test-env.ts'

const { dir: root, remove } = temporaryFolder()
let count = 0

afterAll(remove)

/** /a 2 and 4, /b 3 and deleted in 5, /c 6 with a header; compacted up to 4 when asked. */
async function sample(compact: boolean): Promise<string> {
  const dir = `${root}${count++}`
  const store = await openLmdbStore(dir, testEnv)
  await store.commit({ puts: [{ key: '/a', value: bytes('one') }] })
  await store.commit({ puts: [{ key: '/b', value: bytes('two') }] })
  await store.commit({ puts: [{ key: '/a', value: bytes('three') }] })
  await store.commit({ deletes: ['/b'] })
  await store.commit({ puts: [{ key: '/c', value: bytes('four'), header: bytes('h') }] })
  if (compact) await store.compact(4)
  await store.close()
  return dir
}

const put = (key: string, previous = { revision: 0, n: 0 }, created = 7) =>
  ({ kind: 'put', key, previous, created, header: undefined, value: bytes('v') }) as const
const entry = (revision: number, size: number, created = revision) => ({
  revision,
  n: 0,
  created,
  size,
  header: undefined,
})

const breaks: readonly [string, boolean, TableWrite, Invariant][] = [
  ['a lost version', false, { table: 'log', at: { revision: 4, n: 0 } }, 'IndexHasItsVersion'],
  ['a lost deletion', false, { table: 'log', at: { revision: 5, n: 0 } }, 'HistoryIsWhole'],
  ['a lost history', false, { table: 'log', at: { revision: 3, n: 0 } }, 'PreviousIsThere'],
  ['a lost end', false, { table: 'settings', setting: 'revision', value: 8 }, 'HistoryIsWhole'],
  [
    'a counter that went back',
    false,
    { table: 'settings', setting: 'revision', value: 5 },
    'NothingNewerThanTheCounter',
  ],
  [
    'compacted ahead of the counter',
    false,
    { table: 'settings', setting: 'compacted', value: 9 },
    'SettingsInOrder',
  ],
  [
    'swept ahead of compacted',
    true,
    { table: 'settings', setting: 'swept', value: 5 },
    'SettingsInOrder',
  ],
  [
    'an index without an entry',
    false,
    { table: 'index', key: '/a', record: undefined },
    'IndexIsNewest',
  ],
  [
    'an index with a deleted entry',
    false,
    { table: 'index', key: '/b', record: entry(3, 3) },
    'IndexIsNewest',
  ],
  ['an index behind', false, { table: 'index', key: '/a', record: entry(2, 3) }, 'IndexIsNewest'],
  [
    'another size',
    false,
    { table: 'index', key: '/a', record: { ...entry(4, 9), created: 2 } },
    'IndexEqualsItsVersion',
  ],
  [
    'another creation',
    false,
    { table: 'index', key: '/a', record: entry(4, 5) },
    'IndexEqualsItsVersion',
  ],
  [
    'a header that is gone',
    false,
    { table: 'index', key: '/c', record: entry(6, 4) },
    'IndexEqualsItsVersion',
  ],
  [
    'a version of another key',
    false,
    { table: 'log', at: { revision: 4, n: 0 }, record: put('/z') },
    'IndexHasItsVersion',
  ],
  [
    'a creation that moved',
    false,
    { table: 'log', at: { revision: 4, n: 0 }, record: put('/a', { revision: 2, n: 0 }) },
    'CreatedIsKept',
  ],
  [
    'a version left over',
    true,
    { table: 'log', at: { revision: 2, n: 0 }, record: put('/z') },
    'CompactedIsGone',
  ],
  [
    'a number that is skipped',
    false,
    { table: 'log', at: { revision: 6, n: 2 }, record: put('/z') },
    'HistoryIsWhole',
  ],
]

for (const [what, compact, write, invariant] of breaks) {
  test(`the check finds ${what}`, async () => {
    const dir = await sample(compact)
    expect(await checkStore(dir, testEnv)).toEqual([])
    const folder = takeFolder(dir, testEnv)
    const tables = new Tables(dir, new Uint8Array())
    await tables.store([write])
    expect(checkTables(tables).map(finding => finding.invariant)).toContain(invariant)
    await tables.close()
    folder.release()
  })
}
