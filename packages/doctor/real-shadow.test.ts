import { type EndpointSlice, type Stored, resources } from '@slicewise/kube'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { referenceIsBuilt } from '../../parity/reference/start.ts'
import type { ShadowReport } from './shadow.ts'
import {
  type RealCluster, makeServices, sliceControllers, startRealCluster,
} from './test-real-cluster.ts'

const suite = referenceIsBuilt() ? describe : describe.skip
if (!referenceIsBuilt()) console.warn('SKIPPED: the real components are not built')

let cluster: RealCluster

/** The slice that holds an endpoint of this Pod, and where. */
async function placeOf(app: string, pod: string): Promise<[Stored<EndpointSlice>, number]> {
  const { items } = await cluster.api.list<EndpointSlice>(resources.endpointslices, {
    namespace: 'default', labelSelector: `kubernetes.io/service-name=${app}`,
  })
  for (const slice of items) {
    const at = slice.endpoints.findIndex(({ targetRef }) => targetRef?.name === pod)
    if (at >= 0) return [slice, at]
  }
  throw new Error(`${pod} stands in no slice of ${app}`)
}

/** Edits the readiness of one endpoint as a person would. */
async function edit(app: string, pod: string, value = false): Promise<string> {
  const [{ metadata }, at] = await placeOf(app, pod)
  await cluster.api.patch(resources.endpointslices, { namespace: 'default', name: metadata.name }, {
    type: 'json',
    patch: [{ op: 'replace', path: `/endpoints/${at}/conditions/ready`, value }],
  }, { fieldManager: 'kubectl-edit' })
  return metadata.name
}

suite('the shadow of the real kube-controller-manager', () => {
  beforeAll(async () => {
    cluster = await startRealCluster(sliceControllers)
    await makeServices(cluster.api, 10, 30)
  }, 180_000)
  afterAll(async () => { await cluster.close() }, 30_000)

  test('agrees on 300 Pods of 10 Services', async () => {
    const waited = await cluster.slicewise('why', 'svc/app-9', '--wait', '25', '--timeout', '60s')
    expect(waited.exit, waited.stderr).toBe(0)
    const agreed = await cluster.slicewise('controllers', '--shadow', '--output', 'json')
    expect(JSON.parse(agreed.stdout), agreed.stderr).toMatchObject({
      agrees: true, services: 10, endpoints: 300, differing: [], unsettled: 0,
    })
    expect(agreed.exit).toBe(0)
  }, 120_000)

  test('does not count an edit that is about to be put right', async () => {
    await edit('app-4', 'app-4-1')
    const after = await cluster.slicewise('controllers', '--shadow')
    expect(after.stdout).toMatch(/^They agree: 10 Services/)
    expect(after.exit).toBe(0)
  }, 60_000)

  test('tells an edit that nobody puts right, and exactly that', async () => {
    await cluster.stopControllers()
    const slice = await edit('app-1', 'app-1-1')
    const found = await cluster.slicewise('controllers', '--shadow', '--output', 'json')
    expect(found.exit, found.stderr).toBe(3)
    const { differing } = JSON.parse(found.stdout) as ShadowReport
    expect(differing.map(({ name }) => name)).toEqual(['app-1'])
    expect(differing[0]?.differences).toHaveLength(1)
    expect(differing[0]?.differences).toMatchObject([{
      id: 'ReadyWrong', slice, pod: 'app-1-1', expected: 'true', found: 'false',
      reason: 'the Pod is ready since 2026-03-01T09:00:00Z',
      lastWriter: { manager: 'kubectl-edit' },
    }])
    const why = await cluster.slicewise('why', 'svc/app-1')
    expect(why.exit).toBe(3)
    expect(why.stdout).toMatch(/last written by kubectl-edit \d+s ago {2}\[ReadyWrong\]/)
  }, 60_000)
  test('goes on with --watch, and ends with what it saw last', async () => {
    const watch = cluster.start('controllers', '--shadow', '--watch')
    await watch.printed('They differ: 1 of 10 Services')
    await edit('app-1', 'app-1-1', true)
    await watch.printed('They agree: 10 Services')
    await edit('app-2', 'app-2-2')
    await watch.printed('default/app-2: 1 difference')
    expect(await watch.end()).toBe(3)
  }, 90_000)
})
