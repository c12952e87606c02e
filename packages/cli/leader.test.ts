import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from '@slicewise/base'
import { type ClusterAccess, parseKubeconfig } from '@slicewise/client/node'
import { type Api, type EndpointSlice, type Lease, type Pod, type Service, resources }
  from '@slicewise/kube'
import { type ControlPlane, startControlPlane } from '@slicewise/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyProgram, workFolder } from '../system/test-program.ts'
import { ObservedProcess, Observer } from './test-candidates.ts'
import { endAll } from './test-command.ts'

const { folder, remove } = workFolder()
let cli: string
let plane: ControlPlane
let api: Api
let to: ClusterAccess
beforeAll(async () => {
  cli = await copyProgram(folder)
  plane = await startControlPlane({ nodes: 0, controllers: ['-*'] })
  api = plane.api
  to = await parseKubeconfig(plane.kubeconfig, folder)
}, 60_000)
afterAll(async () => {
  await endAll()
  await plane.close()
  await remove()
})

/** Short terms, for a machine that is busy with other things as well. */
const terms = { durationMs: 3_000, renewMs: 2_000, retryMs: 300 }
const flags = [
  '--controllers', 'endpointslice,endpoints', '--leader-elect', '--leader-elect-lease-duration',
  `${terms.durationMs}ms`, '--leader-elect-renew-deadline', `${terms.renewMs}ms`,
  '--leader-elect-retry-period', `${terms.retryMs}ms`,
]
const kills = Number(process.env['SLICEWISE_LEADER_KILLS'] ?? 5)
const seed = Number(process.env['SLICEWISE_SEED'] ?? 1)

test(`${kills} leaders are killed under churn; nobody else ever writes`,
  { timeout: 60_000 + kills * 15_000 }, async () => {
    const churn = await Churn.start(api, seed)
    const observer = new Observer()
    const start = (name: string) =>
      ObservedProcess.start(name, { cli, folder, to, observer, flags })
    const all = [await start('a0'), await start('b0'), await start('c0')]
    const takeovers: number[] = []
    for (let kill = 0; kill <= kills; kill++) {
      const since = performance.now()
      const before = observer.holder
      await until(() => observer.holder !== '' && observer.holder !== before &&
        all.some((one) => one.name === observer.holder))
      if (kill > 0) takeovers.push(Math.round(performance.now() - since))
      await sleep(300)
      await churn.settled()
      if (kill === kills) break
      churn.goOn()
      await sleep(200 + churn.random() * 600)
      const at = all.findIndex((one) => one.name === observer.holder)
      all[at]?.kill('SIGKILL')
      await all[at]?.command.ended
      // Those that a busy machine made lose their lease are replaced as a Deployment would.
      for (const [index, one] of all.entries()) {
        if (!one.runs) all[index] = await start(`${one.name[0]}${kill + 1}`)
      }
    }
    churn.stop()
    expect(observer.wrong).toEqual([])
    // From the last renewal that they saw to the next try of those that wait; then the machine.
    const most = terms.durationMs + 2 * 2.2 * terms.retryMs + 4_000
    expect(Math.max(...takeovers)).toBeLessThan(most)
    process.stdout.write(`takeovers, ms: ${takeovers.join(' ')}\n`)
    await leaveInOrder(all, observer)
  })

/** One that is asked to stop gives the lease up: the next need not wait for its end. */
async function leaveInOrder(all: ObservedProcess[], observer: Observer): Promise<void> {
  const leader = all.find((one) => one.name === observer.holder)
  leader?.kill('SIGTERM')
  expect((await leader?.command.ended)?.code).toBe(0)
  const item = { name: 'slicewise-controllers', namespace: 'kube-system' }
  // The next one may have it already.
  const { spec } = await api.get<Lease>(resources.leases, item)
  expect(spec?.leaseTransitions).toBeGreaterThanOrEqual(kills)
  await until(() => observer.holder !== '' && observer.holder !== leader?.name)
  const rest = all.filter((one) => one !== leader)
  for (const one of rest) one.kill('SIGTERM')
  for (const one of rest) expect((await one.command.ended).code).toBe(0)
  expect(observer.wrong).toEqual([])
}

