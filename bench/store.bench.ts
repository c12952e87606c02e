/**
 * The lmdb engine alone: durable commits with 24 writers, reopening, memory, compaction.
 * Run with `npx tsx bench/store.bench.ts [ROUNDS]`; prints a table, then the same as JSON.
 * Each round writes into a folder of its own; medians with the smallest and the largest.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Env, silentLog } from '@slicewise/base'
import { type LmdbStore, openLmdbStore } from '@slicewise/store/lmdb'
import { samplePod } from './samples.ts'

const env: Env = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  after: (ms, run) => {
    const timer = ms === 0 ? setImmediate(run) : setTimeout(run, ms).unref()
    return () => (ms === 0 ? clearImmediate(timer as never) : clearTimeout(timer as never))
  },
  random: Math.random,
  uid: () => crypto.randomUUID(),
  log: silentLog,
  checked: false,
}

const writers = 24
const [, , mode = '5', dir = ''] = process.argv
const rounds = mode === 'open' ? 0 : Number(mode)
const header = Buffer.alloc(96, 'h')
/** Brings a Pod to 5 KB. */
const annotation = Array.from({ length: 45 }, (_, n) => `setting-${n}=${n * 7919}`).join(' ')

/** Pods that differ where real ones do. */
function podBytes(n: number, phase: string): Buffer {
  const text = JSON.stringify({
    ...samplePod(),
    annotation,
    status: { phase, podIP: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}` },
  })
  return Buffer.from(text.replaceAll('web', `web-${(n * 7919).toString(36)}`))
}

const keyOf = (n: number): string => `/pods/default/web-${(n * 7919).toString(36)}`

/** `count` commits by all writers; resolves to their latencies in ms. */
async function write(
  store: LmdbStore,
  values: readonly Buffer[],
): Promise<{ perSecond: number; latencies: number[] }> {
  const latencies: number[] = []
  let next = 0
  const start = performance.now()
  const writer = async (): Promise<void> => {
    while (next < values.length) {
      const n = next++
      const from = performance.now()
      await store.commit({ puts: [{ key: keyOf(n), value: values[n] as Buffer, header }] })
      latencies.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: writers }, writer))
  const perSecond = values.length / ((performance.now() - start) / 1000)
  return { perSecond, latencies: latencies.sort((a, b) => a - b) }
}

/** Longest pause of the event loop while `run` runs, in ms. */
async function longestBlock(run: () => Promise<void>): Promise<number> {
  let longest = 0
  let last = performance.now()
  let over = false
  const tick = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (!over) setImmediate(tick)
  }
  tick()
  await run()
  over = true
  return longest
}

async function fillOnce(dir: string, count: number): Promise<Record<string, number>> {
  const store = await openLmdbStore(dir, env)
  const created = Array.from({ length: count }, (_, n) => podBytes(n, 'Pending'))
  const patched = Array.from({ length: count }, (_, n) => podBytes(n, 'Running'))
  const create = await write(store, created)
  const patch = await write(store, patched)
  const compactMs = performance.now()
  const block = await longestBlock(() => store.compact(store.revision))
  const compacted = performance.now() - compactMs
  await store.close()
  return {
    'value, bytes': created[0]?.length ?? 0,
    'creates/s': create.perSecond,
    'create p50, ms': create.latencies[count >> 1] ?? 0,
    'create p99, ms': create.latencies[Math.floor(count * 0.99)] ?? 0,
    'patches/s': patch.perSecond,
    'compaction of as many, ms': compacted,
    'its longest pause, ms': block,
    'file, MB': statSync(join(dir, 'data.mdb')).size / 1e6,
  }
}

/** In a process of its own, so that memory is the store's. */
async function openOnce(dir: string): Promise<Record<string, number>> {
  global.gc?.()
  const before = process.memoryUsage().rss
  const start = performance.now()
  const store = await openLmdbStore(dir, env)
  const opened = performance.now() - start
  global.gc?.()
  const after = process.memoryUsage().rss
  const from = performance.now()
  const { entries } = await store.range('/')
  let bytes = 0
  for (const entry of entries) bytes += entry.value().length
  const read = performance.now() - from
  const result = {
    objects: entries.length,
    'open, ms': opened,
    'memory of the process, MiB': after / 2 ** 20,
    'memory added by opening, MiB': (after - before) / 2 ** 20,
    'read all values, ms': read,
    'memory after reading all, MiB': process.memoryUsage().rss / 2 ** 20,
    'values, MB': bytes / 1e6,
  }
  await store.close()
  return result
}

function openInProcess(dir: string): Record<string, number> {
  const args = ['--expose-gc', '--import', 'tsx', fileURLToPath(import.meta.url), 'open', dir]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Record<
    string,
    number
  >
}

function summary(runs: readonly Record<string, number>[]): Record<string, string> {
  const text: Record<string, string> = {}
  for (const name of Object.keys(runs[0] ?? {})) {
    const sorted = runs.map(run => run[name] ?? 0).sort((a, b) => a - b)
    const [low, middle, high] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)].map(one =>
      (one ?? 0).toFixed(1),
    )
    text[name] = low === high ? `${middle}` : `${middle} (${low} to ${high})`
  }
  return text
}

async function main(): Promise<void> {
  const results: Record<string, Record<string, number>[]> = {}
  for (const count of [10_000, 20_000]) {
    const [written, opened]: Record<string, number>[][] = [[], []]
    for (let round = 0; round < rounds; round++) {
      const parent = mkdtempSync(join(tmpdir(), 'slicewise-bench-'))
      written?.push(await fillOnce(join(parent, 'data'), count))
      opened?.push(openInProcess(join(parent, 'data')))
      rmSync(parent, { recursive: true })
    }
    results[`${count} objects, written`] = written ?? []
    results[`${count} objects, opened`] = opened ?? []
  }
  for (const [title, runs] of Object.entries(results)) {
    console.log(title)
    for (const [name, value] of Object.entries(summary(runs)))
      console.log(`  ${name.padEnd(32)} ${value}`)
  }
  console.log(JSON.stringify({ bench: 'store', node: process.version, rounds, writers, results }))
}

if (mode === 'open') console.log(JSON.stringify(await openOnce(dir)))
else await main()
