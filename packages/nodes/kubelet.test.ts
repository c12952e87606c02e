import { type Pod, type PodStatus, type Stored } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { VirtualEnv } from '../../tools/testkit/virtual-env.ts'
import { Kubelet } from './kubelet.ts'
import { SimulatedRuntime } from './runtime.ts'
import { annotations } from './steering.ts'

const nodeAddresses = ['198.18.0.1', 'fd00:198:18::1']
const podCIDRs = ['10.0.1.0/24', 'fd00:0:0:1::/64']

/** One kubelet and one Pod whose status is kept as the server would keep it. */
class Bench {
  readonly env = new VirtualEnv()
  kubelet = this.#fresh()
  pod: Stored<Pod> | undefined
  writes = 0

  constructor(pod: { annotations?: Record<string, string>; spec?: object } = {}) {
    this.pod = {
      metadata: {
        name: 'a',
        namespace: 'default',
        uid: 'u',
        resourceVersion: '1',
        generation: 1,
        creationTimestamp: '2026-01-01T00:00:00Z',
        annotations: pod.annotations ?? {},
      },
      spec: { containers: [{ name: 'web', image: 'web:1' }], nodeName: 'n', ...pod.spec },
      status: { phase: 'Pending' },
    } as Stored<Pod>
  }

  restart(): void {
    this.kubelet = this.#fresh()
  }

  /** Looks, writes and waits as often as the kubelet asks for, within so many ms. */
  async run(ms: number): Promise<PodStatus | undefined> {
    const endMs = this.env.nowMs() + ms
    while (this.pod !== undefined && this.env.nowMs() <= endMs) {
      const { steps, againMs = Infinity } = this.kubelet.plan(this.pod)
      for (const step of steps) this.#apply(step as never)
      if (steps.length > 0 && this.pod !== undefined) continue
      await this.env.advance(Math.min(againMs, endMs - this.env.nowMs() + 1))
    }
    return this.pod?.status
  }

  change(metadata: object): void {
    const pod = this.pod as Stored<Pod>
    this.pod = { ...pod, metadata: { ...pod.metadata, ...metadata } }
  }

  #apply(step: { verb: string; patch?: { patch: { status: PodStatus } } }): void {
    this.writes++
    if (step.verb === 'delete') {
      this.pod = undefined
      return
    }
    const status = structuredClone(step.patch?.patch.status) as PodStatus
    const podIPs = (status.podIPs ?? []).filter((one) => !('$patch' in one))
    const pod = this.pod as Stored<Pod>
    const ours = new Set(status.conditions?.map((one) => one.type))
    const others = (pod.status?.conditions ?? []).filter((one) => !ours.has(one.type))
    const conditions = [...others, ...(status.conditions ?? [])]
    this.pod = {
      ...pod,
      status: { ...pod.status, ...status, conditions, ...(status.podIPs ? { podIPs } : {}) },
    }
  }

  #fresh(): Kubelet {
    const runtime = new SimulatedRuntime({ podCIDRs, nodeAddresses })
    return new Kubelet({ env: this.env, speed: 1, runtime, nodeAddresses })
  }
}

const isReady = (status: PodStatus | undefined): string | undefined =>
  status?.conditions?.find((one) => one.type === 'Ready')?.status
const ips = (status: PodStatus | undefined): string[] =>
  (status?.podIPs ?? []).map((one) => one.ip)

test('a Pod starts with two writes, dual-stack addresses and then rests', async () => {
  const bench = new Bench()
  const status = await bench.run(5_000)
  expect(isReady(status)).toBe('True')
  expect(ips(status)).toEqual(['10.0.1.2', 'fd00:0:0:1::2'])
  expect(status?.hostIPs).toEqual(nodeAddresses.map((ip) => ({ ip })))
  expect(bench.writes).toBe(2)
  await bench.run(600_000)
  expect(bench.writes).toBe(2)
})

test('after a restart nothing is written and the addresses stay', async () => {
  const bench = new Bench()
  const before = await bench.run(5_000)
  bench.restart()
  const after = await bench.run(60_000)
  expect(bench.writes).toBe(2)
  expect(after).toEqual(before)
})

test('a Pod that was starting goes on after a restart', async () => {
  const bench = new Bench({ annotations: { [annotations.startAfter]: '10s' } })
  await bench.run(4_000)
  bench.restart()
  await bench.run(5_000)
  expect(bench.pod?.status?.phase).toBe('Pending')
  await bench.run(2_000)
  expect(bench.pod?.status?.phase).toBe('Running')
})

test('a new sandbox text gives the same Pod new addresses', async () => {
  const bench = new Bench()
  const before = ips(await bench.run(5_000))
  bench.change({ annotations: { [annotations.sandbox]: '2' } })
  await bench.run(100)
  expect(isReady(bench.pod?.status)).toBe('False')
  const after = ips(await bench.run(5_000))
  expect(after).toHaveLength(2)
  expect(after).not.toEqual(before)
  expect(isReady(bench.pod?.status)).toBe('True')
})

test('a deleted Pod ends within its grace and goes', async () => {
  const bench = new Bench()
  await bench.run(5_000)
  bench.change({ deletionTimestamp: '2026-01-01T00:01:00Z', deletionGracePeriodSeconds: 30 })
  await bench.run(500)
  expect(bench.pod).toBeDefined()
  await bench.run(1_000)
  expect(bench.pod).toBeUndefined()
})

test('a Pod deleted before it had a container goes too', async () => {
  const bench = new Bench({ annotations: { [annotations.startAfter]: '60s' } })
  await bench.run(1_000)
  bench.change({ deletionTimestamp: '2026-01-01T00:01:00Z', deletionGracePeriodSeconds: 5 })
  await bench.run(6_000)
  expect(bench.pod).toBeUndefined()
})

test('a Pod in the network of its Node has the addresses of the Node', async () => {
  const bench = new Bench({ spec: { hostNetwork: true } })
  expect(ips(await bench.run(5_000))).toEqual(nodeAddresses)
})

test('an annotation that cannot be read is told once', () => {
  const bench = new Bench({ annotations: { [annotations.readyAfter]: 'soon' } })
  const pod = bench.pod as Stored<Pod>
  expect(bench.kubelet.plan(pod).events?.map((one) => one.reason)).toEqual(['BadAnnotation'])
  expect(bench.kubelet.plan(pod).events).toBeUndefined()
})

test('a readiness gate keeps a Pod unready until somebody opens it', async () => {
  const bench = new Bench({ spec: { readinessGates: [{ conditionType: 'example.com/open' }] } })
  expect(isReady(await bench.run(5_000))).toBe('False')
  const pod = bench.pod as Stored<Pod>
  const conditions = [
    ...(pod.status?.conditions ?? []),
    {
      type: 'example.com/open', status: 'True' as const, lastProbeTime: null,
      lastTransitionTime: null,
    },
  ]
  bench.pod = { ...pod, status: { ...pod.status, conditions } }
  expect(isReady(await bench.run(1_000))).toBe('True')
})