test('a leader that cannot renew ends with 1 and one line', { timeout: 60_000 }, async () => {
  const observer = new Observer()
  const own = [...flags, '--leader-elect-resource-name', 'alone']
  const one = await ObservedProcess.start('x', { cli, folder, to, observer, flags: own })
  await until(() => observer.holder === 'x')
  await sleep(500)
  // Its lease is in another's name now: it may not write again.
  await api.patch<Lease>(resources.leases, { name: 'alone', namespace: 'kube-system' },
    { type: 'merge', patch: { spec: { holderIdentity: 'thief' } } })
  const { code, stderr } = await one.command.ended
  expect(code).toBe(1)
  expect(stderr).toMatch(/^slicewise: no longer leading, thief has taken the lease$/m)
})

async function until(holds: () => boolean): Promise<void> {
  const giveUp = performance.now() + 30_000
  while (!holds()) {
    if (performance.now() > giveUp) throw new Error('it does not come about')
    await sleep(10)
  }
}

/** Pods of one Service that turn ready and unready, and what its slices have to say. */
class Churn {
  readonly random: () => number
  readonly #api: Api
  readonly #ready = new Map<string, boolean>()
  #state: 'on' | 'held' | 'over' = 'on'
  #run: Promise<void> = Promise.resolve()

  constructor(api: Api, seed: number) {
    this.#api = api
    this.random = seededRandom(seed)
  }

  static async start(api: Api, seed: number): Promise<Churn> {
    const churn = new Churn(api, seed)
    await api.create<Service>(resources.services, {
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 80 }] },
    })
    await api.create(resources.nodes, { metadata: { name: 'n' } })
    for (let index = 0; index < 30; index++) await churn.#makePod(`web-${index}`, index)
    churn.#run = churn.#turn()
    return churn
  }

  goOn(): void {
    this.#state = 'on'
    this.#run = this.#turn()
  }

  stop(): void {
    this.#state = 'over'
  }

  /** Holds the churn, and waits until the slices say exactly what the Pods do. */
  async settled(): Promise<void> {
    this.#state = 'held'
    await this.#run
    const wanted = [...this.#ready].map(([ip, ready]) => `${ip} ${ready}`).sort()
    const giveUp = performance.now() + 20_000
    for (;;) {
      const { items } = await this.#api.list<EndpointSlice>(
        resources.endpointslices, { labelSelector: 'kubernetes.io/service-name=web' })
      const found = items.flatMap(({ endpoints = [] }) => endpoints ?? [])
        .map(({ addresses, conditions }) => `${addresses[0]} ${conditions?.ready}`).sort()
      if (performance.now() > giveUp) expect(found).toEqual(wanted)
      if (JSON.stringify(found) === JSON.stringify(wanted)) return
      await sleep(50)
    }
  }

  async #makePod(name: string, index: number): Promise<void> {
    await this.#api.create<Pod>(resources.pods, {
      metadata: { name, namespace: 'default', labels: { app: 'web' } },
      spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] },
    } as Pod)
    await this.#setReady(name, `10.1.0.${index + 1}`, true)
  }

  async #setReady(name: string, ip: string, ready: boolean): Promise<void> {
    const status = {
      phase: 'Running', podIP: ip, podIPs: [{ ip }],
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    }
    await this.#api.patch(resources.pods, { name, namespace: 'default' },
      { type: 'merge', patch: { status } }, { subresource: 'status' })
    this.#ready.set(ip, ready)
  }

  async #turn(): Promise<void> {
    while (this.#state === 'on') {
      const index = Math.floor(this.random() * 30)
      const ip = `10.1.0.${index + 1}`
      await this.#setReady(`web-${index}`, ip, this.#ready.get(ip) !== true)
      await sleep(this.random() * 40)
    }
  }
}
