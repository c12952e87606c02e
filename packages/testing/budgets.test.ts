import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { PodDisruptionBudget } from '@slicewise/kube'
import {
  type ControlPlane, type Deployment, type Pod, StatusError, type Stored, resources,
  startControlPlane,
} from './index.ts'

/** Evictions as clients ask for them, while every controller runs. */

const namespace = 'default'
const replicas = 4

const isReady = (pod: Stored<Pod>): boolean => !pod.metadata.deletionTimestamp &&
  pod.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') === true

async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const giveUpMs = Date.now() + 20_000
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (Date.now() > giveUpMs) throw new Error(`waited 20 s in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const podsOf = async ({ api }: ControlPlane): Promise<readonly Stored<Pod>[]> =>
  (await api.list<Pod>(resources.pods, { namespace, labelSelector: 'app=web' })).items

const budgetOf = ({ api }: ControlPlane): Promise<Stored<PodDisruptionBudget>> =>
  api.get(resources.poddisruptionbudgets, { name: 'web', namespace })

/** Four Pods, of which three must stay, ready and counted. */
async function makeGuarded(plane: ControlPlane): Promise<readonly Stored<Pod>[]> {
  const { api } = plane
  const selector = { matchLabels: { app: 'web' } }
  await api.create<PodDisruptionBudget>(resources.poddisruptionbudgets, {
    metadata: { name: 'web', namespace }, spec: { selector, minAvailable: 3 },
  })
  await api.create<Deployment>(resources.deployments, {
    metadata: { name: 'web', namespace },
    spec: {
      replicas, selector,
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'web:1' }] },
      },
    },
  })
  await until('one may go', async () => (await budgetOf(plane)).status?.disruptionsAllowed === 1)
  return podsOf(plane)
}

/** Whether it was granted; anything but a refusal by the budget is thrown. */
async function evict({ api }: ControlPlane, name: string): Promise<boolean> {
  try {
    await api.create(resources.pods, { metadata: { name } },
      { subresource: 'eviction', item: { name, namespace } })
    return true
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'TooManyRequests') throw error
    expect(error.details?.causes?.[0]?.reason).toBe('DisruptionBudget')
    return false
  }
}

test('evictions are refused while replacements are not ready, then granted', async () => {
  await using plane = await startControlPlane({ nodes: 2, speed: 4 })
  const pods = await makeGuarded(plane)
  expect(pods).toHaveLength(replicas)
  const least: number[] = []
  const refused: number[] = []
  for (const { metadata: { name } } of pods) {
    let refusals = 0
    await until(`${name} may go`, async () => {
      least.push((await podsOf(plane)).filter(isReady).length)
      const granted = await evict(plane, name)
      if (!granted) refusals++
      return granted
    })
    refused.push(refusals)
  }
  expect(refused[0]).toBe(0)
  expect(refused.slice(1).every((count) => count > 0)).toBe(true)
  expect(Math.min(...least)).toBe(3)
  await until('the budget is whole again', async () => {
    const { status } = await budgetOf(plane)
    return status?.currentHealthy === 4 && status.disruptionsAllowed === 1
      && status.disruptedPods === undefined
  })
  const names = new Set((await podsOf(plane)).filter(isReady).map((pod) => pod.metadata.name))
  expect(pods.some((pod) => names.has(pod.metadata.name))).toBe(false)
}, 60_000)

const hasKubectl = ((): boolean => {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

test.skipIf(!hasKubectl)('kubectl drain waits for the budget and ends', async () => {
  await using plane = await startControlPlane({ nodes: 2 })
  const pods = await makeGuarded(plane)
  const node = pods[0]?.spec?.nodeName ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'slicewise-drain-'))
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, plane.kubeconfig)
  try {
    const { stdout, stderr } = await promisify(execFile)('kubectl',
      ['--kubeconfig', kubeconfig, 'drain', node, '--timeout=50s'], { timeout: 60_000 })
    expect(stdout).toContain(`node/${node} drained`)
    // Both of its Pods cannot go at once; kubectl asks again every 5 seconds.
    expect(stderr).toContain('will retry after 5s')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const left = (await podsOf(plane)).filter((pod) => pod.spec?.nodeName === node)
  expect(left).toEqual([])
  await until('four Pods elsewhere', async () => (await podsOf(plane)).filter(isReady).length === 4)
}, 90_000)
