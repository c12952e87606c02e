import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from '@slicewise/base'
import { type Cache, CacheSet, HttpApi } from '@slicewise/client'
import { httpTransport, readKubeconfig } from '@slicewise/client/node'
import {
  type Api, type EndpointSlice, type Pod, type ResourceRef, type Service, StatusError, resources,
} from '@slicewise/kube'
import { nodeEnv } from '@slicewise/system/node'
import { expect, test } from 'vitest'
import { type Running, run } from '../../../parity/reference/processes.ts'
import { referenceBin, referenceIsBuilt, startReference } from '../../../parity/reference/start.ts'
import { EndpointSliceController } from './controller.ts'
import { nodeBody, podBody, serviceBody } from './scenarios/bodies.ts'

/**
 * The same history given to kube-controller-manager and to this controller, both on the real
 * kube-apiserver. Run with SLICEWISE_PARITY=1 where the real components have been built; minutes.
 */
const asked = process.env['SLICEWISE_PARITY'] === '1' && referenceIsBuilt()
/** Nothing has happened for this long: nothing more will (the reference waits a second at most). */
const quietMs = 1_600

type Run = (api: Api, namespace: string) => Promise<void>
interface Step { readonly what: string; readonly run: Run }
interface Seen { readonly what: string; readonly slices: string[]; readonly writes: number }

/** Everything fits into one slice for each port group, so that nothing is left to chance. */
const max = 100

test.skipIf(!asked)('step by step the slices and the number of writes are the same', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'slicewise-parity-'))
  const reference = await startReference({ dir, unsafeNoFsync: true })
  try {
    const transport = httpTransport(await readKubeconfig(reference.kubeconfig))
    const api = new HttpApi({ transport, userAgent: 'slicewise-parity' })
    for (const node of ['n1', 'n2']) {
      await api.create(resources.nodes, { ...nodeBody({ zone: `zone-${node}` }),
        metadata: { ...nodeBody({ zone: `zone-${node}` }).metadata, name: node } })
    }
    const steps = history(Number(process.env['SLICEWISE_SEED'] ?? '1'), 45)
    const theirs = await run(join(referenceBin(), 'kube-controller-manager'), [
      `--kubeconfig=${reference.kubeconfig}`, '--controllers=endpointslice-controller',
      '--leader-elect=false', '--secure-port=0', `--max-endpoints-per-slice=${max}`,
    ], join(dir, 'controller-manager.log'))
    const expected = await play(api, 'theirs', steps, theirs)
    const ours = startOurs(api)
    const found = await play(api, 'ours', steps, ours)
    const different = (side: Seen[], other: Seen[]) => side.flatMap((one, index) =>
      (JSON.stringify(one) === JSON.stringify(other[index]) ? [] : [{ step: index, ...one }]))
    expect(expected.some(({ writes }) => writes > 0)).toBe(true)
    expect(different(found, expected)).toEqual(different(expected, found))
  } finally {
    await reference.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}, 600_000)

function startOurs(api: Api): Pick<Running, 'end'> {
  const env = nodeEnv()
  const end = new AbortController()
  const caches = new CacheSet({ api, env, signal: end.signal })
  const running = new EndpointSliceController({
    env, api, caches, signal: end.signal,
    options: { maxEndpointsPerSlice: max, endpointSliceBatchMs: 0 },
  }).run()
  return { end: async () => {
    end.abort()
    await running
  } }
}

async function play(
  api: Api, namespace: string, steps: readonly Step[], controller: Pick<Running, 'end'>,
): Promise<Seen[]> {
  const end = new AbortController()
  const caches = new CacheSet({ api, env: nodeEnv(), signal: end.signal })
  const slices = caches.of<EndpointSlice>(resources.endpointslices, { namespace })
  await slices.whenSynced()
  let writes = 0
  let lastMs = performance.now()
  slices.onChange(() => {
    writes++
    lastMs = performance.now()
  })
  await api.create(resources.namespaces, { metadata: { name: namespace } })
  await api.create(resources.serviceaccounts, { metadata: { name: 'default', namespace } })
  const seen: Seen[] = []
  for (const step of steps) {
    writes = 0
    await step.run(api, namespace)
    lastMs = performance.now()
    while (performance.now() - lastMs < quietMs) await sleep(50)
    seen.push({ what: step.what, slices: textOf(slices), writes })
  }
  await controller.end()
  end.abort()
  return seen
}

/** Everything about the slices of a namespace but names, uids, revisions and times. */
function textOf(slices: Cache<EndpointSlice>): string[] {
  return [...slices.values()].map((slice) => {
    const { labels, ownerReferences, generateName, annotations } = slice.metadata
    const endpoints = (slice.endpoints ?? []).map(({ targetRef, ...endpoint }) => JSON.stringify(
      [targetRef?.name, targetRef?.kind, Object.entries(endpoint).sort()],
    )).sort()
    const ports = (slice.ports ?? []).map((port) => JSON.stringify(Object.entries(port).sort()))
    return JSON.stringify({
      generateName, labels: Object.entries(labels ?? {}).sort(),
      annotated: annotations !== undefined,
      owners: ownerReferences?.map(({ uid: _, ...owner }) => Object.entries(owner).sort()),
      type: slice.addressType, ports: ports.sort(), endpoints,
    })
  }).sort()
}

