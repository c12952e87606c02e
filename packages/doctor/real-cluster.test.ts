import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { referenceIsBuilt } from '../../parity/reference/start.ts'
import type { ServiceReport } from './why-service.ts'
import {
  type RealCluster, namespaceReader, sliceControllers, startRealCluster,
} from './test-real-cluster.ts'
import { makeScenario, readScenarios, removeScenario } from './test-scenarios.ts'

/** A cause of each sort, and what raises no alarm; all stand on what the real controllers made. */
const chosen = [
  'label-one-of-two', 'other-namespace', 'readiness-probe', 'port-name', 'family', 'node-missing',
  'pod-terminating', 'pod-finished', 'unschedulable', 'fine-web', 'fine-headless',
  'fine-without-selector', 'fine-external-name', 'fine-scaled-to-zero', 'fine-mirrored',
  'pod-not-ready',
]

const suite = referenceIsBuilt() ? describe : describe.skip
if (!referenceIsBuilt()) console.warn('SKIPPED: the real components are not built')

let cluster: RealCluster

suite('why on a real cluster', () => {
  beforeAll(async () => { cluster = await startRealCluster(sliceControllers) }, 180_000)
  afterAll(async () => { await cluster.close() }, 30_000)

  test.each(readScenarios().filter(({ name }) => chosen.includes(name))
    .map((one) => [one.name, one] as const))('why: %s', async (_name, scenario) => {
    await makeScenario(cluster.api, scenario)
    const asked = `${scenario.kind === 'Service' ? 'svc' : 'pod'}/${scenario.about}`
    const why = () => cluster.slicewise('why', asked, '-n', 'shop', '--output', 'json')
    let answer = await why()
    const found = (): string[] => {
      const { findings } = JSON.parse(answer.stdout) as ServiceReport
      return [...new Set(findings.filter(({ severity }) => severity === 'fault')
        .map(({ id }) => id))].sort()
    }
    const wanted = [...scenario.findings].sort()
    for (let tries = 0; tries < 10 && found().join() !== wanted.join(); tries++) {
      answer = await why()
    }
    expect(found(), answer.stdout).toEqual(wanted)
    expect(answer.exit).toBe(scenario.exit)
    await removeScenario(cluster.api, scenario)
  }, 60_000)

  test('rights to one namespace are enough, and what could not be read is said', async () => {
    const [scenario] = readScenarios().filter(({ name }) => name === 'readiness-probe')
    if (scenario === undefined) throw new Error('no such scenario')
    await makeScenario(cluster.api, scenario)
    const reader = await namespaceReader(cluster, 'shop')
    const args = ['why', 'svc/web', '-n', 'shop']
    let answer = await cluster.slicewise(...args, '--output', 'json')
    for (let tries = 0; tries < 10 && answer.exit !== 3; tries++) {
      answer = await cluster.slicewise(...args, '--output', 'json')
    }
    const found = await cluster.slicewiseAs(reader, ...args, '--output', 'json')
    expect(found.exit, found.stderr).toBe(3)
    const report = JSON.parse(found.stdout) as ServiceReport
    expect(report.findings.filter(({ severity }) => severity === 'fault').map(({ id }) => id))
      .toEqual(['ReadinessProbeFails'])
    expect(report.unread.map(({ what, why }) => `${what} ${why}`).sort())
      .toEqual(['namespaces "shop" Forbidden', 'nodes Forbidden'])
    const text = await cluster.slicewiseAs(reader, ...args)
    expect(text.stdout).toContain('nodes: no right to')
    const elsewhere = await cluster.slicewiseAs(reader, 'why', 'svc/kubernetes', '-n', 'default')
    expect(elsewhere.exit).toBe(1)
    expect(elsewhere.stdout).toContain('cannot be explained: it could not be read.')
    const shadow = await cluster.slicewiseAs(reader, 'controllers', '--shadow')
    expect(shadow.exit).toBe(1)
    expect(shadow.stderr).toMatch(/^slicewise: may not list \w+ of all namespaces/)
    const nobody = await cluster.slicewise('why', 'web', '-n', 'shop')
    expect([nobody.exit, nobody.stderr]).toEqual([2,
      'slicewise: why takes svc/NAME or pod/NAME, not "web": try slicewise why svc/web\n'])
    await removeScenario(cluster.api, scenario)
  }, 60_000)
})
