/**
 * What a write costs the server beside TLS and HTTP: bodies of 5 KB Pods are parsed, pass the
 * registry and are stored, and the answer is spliced; 24 at a time, in memory and on disk.
 * `npx tsx bench/writes.bench.ts [pods] [rounds]` prints microseconds of CPU, medians of the
 * rounds, and the same as one line of JSON. Measures the bundled code, as `slicewise` runs it.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Figures } from './writes/run.ts'

const [pods = 5_000, rounds = 3] = process.argv.slice(2).map(Number)
const root = fileURLToPath(new URL('..', import.meta.url))
// Beside the installed packages: lmdb is found from there.
const program = join(root, 'node_modules/.cache/bench/writes.mjs')
await build({
  entryPoints: [join(root, 'bench/writes/run.ts')], outfile: program, bundle: true,
  format: 'esm', platform: 'node', target: 'node20', logLevel: 'warning',
  external: ['lmdb', 'yaml', '@peculiar/x509', 'jose', 'reflect-metadata'],
})

const median = (all: readonly number[]): number =>
  [...all].sort((a, b) => a - b)[all.length >> 1] ?? 0

const result: Record<string, Record<string, Figures>> = {}
for (const engine of ['memory', 'lmdb']) {
  const runs: Record<string, Figures>[] = []
  for (let round = 0; round < rounds; round++) {
    const text = execFileSync(process.execPath, [program, String(pods), engine])
    runs.push(JSON.parse(text.toString()))
  }
  const figures = (result[engine] ??= {})
  for (const name of Object.keys(runs[0]!)) {
    const us = median(runs.map((run) => run[name]!.us))
    const gcUs = median(runs.map((run) => run[name]!.gcUs))
    figures[name] = { us, gcUs }
    console.log(`${engine.padEnd(8)}${name.padEnd(28)}${us.toFixed(0).padStart(6)} µs, of which ${
      gcUs.toFixed(0)} µs of collection`)
  }
}
console.log(JSON.stringify({ pods, result }))
