import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, closeSync, copyFileSync, existsSync, mkdirSync, openSync } from 'node:fs'
import {
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkStore } from './check.ts'
import { contents, put } from './conformance-subject.ts'
import { StoreUnusable, WriteRefused } from './contract.ts'
import { openLmdbStore } from './lmdb.ts'
import { readMeta } from './lmdb-file.ts'
import { buildChild, runChild } from './test-lmdb-process.ts'
import { bytes, temporaryFolder, testEnv } from './test-env.ts'

const { dir: root, remove } = temporaryFolder()
let count = 0
const freshDir = (): string => join(root, `${count++}`)

afterAll(remove)

/** A closed folder with one key of many values. */
async function filled(): Promise<string> {
  const dir = freshDir()
  const store = await openLmdbStore(dir, testEnv)
  for (let n = 0; n < 40; n++) {
    await store.commit({ puts: [{ key: `/k${n % 9}`, value: bytes(`${n} `.repeat(2000)) }] })
  }
  await store.close()
  return dir
}

async function refusal(dir: string): Promise<string> {
  const error = await openLmdbStore(dir, testEnv).then(
    async store => {
      await store.close()
      return new Error('it was opened')
    },
    (thrown: Error) => thrown,
  )
  expect(error).toBeInstanceOf(StoreUnusable)
  expect(error.message.split('\n')).toHaveLength(1)
  return error.message
}

test('only its owner may read what is stored, whatever the folder allows', async () => {
  const dir = freshDir()
  mkdirSync(dir, { recursive: true, mode: 0o755 })
  const store = await openLmdbStore(dir, testEnv)
  await store.close()
  expect(statSync(join(dir, 'data.mdb')).mode & 0o777).toBe(0o600)
})

const dataFile = (dir: string): string => join(dir, 'data.mdb')
const identityFile = (dir: string): string => join(dir, 'slicewise-store.json')

function overwrite(path: string, from: number, content: Uint8Array): void {
  const all = readFileSync(path)
  all.set(content, from)
  writeFileSync(path, all)
}

/** Without the room behind the last page, which may be cut. */
function usedBytes(dir: string): number {
  const file = openSync(dataFile(dir), 'r')
  const meta = readMeta(file)
  closeSync(file)
  if (typeof meta === 'string') throw new Error(meta)
  return (meta.lastPage + 1) * meta.pageSize
}

const damages: readonly [string, (dir: string) => void, RegExp][] = [
  [
    'a data file cut in half',
    dir => truncateSync(dataFile(dir), usedBytes(dir) / 2),
    /data\.mdb is damaged \(it is cut: .* restore/,
  ],
  [
    'a data file cut by one page',
    dir => truncateSync(dataFile(dir), usedBytes(dir) - 1),
    /it is cut/,
  ],
  ['an empty data file', dir => truncateSync(dataFile(dir), 0), /does not start as an lmdb file/],
  [
    'a data file of garbage',
    dir => writeFileSync(dataFile(dir), Buffer.alloc(200_000, 0xa5)),
    /does not start/,
  ],
  [
    'a garbage first page',
    dir => overwrite(dataFile(dir), 0, Buffer.alloc(8192, 0x5a)),
    /does not start/,
  ],
  [
    'a garbage second page',
    dir => overwrite(dataFile(dir), 8192, Buffer.alloc(8192, 0x5a)),
    /second page/,
  ],
  ['a text as data file', dir => writeFileSync(dataFile(dir), 'hello\n'), /does not start/],
  ['a missing data file', dir => rmSync(dataFile(dir)), /is damaged \(it is missing\)/],
  ['an empty identity', dir => truncateSync(identityFile(dir), 0), /cannot be read .* restore/],
  [
    'an identity of garbage',
    dir => writeFileSync(identityFile(dir), '{"store":"other"}'),
    /cannot be read/,
  ],
  [
    'a newer format',
    dir =>
      writeFileSync(identityFile(dir), '{"store":"slicewise","format":2,"id":"x","ready":true}'),
    /format 2, this release reads up to 1: use a newer release/,
  ],
]

for (const [what, damage, message] of damages) {
  test(`a folder with ${what} is refused, and left as it is`, async () => {
    const dir = await filled()
    damage(dir)
    const before = readdirSync(dir).map(name => [
      name,
      readFileSync(join(dir, name)).toString('base64'),
    ])
    expect(await refusal(dir)).toMatch(message)
    expect(
      readdirSync(dir).map(name => [name, readFileSync(join(dir, name)).toString('base64')]),
    ).toEqual(before)
  })
}

test('a folder of another program is refused, and gets no file of ours', async () => {
  const dir = freshDir()
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'precious.txt'), 'x')
  expect(await refusal(dir)).toMatch(
    /files of another program \(precious\.txt\): name an empty or a new folder/,
  )
  expect(readdirSync(dir)).toEqual(['precious.txt'])
})

