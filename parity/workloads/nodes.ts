/** Nodes whose kubelet is played by hand: a Ready condition and a Lease that somebody renews. */
import {
  type KubeObject,
  type Lease,
  type Node,
  StatusError,
  type Taint,
  resources,
} from '@slicewise/kube'
import type { Place } from './history.ts'
import type { Side } from './side.ts'

/** Well inside the grace after which a Node is called silent. */
const renewMs = 8_000
const namespace = 'kube-node-lease'
const held = new WeakMap<Side, Set<string>>()

/** Makes Nodes on a system and keeps all its Nodes alive until the answer is called. */
export async function holdNodes(
  side: Side,
  names: readonly string[],
): Promise<() => Promise<void>> {
  held.set(side, new Set())
  for (const name of names) await makeNode(side, name, {})
  const timer = setInterval(() => {
    for (const name of held.get(side) ?? []) void renew(side, name).catch(() => {})
  }, renewMs)
  return () => {
    clearInterval(timer)
    return Promise.resolve()
  }
}

export interface NodeOptions {
  readonly labels?: Readonly<Record<string, string>>
  readonly taints?: Taint[]
}

export async function makeNode(side: Side, name: string, options: NodeOptions): Promise<void> {
  const { labels = {}, taints } = options
  await side.api.create<Node>(resources.nodes, {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    ...(taints === undefined ? {} : { spec: { taints } }),
  })
  await renew(side, name)
  await reportReady(side, name)
  held.get(side)?.add(name)
}

export async function reportReady(side: Side, name: string, ready = true): Promise<void> {
  const now = new Date().toISOString().replace(/\.\d+/, '')
  const status = {
    capacity: { cpu: '4', memory: '8Gi', pods: '110' },
    allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
    conditions: [
      {
        type: 'Ready',
        status: ready ? 'True' : 'False',
        reason: ready ? 'KubeletReady' : 'KubeletNotReady',
        message: 'played by hand',
        lastHeartbeatTime: now,
        lastTransitionTime: now,
      },
    ],
  }
  await side.api.patch(
    resources.nodes,
    { name },
    { type: 'strategic', patch: { status } },
    { subresource: 'status' },
  )
}

/** Its kubelet says nothing from now on, or speaks again. */
export async function silence({ side }: Place, name: string, silent: boolean): Promise<void> {
  if (silent) {
    held.get(side)?.delete(name)
    return
  }
  held.get(side)?.add(name)
  await renew(side, name)
  await reportReady(side, name)
}

export async function removeNode(place: Place, name: string): Promise<void> {
  held.get(place.side)?.delete(name)
  await place.side.api.delete(resources.nodes, { name })
}

async function renew(side: Side, name: string): Promise<void> {
  const renewTime = `${new Date().toISOString().slice(0, -1)}000Z`
  const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime }
  try {
    await side.api.patch<Lease>(
      resources.leases,
      { name, namespace },
      { type: 'merge', patch: { spec } },
    )
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error
    await side.api.create<KubeObject>(
      resources.leases as never,
      {
        metadata: { name, namespace },
        spec,
      } as KubeObject,
    )
  }
}
