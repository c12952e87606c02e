/** The pairs of systems that histories are played on. */
import { join, resolve } from 'node:path'
import { readFileSync } from 'node:fs'
import { type Node, resources } from '@slicewise/kube'
import { startOurs } from '../ours.ts'
import { run } from '../reference/processes.ts'
import { buildReference, startControllers, startReference } from '../reference/start.ts'
import { sharedNodes } from './generate.ts'
import { Side } from './side.ts'

export const ways = ['ours', 'ours-on-real', 'real-on-ours', 'real'] as const
export type Way = (typeof ways)[number]

const discovery = [
  'endpointslice-controller', 'endpointslice-mirroring-controller', 'endpoints-controller',
]
/** What histories need beside them, under the names that both have. */
const others = ['garbage-collector-controller', 'namespace-controller']

interface System {
  readonly kubeconfig: string
  close(): Promise<void>
}

export interface Sides {
  readonly sides: readonly [reference: Side, other: Side]
  close(): Promise<void>
}

/** Starts both systems with the Nodes that histories share. */
export async function openSides(way: Way, dir: string, slicesMax: number): Promise<Sides> {
  buildReference()
  const opened = await Promise.all([
    realOnReal(join(dir, 'reference'), slicesMax), openOther[way](join(dir, 'other'), slicesMax),
  ])
  const sides = await Promise.all(opened.map(async ({ kubeconfig }, index) => {
    const side = await Side.open(index === 0 ? 'reference' : way, readFileSync(kubeconfig, 'utf8'))
    for (const node of sharedNodes) await makeNode(side, node)
    return side
  })) as [Side, Side]
  const close = async () => {
    await Promise.all(sides.map((side) => side.close()))
    await Promise.all(opened.map((one) => one.close()))
  }
  return { sides, close }
}

const openOther: Record<Way, (dir: string, slicesMax: number) => Promise<System>> = {
  ours: async (dir, slicesMax) => {
    const started = await startOurs(dir, [...discovery, ...others].join(),
      [`--max-endpoints-per-slice=${slicesMax}`])
    return { kubeconfig: started.kubeconfig, close: () => started.stop() }
  },
  'ours-on-real': async (dir, slicesMax) => {
    const started = await startReference({ dir, controllers: others, unsafeNoFsync: true })
    const program = resolve(import.meta.dirname, '..', '..', 'slicewise')
    const controllers = await run(program, [
      'controllers', '--kubeconfig', started.kubeconfig, `--controllers=${discovery.join()}`,
      `--max-endpoints-per-slice=${slicesMax}`,
    ], join(dir, 'slicewise-controllers.log'))
    return { kubeconfig: started.kubeconfig, close: async () => {
      await controllers.end()
      await started.stop()
    } }
  },
  'real-on-ours': async (dir, slicesMax) => {
    const started = await startOurs(dir, others.join())
    const log = join(dir, 'kube-controller-manager.log')
    const controllers = await startControllers(
      started.kubeconfig, discovery, log, controllerFlags(slicesMax))
    return { kubeconfig: started.kubeconfig, close: async () => {
      await controllers.end()
      await started.stop()
    } }
  },
  real: realOnReal,
}

async function realOnReal(dir: string, slicesMax: number): Promise<System> {
  const started = await startReference({
    dir, controllers: [...discovery, ...others], unsafeNoFsync: true,
    controllerFlags: controllerFlags(slicesMax),
  })
  return { kubeconfig: started.kubeconfig, close: () => started.stop() }
}

/** Without its own limit of requests, so that a step does not wait for those of other histories. */
function controllerFlags(slicesMax: number): string[] {
  return [
    `--max-endpoints-per-slice=${slicesMax}`, '--kube-api-qps=500', '--kube-api-burst=1000',
    '--concurrent-service-endpoint-syncs=20', '--concurrent-endpoint-syncs=20',
  ]
}

/** Ready Nodes with the same CPU in each zone. */
async function makeNode(
  { api }: Side, { name, zone }: { readonly name: string; readonly zone: string },
): Promise<void> {
  const times = { lastHeartbeatTime: null, lastTransitionTime: null }
  const labels = { 'topology.kubernetes.io/zone': zone }
  await api.create<Node>(resources.nodes, { metadata: { name, labels } })
  const status = {
    capacity: { cpu: '4' }, allocatable: { cpu: '4' },
    conditions: [{ type: 'Ready', status: 'True', ...times }],
  }
  await api.patch<Node>(resources.nodes, { name }, { type: 'merge', patch: { status } },
    { subresource: 'status' })
}
