/**
 * The API server over HTTPS: durable writes of 24 clients, lists of 10,000 Pods to the last byte,
 * and one event to 1,000 watchers; ours and, where its binaries are, the reference, in one run.
 * `npx tsx bench/http.bench.ts [PODS] [--alone]` prints a table and the same as one line of JSON.
 * Ours runs from source here; `npm run bench` measures the built program.
 */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Served } from './http/connection.ts'
import { referenceIsBuilt, startTheirs } from './http/servers.ts'
import { type Row, fullAmount, measure, residentMiB } from './http/work.ts'

const amount = { ...fullAmount, pods: Number(process.argv[2] ?? fullAmount.pods) }

async function measureOurs(): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-http-'))
  const child = fork(fileURLToPath(new URL('./http/serve.ts', import.meta.url)), [folder],
    { execArgv: ['--import', 'tsx'] })
  try {
    const served = await new Promise<Served>((resolve) => child.once('message', (message) =>
      resolve(message as Served)))
    return await measure(served, amount)
  } finally {
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('exit', resolve))
    rmSync(folder, { recursive: true })
  }
}

async function measureReference(): Promise<Row | undefined> {
  if (!referenceIsBuilt()) return undefined
  const server = await startTheirs()
  try {
    const row = await measure(server, amount)
    return { ...row, 'etcd resident, MiB': residentMiB(server.storePid ?? 0) }
  } finally {
    await server.stop()
  }
}

const ours = await measureOurs()
const reference = process.argv.includes('--alone') ? undefined : await measureReference()
const rounded = (value: number | undefined): string =>
  value === undefined ? '-' : value.toFixed(value < 100 ? 1 : 0)
for (const name of Object.keys({ ...reference, ...ours })) {
  console.log(name.padEnd(40), rounded(ours[name]).padStart(10),
    rounded(reference?.[name]).padStart(10))
}
console.log(JSON.stringify({ pods: amount.pods, ours, reference }))
