import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  type ControlPlane, type Deployment, type Pod, type Stored, resources, startControlPlane,
} from './index.ts'
import type { ItemRef } from '@slicewise/kube'

/** What workloads, Nodes and controllers do together, in one process over the real server. */

async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const giveUpMs = Date.now() + 20_000
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (Date.now() > giveUpMs) throw new Error(`waited 20 s in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const isReady = (pod: Stored<Pod>): boolean => !pod.metadata.deletionTimestamp &&
  pod.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') === true

async function podsOf({ api }: ControlPlane): Promise<readonly Stored<Pod>[]> {
  const selection = { namespace: 'default', labelSelector: 'app=web' }
  return (await api.list<Pod>(resources.pods, selection)).items
}

function readyPods(plane: ControlPlane, count: number): Promise<readonly Stored<Pod>[]> {
  return until(`${count} ready Pods`, async () => {
    const ready = (await podsOf(plane)).filter(isReady)
    return ready.length === count ? ready : undefined
  })
}

function makeDeployment(
  { api }: ControlPlane, replicas: number, annotations = {}, spec = {},
): Promise<unknown> {
  return api.create<Deployment>(resources.deployments, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas, selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' }, annotations },
        spec: { containers: [{ name: 'web', image: 'web:1' }], ...spec },
      },
    },
  })
}

function annotate(
  { api }: ControlPlane, ref: object, item: ItemRef, annotations: object,
): Promise<unknown> {
  const patch = { metadata: { annotations } }
  return api.patch(ref as typeof resources.pods, item, { type: 'merge', patch })
}

test('a stopped Node turns unready, its Pods are replaced, and it comes back', async () => {
  await using plane = await startControlPlane({ nodes: 3, speed: 200 })
  const tolerations = ['not-ready', 'unreachable'].map((name) => ({
    key: `node.kubernetes.io/${name}`, operator: 'Exists', effect: 'NoExecute',
    tolerationSeconds: 60,
  }))
  await makeDeployment(plane, 3, {}, { tolerations })
  const before = await readyPods(plane, 3)
  const node = before[0]?.spec?.nodeName ?? ''
  await annotate(plane, resources.nodes, { name: node }, { 'slicewise.internal/stopped': 'true' })
  const conditionIs = (status: string) => async (): Promise<boolean> =>
    (await plane.api.get(resources.nodes, { name: node })).status?.conditions
      ?.find((one) => one.type === 'Ready')?.status === status
  await until('the Node is Unknown', conditionIs('Unknown'))
  const after = await until('replacements', async () => {
    const ready = (await podsOf(plane)).filter((pod) => isReady(pod) && pod.spec?.nodeName !== node)
    return ready.length === 3 ? ready : undefined
  })
  expect(after.map((pod) => pod.spec?.nodeName)).not.toContain(node)
  const left = (await podsOf(plane)).filter((pod) => pod.spec?.nodeName === node)
  expect(left.every((pod) => Boolean(pod.metadata.deletionTimestamp))).toBe(true)
  await annotate(plane, resources.nodes, { name: node }, { 'slicewise.internal/stopped': null })
  await until('the Node is Ready', conditionIs('True'))
  await until('its old Pods are gone', async () => (await podsOf(plane)).length === 3)
}, 60_000)

test('a process that stalls over and over blames no Node for it', async () => {
  await using plane = await startControlPlane({ nodes: 3 })
  await makeDeployment(plane, 6)
  const uids = (pods: readonly Stored<Pod>[]): string[] =>
    pods.map((pod) => pod.metadata.uid).sort()
  const before = uids(await readyPods(plane, 6))
  const { metadata } = await plane.api.list(resources.nodes)
  const unwell: string[] = []
  const end = new AbortController()
  const watching = (async () => {
    const start = { resourceVersion: metadata.resourceVersion, signal: end.signal }
    for await (const event of plane.api.watch(resources.nodes, start)) {
      if (event.type !== 'BOOKMARK') unwell.push(JSON.stringify(event.object.status?.conditions))
    }
  })().catch(() => undefined)
  // Each stall is longer than the grace, which is two seconds here.
  for (let n = 0; n < 3; n++) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_500)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  end.abort()
  await watching
  expect(unwell).toEqual([])
  expect(uids(await readyPods(plane, 6))).toEqual(before)
}, 60_000)

test('Pods on a Node of somebody else are left alone', async () => {
  await using plane = await startControlPlane({ nodes: 1 })
  const { api } = plane
  await api.create(resources.nodes, { metadata: { name: 'foreign' } })
  const pod = await api.create<Pod>(resources.pods, {
    metadata: { name: 'theirs', namespace: 'default', labels: { app: 'theirs' } },
    spec: { nodeName: 'foreign', containers: [{ name: 'web', image: 'web:1' }] },
  })
  await makeDeployment(plane, 1)
  await readyPods(plane, 1)
  const found = await api.get<Pod>(resources.pods, { name: 'theirs', namespace: 'default' })
  expect(found.metadata.resourceVersion).toBe(pod.metadata.resourceVersion)
  expect(found.status?.podIPs).toBeUndefined()
})

/** One Pod with these annotations; answers when `holds` does. */
async function steered(
  annotations: Record<string, string>, holds: (pod: Stored<Pod>) => boolean, spec: object = {},
): Promise<void> {
  await using plane = await startControlPlane({ nodes: 1, speed: 50 })
  await plane.api.create<Pod>(resources.pods, {
    metadata: { name: 'a', namespace: 'default', labels: { app: 'web' }, annotations },
    spec: { containers: [{ name: 'web', image: 'web:1' }], ...spec },
  })
  await until(JSON.stringify(annotations), async () => (await podsOf(plane)).some(holds))
}

const prefix = 'slicewise.internal/'
const started = (pod: Stored<Pod>): number =>
  Date.parse(pod.status?.containerStatuses?.[0]?.state?.running?.startedAt ?? '')
const readyAt = (pod: Stored<Pod>): number => Date.parse(pod.status?.conditions
  ?.find((one) => one.type === 'Ready' && one.status === 'True')?.lastTransitionTime ?? '')

type Steered = [string, Record<string, string>, (pod: Stored<Pod>) => boolean, object]

test.each<Steered>([
  ['start-after', { [`${prefix}start-after`]: '100s' },
    (pod) => started(pod) - Date.parse(pod.metadata.creationTimestamp) >= 1_000, {}],
  ['ready-after', { [`${prefix}ready-after`]: '100s' },
    (pod) => readyAt(pod) - started(pod) >= 1_000, {}],
  ['never ready', { [`${prefix}ready`]: 'false' },
    (pod) => pod.status?.phase === 'Running' && !isReady(pod), {}],
  ['flapping', { [`${prefix}flap`]: '5s/5s' },
    (pod) => pod.status?.phase === 'Running' && !isReady(pod), {}],
  ['exit', { [`${prefix}exit-after`]: '5s', [`${prefix}exit-code`]: '3' },
    (pod) => pod.status?.phase === 'Failed' &&
      pod.status.containerStatuses?.[0]?.state?.terminated?.exitCode === 3,
    { restartPolicy: 'Never' }],
  ['restarts', { [`${prefix}exit-after`]: '5s' },
    (pod) => (pod.status?.containerStatuses?.[0]?.restartCount ?? 0) >= 2, {}],
])('steered by annotations: %s', async (_, annotations, holds, spec) => {
  await steered(annotations, holds, spec)
}, 30_000)

test('steered by annotations: a slow end, and a new sandbox', async () => {
  await using plane = await startControlPlane({ nodes: 1, speed: 10 })
  const { api } = plane
  await makeDeployment(plane, 1, { [`${prefix}end-after`]: '10s' })
  const [pod] = await readyPods(plane, 1) as [Stored<Pod>]
  const item = { name: pod.metadata.name, namespace: 'default' }
  await annotate(plane, resources.pods, item, { [`${prefix}sandbox`]: 'b' })
  const moved = await until('new addresses', async () => (await podsOf(plane)).find((one) =>
    isReady(one) && one.status?.podIP !== undefined && one.status.podIP !== pod.status?.podIP))
  expect(moved.metadata.uid).toBe(pod.metadata.uid)
  expect(moved.status?.podIPs).toHaveLength(2)
  const deletedMs = Date.now()
  await api.delete(resources.pods, item)
  await until('the Pod is gone', async () =>
    (await podsOf(plane)).every((one) => one.metadata.uid !== pod.metadata.uid))
  expect(Date.now() - deletedMs).toBeGreaterThanOrEqual(900)
}, 30_000)

test('after a restart on the same folder Pods go on and nothing unchanged is written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'workloads-'))
  const data = join(folder, 'data')
  const state = async (plane: ControlPlane): Promise<string[]> => {
    const { pods, replicasets, deployments, endpointslices } = resources
    const lists = await Promise.all([pods, replicasets, deployments, endpointslices]
      .map((ref) => plane.api.list(ref as typeof pods, { namespace: 'default' })))
    // The server's own slice names its port, which is another one after each start here.
    return lists.flatMap((list) => list.items).filter((one) => one.metadata.name !== 'kubernetes')
      .map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`).sort()
  }
  try {
    const first = await startControlPlane({ data })
    await makeDeployment(first, 6)
    await readyPods(first, 6)
    await until('a settled Deployment', async () => {
      const item = { name: 'web', namespace: 'default' }
      const one = await first.api.get<Deployment>(resources.deployments, item)
      return one.status?.availableReplicas === 6
    })
    const before = await state(first)
    await first.close()
    await using second = await startControlPlane({ data })
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(await state(second)).toEqual(before)
    await second.api.patch(resources.deployments, { name: 'web', namespace: 'default' },
      { type: 'merge', patch: { spec: { replicas: 8 } } })
    const ips = (await readyPods(second, 8)).map((pod) => pod.status?.podIP)
    expect(new Set(ips).size).toBe(8)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)

test('stopped in the middle of a rollout, the next start ends it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'workloads-'))
  const data = join(folder, 'data')
  try {
    const first = await startControlPlane({ data })
    await makeDeployment(first, 30)
    await until('some Pods', async () => (await podsOf(first)).filter(isReady).length > 5)
    await first.api.patch(resources.deployments, { name: 'web', namespace: 'default' }, {
      type: 'strategic',
      patch: { spec: { template: { spec: { containers: [{ name: 'web', image: 'web:2' }] } } } },
    })
    await first.close()
    await using second = await startControlPlane({ data })
    await until('only new Pods', async () => {
      const pods = await podsOf(second)
      return pods.length === 30 && pods.every((pod) =>
        isReady(pod) && pod.spec?.containers[0]?.image === 'web:2')
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)
