/**
 * A large simulated cluster from nothing: `slicewise up` registers Nodes and brings the Pods of a
 * few Deployments to ready, over a memory store and over lmdb. Prints a table and writes
 * bench/results/pods.json:
 *
 *   npx tsx bench/pods.bench.ts [--nodes 1000] [--pods 10000] [--speed 100] [--data memory,lmdb]
 *
 * CPU is that of the whole server process, kubelets and controllers included, divided by Pods.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { HttpApi } from '@slicewise/client'
import { httpTransport, parseKubeconfig } from '@slicewise/client/node'
import { type Api, type Deployment, resources } from '@slicewise/kube'

interface Result {
  readonly data: string
  readonly nodes: number
  readonly pods: number
  readonly startMs: number
  readonly nodesMs: number
  readonly podsMs: number
  readonly podsPerSecond: number
  readonly cpuMsPerPod: number
  readonly residentMiB: number
}

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1000' },
    pods: { type: 'string', default: '10000' },
    speed: { type: 'string', default: '100' },
    data: { type: 'string', default: 'memory,lmdb' },
  },
})
const root = resolve(import.meta.dirname, '..')
const replicas = 1_000
const results: Result[] = []
for (const data of values.data.split(',')) results.push(await measure(data))
console.table(results)
const load = { cpus: cpus().length, loadavg: loadavg().map((one) => Number(one.toFixed(1))) }
mkdirSync(join(root, 'bench', 'results'), { recursive: true })
writeFileSync(
  join(root, 'bench', 'results', 'pods.json'),
  `${JSON.stringify(
    {
      measured: new Date().toISOString(),
      node: process.version,
      speed: Number(values.speed),
      load,
      results,
    },
    null,
    2,
  )}\n`,
)

async function measure(data: string): Promise<Result> {
  const scratch = mkdtempSync(join(tmpdir(), 'slicewise-bench-'))
  const kubeconfig = join(scratch, 'kubeconfig')
  const nodes = Number(values.nodes)
  const pods = Number(values.pods)
  const startedMs = Date.now()
  const child = spawn(
    process.execPath,
    [
      join(root, 'dist', 'cli.js'),
      'up',
      '--listen',
      '127.0.0.1:0',
      '--nodes',
      String(nodes),
      '--speed',
      values.speed,
      '--kubeconfig',
      kubeconfig,
      '--data',
      data === 'memory' ? 'memory' : join(scratch, 'data'),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  try {
    await until(() => existsSync(kubeconfig))
    const transport = httpTransport(await parseKubeconfig(readFileSync(kubeconfig, 'utf8'), '.'))
    const api = new HttpApi({ transport, userAgent: 'bench' })
    const startMs = Date.now() - startedMs
    await until(async () => (await readyNodes(api)) === nodes)
    const nodesMs = Date.now() - startedMs
    const cpuBefore = cpuMs(child.pid ?? 0)
    const podsStartMs = Date.now()
    await makeDeployments(api, pods)
    await until(async () => (await readyPods(api)) === pods)
    const podsMs = Date.now() - podsStartMs
    const cpu = cpuMs(child.pid ?? 0) - cpuBefore
    const residentMiB = residentOf(child.pid ?? 0)
    await transport.close()
    return {
      data,
      nodes,
      pods,
      startMs,
      nodesMs,
      podsMs,
      residentMiB,
      podsPerSecond: Math.round(pods / (podsMs / 1_000)),
      cpuMsPerPod: Number((cpu / pods).toFixed(2)),
    }
  } finally {
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGTERM')
    await ended
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function makeDeployments(api: Api, pods: number): Promise<void> {
  for (let made = 0; made < pods; made += replicas) {
    const app = `web-${made / replicas}`
    await api.create<Deployment>(resources.deployments, {
      metadata: { name: app, namespace: 'default' },
      spec: {
        replicas: Math.min(replicas, pods - made),
        selector: { matchLabels: { app } },
        template: {
          metadata: { labels: { app } },
          spec: { containers: [{ name: 'web', image: 'web:1' }] },
        },
      },
    })
  }
}

async function readyNodes(api: Api): Promise<number> {
  const { items } = await api.list(resources.nodes)
  return items.filter((node) =>
    node.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True'),
  ).length
}

async function readyPods(api: Api): Promise<number> {
  const { items } = await api.list(resources.replicasets)
  return items.reduce((sum, set) => sum + (set.status?.readyReplicas ?? 0), 0)
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpMs = Date.now() + 120_000
  while (!(await holds())) {
    if (Date.now() > giveUpMs) throw new Error('waited two minutes in vain')
    await new Promise((next) => setTimeout(next, 200))
  }
}

/** User and system time of a process so far; Linux counts in hundredths of a second. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function residentOf(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Math.round(Number(line?.[1]) / 1_024)
}
