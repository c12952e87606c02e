/** Plays one history on two systems in step and tells where they differ. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Namespace, type ServiceAccount, resources } from '@slicewise/kube'
import { applyOperation } from './apply.ts'
import type { History } from './operation.ts'
import type { Side, Writes } from './side.ts'
import { type Difference, differencesOf, snapshotOf } from './snapshot.ts'

export interface Played {
  readonly history: string
  readonly steps: number
  /** The first step after which the systems did not come to agree, and how they differed. */
  readonly found: { readonly step: number; readonly differences: readonly Difference[] } | undefined
  readonly writes: readonly [left: Writes, right: Writes]
}

export interface PlayOptions {
  /** All endpoints of a Service fit into one slice. */
  readonly countSlices: boolean
  /** So many steps are done between comparisons; 1 compares after each. */
  readonly stride: number
}

/** No change for so long, and both agree: what a step caused has been done. */
const quietMs = 120
/** The same after the last step: the reference answers foreign edits of slices after a second. */
const lastQuietMs = 1_500
/** Longest wait for agreement: the reference retries after 1, 2, 4 … seconds. */
const agreeMsMax = 40_000

export async function play(
  history: History, sides: readonly [Side, Side], options: PlayOptions,
): Promise<Played> {
  const namespace = history.name
  const { operations } = history
  await Promise.all(sides.map((side) => begin(side, namespace)))
  const writes = () => sides.map((side) => ({ ...side.writes(namespace) })) as [Writes, Writes]
  for (const [index, operation] of operations.entries()) {
    await Promise.all(sides.map((side) => applyOperation(side.api, namespace, operation)
      .catch((error: unknown) => { throw new Error(
        `${side.name} at ${JSON.stringify(operation)}: ${String(error)}`) })))
    if ((index + 1) % options.stride !== 0 && index + 1 < operations.length) continue
    const last = index + 1 === operations.length
    const differences = await agree(
      sides, namespace, options.countSlices, last ? lastQuietMs : quietMs)
    if (differences.length === 0) continue
    const found = { step: index, differences }
    return { history: namespace, steps: index + 1, found, writes: writes() }
  }
  const done = writes()
  await Promise.all(sides.map((side) => side.api.delete(resources.namespaces, { name: namespace })))
  return { history: namespace, steps: operations.length, found: undefined, writes: done }
}

async function begin({ api }: Side, namespace: string): Promise<void> {
  await api.create<Namespace>(resources.namespaces, { metadata: { name: namespace } })
  // Pods need it; whoever runs the controller that makes it may be late.
  await api.create<ServiceAccount>(
    resources.serviceaccounts, { metadata: { name: 'default', namespace } }).catch(() => {})
}

async function agree(
  sides: readonly [Side, Side], namespace: string, countSlices: boolean, calmMs: number,
): Promise<readonly Difference[]> {
  const until = performance.now() + agreeMsMax
  const from = performance.now()
  for (;;) {
    await sleep(20)
    const [left, right] = sides.map((side) => snapshotOf(side, namespace, countSlices))
    const differences = differencesOf(left ?? {}, right ?? {})
    const quiet = Math.min(...sides.map((side) => side.quietMs(namespace)))
    const waited = performance.now() - from
    if (differences.length === 0 && Math.min(quiet, waited) >= calmMs) return []
    if (performance.now() > until) return differences
  }
}
