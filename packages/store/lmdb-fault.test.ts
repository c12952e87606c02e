import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { checkStore } from './check.ts'
import { Recorder, put, revisionOf } from './conformance-subject.ts'
import { WriteRefused } from './contract.ts'
import { openLmdbStore } from './lmdb.ts'
import { type Ended, buildChild, runChild } from './test-lmdb-process.ts'
import { temporaryFolder, testEnv } from './test-env.ts'

/** Mounts a small disk for `run`; says loudly when it cannot. */
async function onSmallDisk(run: (mount: string) => Promise<void>): Promise<'done' | 'skipped'> {
  const { dir, remove } = temporaryFolder()
  mkdirSync(dir, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', dir], { stdio: 'pipe' })
  } catch {
    console.warn('SKIPPED: no right to mount a small disk, so a full one was not tried')
    remove()
    return 'skipped'
  }
  try {
    await run(dir)
  } finally {
    execFileSync('umount', [dir])
    remove()
  }
  return 'done'
}

const random = (key: string, size: number) => ({ puts: [{ key, value: randomBytes(size) }] })

test('a full disk refuses writes, not reads, and takes writes again later', async context => {
  const outcome = await onSmallDisk(async mount => {
    const dir = join(mount, 'data')
    const store = await openLmdbStore(dir, testEnv)
    const watcher = new Recorder()
    store.watch('', 1, {
      commit: revision => watcher.commit(revision, []),
      end: reason => watcher.end(reason),
    })
    const stored = new Map<string, number>()
    const fill = async (): Promise<unknown> => {
      for (let n = 0; n < 400; n++) {
        try {
          stored.set(`/k${n}`, await revisionOf(store, random(`/k${n}`, 20_000)))
        } catch (error) {
          return error
        }
      }
      return undefined
    }
    const refused = await fill()
    expect(refused).toBeInstanceOf(WriteRefused)
    expect((refused as Error).message).toMatch(/the disk of .* is full/)
    expect(store.revision).toBe(stored.size + 1)
    const many = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => store.commit(random(`/m${n}`, 20_000))),
    )
    expect(many.filter(one => one.status === 'rejected')).toHaveLength(20)
    const { entries } = await store.range('')
    expect(
      entries.map(entry => [entry.key, entry.revision, entry.value().length]).sort(),
    ).toEqual([...stored].map(([key, revision]) => [key, revision, 20_000]).sort())
    execFileSync('mount', ['-o', 'remount,size=40m', mount])
    expect(await put(store, '/room')).toBe(stored.size + 2)
    await watcher.reached(stored.size + 2)
    expect(watcher.revisions).toEqual(Array.from({ length: stored.size + 1 }, (_, n) => n + 2))
    await store.close()
    expect(await checkStore(dir, testEnv)).toEqual([])
  })
  if (outcome === 'skipped') context.skip()
})

test('a new folder on a full disk is refused, and taken when there is room', async context => {
  const outcome = await onSmallDisk(async mount => {
    const dir = join(mount, 'data')
    writeFileSync(join(mount, 'fat'), Buffer.alloc(3 * 1024 * 1024 - 100_000))
    await expect(openLmdbStore(dir, testEnv)).rejects.toThrow(
      /^the disk of .* is full: make room first$/,
    )
    rmSync(join(mount, 'fat'))
    const store = await openLmdbStore(dir, testEnv)
    expect(await put(store, '/a')).toBe(2)
    await store.close()
  })
  if (outcome === 'skipped') context.skip()
})

/** What a run of the child's `steps` acknowledged and refused, and that it read back the first. */
function expectHonest({ lines }: Ended): { stored: number; refused: number } {
  const stored = lines
    .filter(line => line.startsWith('stored '))
    .map(line => line.slice('stored '.length))
  const refused = lines.filter(line => line.startsWith('WriteRefused '))
  const read = lines
    .filter(line => line.startsWith('read '))
    .map(line => line.slice('read '.length))
  expect(lines.at(-1)).toBe('closed')
  expect(read.sort()).toEqual(stored.map(line => `${line} whole`).sort())
  expect(stored.map(line => Number(line.split(' ')[1]))).toEqual(stored.map((_, n) => n + 2))
  return { stored: stored.length, refused: refused.length }
}

async function withChild(run: (child: string, dir: string) => Promise<void>): Promise<void> {
  const { dir, remove } = temporaryFolder()
  mkdirSync(dirname(dir), { recursive: true })
  try {
    await run(await buildChild(dirname(dir)), dir)
  } finally {
    remove()
  }
}

test('a file that may not grow refuses writes and goes on reading', () =>
  withChild(async (child, dir) => {
    const limited = `trap "" XFSZ; ulimit -f 2500; exec "$0" "$@"`
    const ended = await runChild([
      'bash',
      '-c',
      limited,
      process.execPath,
      child,
      'steps',
      dir,
      '700',
    ])
    const { stored, refused } = expectHonest(ended)
    expect(stored).toBeGreaterThan(5)
    expect(refused).toBeGreaterThan(5)
    expect(await checkStore(dir, testEnv)).toEqual([])
    const store = await openLmdbStore(dir, testEnv)
    expect(await put(store, '/later')).toBe(stored + 2)
    await store.close()
  }))

/**
 * Every kind of call fails at some place: the room that is made, data pages, the flush, the meta
 * page. Data pages are written short instead of not at all: see `lmdb-reserve.ts`.
 */
const faults: readonly string[] = [
  ...[12, 13, 14, 15, 16, 17].map(when => `pwrite64:retval=0:when=${when}`),
  'pwrite64:retval=0:when=10+7',
  'writev:retval=0:when=3+3',
  'fdatasync:error=EIO:when=6',
  'fdatasync:error=EIO:when=6+3',
]

for (const fault of faults) {
  test(`a write that fails is refused and the next one goes on: ${fault}`, context =>
    withChild(async (child, dir) => {
      const inject = [
        'strace',
        '-f',
        '-o',
        '/dev/null',
        '-e',
        'trace=pwrite64,writev,fdatasync',
        '-e',
        `inject=${fault}`,
      ]
      const ended = await runChild([
        ...inject,
        process.execPath,
        child,
        'steps',
        dir,
        '30',
      ]).catch(() => undefined)
      if (ended === undefined) {
        console.warn(`SKIPPED: strace is not here, so ${fault} was not tried`)
        return context.skip()
      }
      const { stored, refused } = expectHonest(ended)
      expect(stored + refused).toBe(30)
      expect(refused).toBeLessThan(30)
      expect(await checkStore(dir, testEnv)).toEqual([])
      const store = await openLmdbStore(dir, testEnv)
      expect(store.revision).toBe(stored + 1)
      await store.close()
    }))
}