test('an lmdb folder of another program is refused', async () => {
  const dir = await filled()
  rmSync(identityFile(dir))
  expect(await refusal(dir)).toMatch(/another program \(data\.mdb\)/)
})

test('what is not a folder is refused', async () => {
  const file = freshDir()
  mkdirSync(root, { recursive: true })
  writeFileSync(file, '')
  expect(await refusal(file)).toMatch(/is not a folder/)
  expect(await refusal(join(file, 'below'))).toMatch(/is not a folder/)
})

test('an empty folder, also one with lost+found, is taken', async () => {
  const dir = freshDir()
  mkdirSync(join(dir, 'lost+found'), { recursive: true })
  const store = await openLmdbStore(dir, testEnv)
  expect(await put(store, '/a')).toBe(2)
  await store.close()
})

test('a folder in use by this process is refused, also by another name', async () => {
  const dir = await filled()
  const store = await openLmdbStore(dir, testEnv)
  symlinkSync(dir, `${dir}-link`)
  for (const name of [dir, `${dir}-link`])
    expect(await refusal(name)).toMatch(`in use by this process (${process.pid})`)
  expect(await put(store, '/still')).toBe(42)
  await store.close()
  await (await openLmdbStore(`${dir}-link`, testEnv)).close()
})

test('a folder in use by another process is refused until that is gone', async () => {
  const dir = await filled()
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const gone = new Promise(resolve => child.once('exit', resolve))
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19]
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  const lock = { pid: child.pid, started: `${boot}/${stat}`, host: hostname() }
  writeFileSync(join(dir, 'lock'), JSON.stringify(lock))
  expect(await refusal(dir)).toMatch(`in use by process ${child.pid}: stop it first`)
  child.kill('SIGKILL')
  await gone
  await (await openLmdbStore(dir, testEnv)).close()
  expect(readdirSync(dir).sort()).toEqual(['data.mdb', 'lock.mdb', 'slicewise-store.json'])
})

const leftOvers: readonly [string, string][] = [
  [
    'of a process that is gone',
    JSON.stringify({ pid: 2 ** 22 - 3, started: 'x', host: hostname() }),
  ],
  [
    'of a process whose number was given anew',
    JSON.stringify({ pid: process.ppid, started: 'long ago', host: hostname() }),
  ],
  [
    'with the number of this process',
    JSON.stringify({ pid: process.pid, started: 'long ago', host: hostname() }),
  ],
  ['that is empty', ''],
  ['that is garbage', '{"pid":'],
]

for (const [what, content] of leftOvers) {
  test(`a lock ${what} is taken over`, async () => {
    const dir = await filled()
    writeFileSync(join(dir, 'lock'), content)
    const store = await openLmdbStore(dir, testEnv)
    expect(JSON.parse(readFileSync(join(dir, 'lock'), 'utf8'))).toMatchObject({
      pid: process.pid,
    })
    await store.close()
    expect(existsSync(join(dir, 'lock'))).toBe(false)
  })
}

test('of several that take a left-over lock at once exactly one gets the folder', async () => {
  const dir = await filled()
  const lock = { pid: 2 ** 22 - 3, started: 'x', host: hostname() }
  writeFileSync(join(dir, 'lock'), JSON.stringify(lock))
  const child = await buildChild(root)
  const runs = Array.from({ length: 4 }, () =>
    runChild([process.execPath, child, 'hold', dir, '4000']),
  )
  const said = (await Promise.all(runs)).map(({ lines }) => lines.join())
  expect(said.filter(one => one === 'held')).toHaveLength(1)
  expect(said.filter(one => one.startsWith('StoreUnusable'))).toHaveLength(3)
  expect(await checkStore(dir, testEnv)).toEqual([])
})

