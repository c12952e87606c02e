/** Plays scheduler and kubelet by hand, in a fixed order, the same on both systems. */
import { type Binding, type Pod, type Stored, resources } from '@slicewise/kube'
import type { Side } from './side.ts'

export interface StartOptions {
  /** At most so many Pods, oldest first. */
  readonly most?: number
  /** Whether they turn ready; default true. */
  readonly ready?: boolean
  /** Only Pods whose first container has this image. */
  readonly image?: string
  /** Only Pods of these names. */
  readonly names?: readonly string[]
  /** Waits after each Pod until its system has settled (`most`); else all happens at once. */
  readonly oneByOne?: boolean
  /** Where Pods are put, default every worker; or which Pods are meant. */
  readonly on?: readonly string[]
}

/** Quiet for so long counts as settled after one Pod, ms. */
const calmMs = 600

/** Binds and starts Pods that have not started. */
export async function startPods(
  side: Side,
  namespace: string,
  nodes: readonly string[],
  options: StartOptions = {},
): Promise<void> {
  const waiting = side.view(namespace).pods.filter((pod) => isWaiting(pod))
  for (const { metadata } of chosen(waiting, options)) {
    // With each start others may be given up.
    const pod = side.view(namespace).pods.find((one) => one.metadata.uid === metadata.uid)
    if (pod === undefined || !isWaiting(pod)) continue
    if (!pod.spec?.nodeName)
      await bind(side, pod, targetOf(pod) ?? emptiest(side, namespace, options.on ?? nodes))
    await report(side, pod, 'Running', options.ready ?? true)
    await calm(side, namespace, options)
  }
}

/** Makes Pods that run ready, or not ready. */
export async function turnPods(
  side: Side,
  namespace: string,
  ready: boolean,
  options: StartOptions = {},
): Promise<void> {
  const running = side
    .view(namespace)
    .pods.filter(
      (pod) =>
        pod.status?.phase === 'Running' &&
        isReady(pod) !== ready &&
        !pod.metadata.deletionTimestamp,
    )
  for (const pod of chosen(running, options)) {
    await report(side, pod, 'Running', ready)
    await calm(side, namespace, { oneByOne: true })
  }
}

/** Ends Pods by themselves, with a failure. */
export async function failPods(
  side: Side,
  namespace: string,
  options: StartOptions = {},
): Promise<void> {
  const running = side
    .view(namespace)
    .pods.filter((pod) => pod.status?.phase === 'Running' && !pod.metadata.deletionTimestamp)
  const { on } = options
  const meant = running.filter((pod) => on === undefined || on.includes(pod.spec?.nodeName ?? ''))
  for (const pod of chosen(meant, options)) await report(side, pod, 'Failed', false)
}

/** Lets Pods go that are being deleted. */
export async function endPods(
  side: Side,
  namespace: string,
  options: StartOptions = {},
): Promise<void> {
  const ending = side.view(namespace).pods.filter((pod) => pod.metadata.deletionTimestamp)
  for (const { metadata } of chosen(ending, options)) {
    const { name, uid } = metadata
    await side.api.delete(
      resources.pods,
      { name, namespace },
      { gracePeriodSeconds: 0, preconditions: { uid } },
    )
  }
}

async function calm(side: Side, namespace: string, options: StartOptions): Promise<void> {
  if (options.oneByOne !== true && options.most === undefined) return
  const giveUpMs = Date.now() + 10_000
  do {
    await new Promise((resolve) => setTimeout(resolve, 25))
  } while (!(side.quietMs(namespace) >= calmMs && isCounted(side, namespace)) &&
    Date.now() < giveUpMs)
}

/** Whether the controllers have counted every ready Pod. */
function isCounted(side: Side, namespace: string): boolean {
  const { deployments, replicaSets, pods } = side.view(namespace)
  const ready = (uid: string): number => pods.filter((pod) => isReady(pod) &&
    !pod.metadata.deletionTimestamp &&
    pod.metadata.ownerReferences?.some((one) => one.uid === uid)).length
  const total = replicaSets.reduce((sum, set) => sum + (set.status?.readyReplicas ?? 0), 0)
  return replicaSets.every((set) => (set.status?.readyReplicas ?? 0) === ready(set.metadata.uid)) &&
    deployments.every((one) => (one.status?.readyReplicas ?? 0) === total)
}

function isWaiting(pod: Stored<Pod>): boolean {
  return pod.status?.phase === 'Pending' && !pod.metadata.deletionTimestamp
}

function isReady(pod: Stored<Pod>): boolean {
  return (
    pod.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false
  )
}

function chosen(pods: readonly Stored<Pod>[], options: StartOptions): Stored<Pod>[] {
  const { image, names, most = Infinity } = options
  return pods
    .filter(
      (pod) =>
        (image === undefined || imageOf(pod) === image) &&
        (names === undefined || names.includes(pod.metadata.name)),
    )
    .sort(byAge)
    .slice(0, most)
}

function byAge(a: Stored<Pod>, b: Stored<Pod>): number {
  const order =
    Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp)
  const text = (pod: Stored<Pod>): string => `${imageOf(pod)} ${pod.metadata.name}`
  return order || (text(a) < text(b) ? -1 : 1)
}

function imageOf(pod: Stored<Pod>): string | undefined {
  return pod.spec?.containers[0]?.image
}

/** The Node that a Pod of a DaemonSet names. */
function targetOf(pod: Stored<Pod>): string | undefined {
  return pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
    ?.nodeSelectorTerms[0]?.matchFields?.[0]?.values?.[0]
}

function emptiest(side: Side, namespace: string, nodes: readonly string[]): string {
  const { pods } = side.view(namespace)
  const count = (node: string): number => pods.filter((pod) => pod.spec?.nodeName === node).length
  const sorted = [...nodes].sort((a, b) => count(a) - count(b) || (a < b ? -1 : 1))
  return sorted[0] ?? ''
}

async function bind(side: Side, pod: Stored<Pod>, node: string): Promise<void> {
  const { name, namespace = '' } = pod.metadata
  const binding: Binding = { metadata: { name, namespace }, target: { kind: 'Node', name: node } }
  await side.api.create(resources.pods as never, binding as never, {
    subresource: 'binding',
    item: { name, namespace },
  })
  for (let tries = 0; tries < 200; tries++) {
    const seen = side.view(namespace).pods.find((one) => one.metadata.name === name)
    if (seen?.spec?.nodeName) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function report(
  side: Side,
  pod: Stored<Pod>,
  phase: 'Running' | 'Failed',
  ready: boolean,
): Promise<void> {
  const { name, namespace = '' } = pod.metadata
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+/, '')
  const status = ready ? 'True' : 'False'
  const conditions = ['Ready', 'ContainersReady'].map((type) => ({
    type,
    status,
    lastTransitionTime,
  }))
  await side.api.patch(
    resources.pods,
    { name, namespace },
    { type: 'strategic', patch: { status: { phase, conditions } } },
    { subresource: 'status' },
  )
}
