import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { HttpApi } from '@slicewise/client'
import { httpTransport, readKubeconfig } from '@slicewise/client/node'
import { type Api, type EndpointSlice, type Endpoints, type Event, resources }
  from '@slicewise/kube'
import type { Reference } from '../reference/start.ts'
import { kubectl } from './cluster.ts'

const program = join(import.meta.dirname, '..', '..', 'dist', 'cli.js')
const port = 18_257

export interface ScenarioOptions {
  readonly reference: Reference
  /** The folder of the ServiceAccount. */
  readonly account: string
  readonly namespace: string
  /** Ends early when what was refused so far says enough. */
  readonly until?: (forbidden: readonly string[]) => boolean
}

export interface ScenarioResult {
  /** What did not come about. */
  readonly faults: readonly string[]
  /** Log lines about refused requests. */
  readonly forbidden: readonly string[]
  readonly metrics: string
}

/** A Node that all namespaces share. */
export async function prepareWorld(kubeconfig: string): Promise<void> {
  kubectl(kubeconfig, ['apply', '-f', '-'], {
    apiVersion: 'v1', kind: 'Node',
    metadata: { name: 'n', labels: { 'topology.kubernetes.io/zone': 'a' } },
  })
  await sleep(100)
}

/** Runs the program as in a Pod while a namespace goes through everything that it acts on. */
export async function runScenario(options: ScenarioOptions): Promise<ScenarioResult> {
  const { reference, account, namespace, until = () => false } = options
  const transport = httpTransport(await readKubeconfig(reference.kubeconfig))
  const api = new HttpApi({ transport, userAgent: 'deploy/1' })
  await makeBefore(api, namespace)
  kubectl(reference.kubeconfig, ['delete', 'lease', 'slicewise-controllers', '--namespace',
    'kube-system', '--ignore-not-found'])
  const { hostname: host, port: at } = new URL(reference.url)
  const child = spawn(process.execPath, [program, 'controllers', '--leader-elect', '-v', '4',
    '--metrics', `127.0.0.1:${port}`], {
    env: {
      PATH: process.env['PATH'], HOME: account, KUBERNETES_SERVICE_HOST: host,
      KUBERNETES_SERVICE_PORT: at, SLICEWISE_SERVICE_ACCOUNT: account,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const forbidden = (): string[] =>
    log.split('\n').filter((line) => /forbidden|finalizers on/.test(line))
  const faults: string[] = []
  for (const { what, act, holds } of steps(api, namespace)) {
    await act()
    const ended = await comesAbout(holds, () => until(forbidden()))
    if (ended === 'enough') break
    if (ended === 'late') faults.push(what)
    if (ended === 'late' && options.until !== undefined) break
  }
  const metrics = await fetch(`http://127.0.0.1:${port}/metrics`).then((it) => it.text())
  const over = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.kill('SIGTERM')
  await over
  await transport.close()
  return { faults, forbidden: forbidden(), metrics }
}

async function comesAbout(
  holds: () => Promise<boolean>, enough: () => boolean,
): Promise<'done' | 'late' | 'enough'> {
  const giveUp = performance.now() + 12_000
  while (performance.now() < giveUp) {
    if (enough()) return 'enough'
    if (await holds().catch(() => false)) return 'done'
    await sleep(100)
  }
  return 'late'
}

const subsets = (...ips: string[]) =>
  [{ addresses: ips.map((ip) => ({ ip })), ports: [{ port: 80, protocol: 'TCP' as const }] }]

/** What stood there before the controllers came: Endpoints whose Service is gone. */
async function makeBefore(api: Api, namespace: string): Promise<void> {
  await api.create(resources.namespaces, { metadata: { name: namespace } })
  await api.create<Endpoints>(resources.endpoints, {
    metadata: {
      name: 'orphan', namespace,
      labels: { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' },
    },
    subsets: subsets('10.9.9.9'),
  })
}

interface ScenarioStep {
  readonly what: string
  readonly act: () => Promise<unknown>
  readonly holds: () => Promise<boolean>
}

function steps(api: Api, namespace: string): ScenarioStep[] {
  const slicesOf = async (service: string): Promise<string> => {
    const labelSelector = `kubernetes.io/service-name=${service}`
    const { items } = await api.list<EndpointSlice>(
      resources.endpointslices, { namespace, labelSelector })
    return items.flatMap(({ endpoints }) => endpoints ?? [])
      .map(({ addresses, conditions }) => `${addresses[0]}:${conditions?.ready}`).sort().join(' ')
  }
  const endpointsOf = async (name: string): Promise<string> => {
    const { items } = await api.list<Endpoints>(resources.endpoints, { namespace })
    const found = items.find(({ metadata }) => metadata.name === name)
    return found === undefined ? 'none' : (found.subsets ?? [])
      .flatMap(({ addresses }) => addresses ?? []).map(({ ip }) => ip).sort().join(' ')
  }
  return [
    { what: 'orphaned Endpoints are deleted', act: async () => {},
      holds: async () => await endpointsOf('orphan') === 'none' },
    { what: 'slices and Endpoints are created',
      act: async () => {
        await makePod(api, namespace, 'a', '10.0.0.1')
        await makeService(api, namespace, 'web', { app: 'web' })
      },
      holds: async () => await slicesOf('web') === '10.0.0.1:true' &&
        await endpointsOf('web') === '10.0.0.1' },
    { what: 'slices and Endpoints are updated',
      act: () => makePod(api, namespace, 'b', '10.0.0.2'),
      holds: async () => await slicesOf('web') === '10.0.0.1:true 10.0.0.2:true' &&
        await endpointsOf('web') === '10.0.0.1 10.0.0.2' },
    { what: 'Endpoints kept by hand are mirrored',
      act: async () => {
        await makeService(api, namespace, 'db', undefined)
        await api.create<Endpoints>(resources.endpoints,
          { metadata: { name: 'db', namespace }, subsets: subsets('10.2.0.1') })
      },
      holds: async () => await slicesOf('db') === '10.2.0.1:true' },
    { what: 'mirrored slices are deleted',
      act: () => api.delete(resources.endpoints, { name: 'db', namespace }),
      holds: async () => await slicesOf('db') === '' },
    { what: 'a missing Node is told, again and again',
      act: () => makePod(api, namespace, 'c', '10.0.0.3', 'nowhere'),
      holds: async () => {
        const { items } = await api.list<Event>(resources.events, { namespace })
        return items.some(({ reason, count = 0 }) =>
          reason === 'FailedToUpdateEndpointSlices' && count > 1)
      } },
  ]
}

async function makePod(
  api: Api, namespace: string, name: string, ip: string, nodeName = 'n',
): Promise<void> {
  const item = { name, namespace }
  await api.create(resources.pods, {
    metadata: { ...item, labels: { app: 'web' } },
    spec: {
      nodeName, automountServiceAccountToken: false, containers: [{ name: 'c', image: 'i' }],
    },
  } as never)
  const conditions = [{ type: 'Ready', status: 'True' }]
  const status = { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions }
  await api.patch(resources.pods, item, { type: 'strategic', patch: { status } },
    { subresource: 'status' })
}

async function makeService(
  api: Api, namespace: string, name: string, selector: Record<string, string> | undefined,
): Promise<void> {
  await api.create(resources.services, {
    metadata: { name, namespace },
    spec: { ports: [{ port: 80 }], ...(selector === undefined ? {} : { selector }) },
  } as never)
}