test('the lock of another machine counts while it is touched', async () => {
  const dir = await filled()
  const lock = join(dir, 'lock')
  writeFileSync(lock, JSON.stringify({ pid: 7, started: 'x', host: 'elsewhere' }))
  expect(await refusal(dir)).toMatch('in use by process 7 on elsewhere')
  const old = new Date(Date.now() - 25_000)
  utimesSync(lock, old, old)
  await (await openLmdbStore(dir, testEnv)).close()
})

test('a first start that was cut off is begun anew', async () => {
  const dir = freshDir()
  mkdirSync(dir, { recursive: true })
  writeFileSync(identityFile(dir), '{"store":"slicewise","format":1,"id":"first","ready":false}')
  writeFileSync(dataFile(dir), 'half a pa')
  const store = await openLmdbStore(dir, testEnv)
  expect(store.id).toBe('first')
  await put(store, '/a', 'x')
  await store.close()
  const again = await openLmdbStore(dir, testEnv)
  expect([again.id, await contents(again)]).toEqual(['first', ['/a 2/2 x']])
  await again.close()
})

test('the room that a data file has behind its last page may be cut', async () => {
  const dir = await filled()
  truncateSync(dataFile(dir), usedBytes(dir))
  expect(await checkStore(dir, testEnv)).toEqual([])
  const store = await openLmdbStore(dir, testEnv)
  expect(await put(store, '/a')).toBe(42)
  await store.close()
})

test('a copy of a folder holds the same, under the same identity', async () => {
  const dir = await filled()
  const copy = freshDir()
  mkdirSync(copy, { recursive: true })
  for (const name of ['data.mdb', 'slicewise-store.json'])
    copyFileSync(join(dir, name), join(copy, name))
  const [one, other] = [await openLmdbStore(dir, testEnv), await openLmdbStore(copy, testEnv)]
  expect(other.id).toBe(one.id)
  expect(await contents(other)).toEqual(await contents(one))
  await put(other, '/only-here')
  expect(one.revision).toBe(41)
  await one.close()
  await other.close()
  expect(await checkStore(copy, testEnv)).toEqual([])
})

const isRoot = process.getuid?.() === 0

test.skipIf(!isRoot)('a folder on a disk that is mounted read-only is refused', async context => {
  const dir = await filled()
  try {
    execFileSync('mount', ['--bind', dir, dir], { stdio: 'pipe' })
    execFileSync('mount', ['-o', 'remount,ro,bind', dir], { stdio: 'pipe' })
  } catch {
    console.warn('SKIPPED: no right to mount, so a read-only disk was not tried')
    return context.skip()
  }
  try {
    expect(await refusal(dir)).toMatch(/cannot be written \(EROFS\): give this user the right/)
    expect(await refusal(join(dir, 'below'))).toMatch(/cannot be written \(EROFS\)/)
  } finally {
    execFileSync('umount', [dir])
  }
})

test.skipIf(isRoot)('a folder without the right to write is refused', async () => {
  const dir = await filled()
  chmodSync(dir, 0o500)
  try {
    expect(await refusal(dir)).toMatch(/cannot be written \(EACCES\)/)
  } finally {
    chmodSync(dir, 0o700)
  }
})

test('where nothing can be made, that is said at once', async () => {
  expect(await refusal('/proc/slicewise/data')).toMatch(
    /^\/proc\/slicewise\/data cannot be written \(E\w+\): .*name another folder$/)
})

test('nothing is acknowledged once the data file is gone, and reads go on', async () => {
  const dir = freshDir()
  const store = await openLmdbStore(dir, testEnv)
  await store.commit({ puts: [{ key: '/a', value: bytes('1') }] })
  const { revision } = store
  renameSync(dir, `${dir}-aside`)
  const put = (value: string): Promise<unknown> =>
    store.commit({ puts: [{ key: '/a', value: bytes(value) }] })
  await expect(put('2')).rejects.toThrow(/refuses a write: .*data\.mdb was deleted or replaced: /)
  mkdirSync(dir)
  writeFileSync(dataFile(dir), 'another')
  await expect(put('3')).rejects.toThrow(WriteRefused)
  expect((await store.range('/')).entries.map((one) => one.revision)).toEqual([revision])
  rmSync(dir, { recursive: true })
  renameSync(`${dir}-aside`, dir)
  await put('4')
  await store.close()
  const again = await openLmdbStore(dir, testEnv)
  expect(again.revision).toBe(revision + 1)
  await again.close()
})