/** One history of single changes, each a function of the namespace it is played in. */
function history(seed: number, length: number): Step[] {
  const random = seededRandom(seed)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const steps: Step[] = [putService({}), putPod('a', {}), putPod('b', {})]
  for (let i = 0; i < length; i++) {
    const name = pick(['a', 'b', 'c', 'd', 'e'])
    const kind = random()
    if (kind < 0.35) {
      const ip = pick(['10.1.0.1', '10.1.0.2', '10.1.0.3,fd00::3'])
      steps.push(putPod(name, {
        ip, ready: pick(['true', 'true', 'false']), since: pick(['09:00', '09:30']),
        ports: pick(['http:8080', 'http:8080', 'http:9090']),
      }))
    } else if (kind < 0.5) {
      steps.push(relabel(name, pick(['app=cart', 'app=cart', 'app=pay'])))
    } else if (kind < 0.65) {
      steps.push(drop(resources.pods, name))
    } else if (kind < 0.9) {
      steps.push(putService({
        labels: pick(['', 'tier=a']), publishNotReady: pick(['false', 'true']),
        ports: pick(['web:80->http/TCP', 'web:80->8080/TCP', 'web:80->8080/TCP,dns:53->53/UDP']),
      }))
    } else {
      steps.push(meddle)
    }
  }
  return [...steps, drop(resources.services, 'cart'), putService({ uid: 'new' })]
}

const step = (what: string, run: Run): Step => ({ what, run })
const text = (options: Record<string, string>): string =>
  Object.entries(options).map(([key, value]) => `${key}=${value}`).join(' ')

const putService = (options: Record<string, string>): Step =>
  step(`service ${text(options)}`, async (api, namespace) => {
    const { metadata, spec } = serviceBody('cart', { ports: 'web:80->http/TCP', ...options })
    const { clusterIP: _, ...rest } = spec ?? {}
    const labels = { tier: null, ...(metadata as { labels?: object }).labels }
    const item = { namespace, name: 'cart' }
    const patch = { metadata: { labels }, spec: rest }
    await orCreate(() => api.patch<Service>(resources.services, item, { type: 'merge', patch }),
      () => api.create<Service>(resources.services, { metadata: item, spec: rest }))
  })

/** Reports a Pod's status; makes the Pod when there is none. */
const putPod = (name: string, options: Record<string, string>): Step =>
  step(`pod ${name} ${text(options)}`, async (api, namespace) => {
    const { metadata, spec, status } = podBody({ ip: '10.1.0.1', ports: 'http:8080', ...options })
    const { labels } = metadata as { labels: Record<string, string> }
    const item = { namespace, name }
    const containers = (spec?.containers ?? []).map((one) => ({ ...one, image: 'i' }))
    const report = () => api.patch<Pod>(resources.pods, item, { type: 'merge', patch: { status } },
      { subresource: 'status' })
    await orCreate(report, async () => {
      await api.create<Pod>(resources.pods, {
        metadata: { ...item, labels }, spec: { ...spec, containers, nodeName: 'n1' },
      })
      await report()
    })
  })

const relabel = (name: string, label: string): Step =>
  step(`relabel ${name} ${label}`, async (api, namespace) => {
    const [key = '', value = ''] = label.split('=')
    const patch = { metadata: { labels: { [key]: value } } }
    await api.patch<Pod>(resources.pods, { namespace, name }, { type: 'merge', patch })
      .catch(unlessNotFound)
  })

const drop = (ref: ResourceRef, name: string): Step =>
  step(`drop ${ref.resource} ${name}`, async (api, namespace) => {
    await api.delete(ref, { namespace, name }, { gracePeriodSeconds: 0 }).catch(unlessNotFound)
  })

/** Labels the first slice by what it holds, behind the controller's back. */
const meddle: Step = step('meddle', async (api, namespace) => {
  const { items } = await api.list<EndpointSlice>(resources.endpointslices, { namespace })
  const [first] = [...items].sort((a, b) =>
    (a.endpoints?.length ?? 0) - (b.endpoints?.length ?? 0) || a.addressType.length)
  if (first === undefined) return
  await api.patch(resources.endpointslices, { namespace, name: first.metadata.name }, {
    type: 'merge', patch: { metadata: { labels: { q: '1' } } },
  })
})

async function orCreate(
  patch: () => Promise<unknown>, create: () => Promise<unknown>,
): Promise<void> {
  await patch().catch(async (error: unknown) => {
    unlessNotFound(error)
    await create()
  })
}

function unlessNotFound(error: unknown): void {
  if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error
}
