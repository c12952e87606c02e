import type { DaemonSet, Pod, Stored } from '@slicewise/kube'
import { isAvailable, isReady } from '../workloads/pods.ts'
import { revisionLabel } from '../workloads/revisions.ts'
import { resolve } from '../workloads/rollout.ts'

/** What a rolling update does next. Nodes come in the order of their names; pure. */

/** One Node as an update sees it. */
export interface UpdatePlace {
  readonly name: string
  /** Whether it should run a Pod of the set. */
  readonly run: boolean
  /** Pods of the set on it, also those that are ending. */
  readonly pods: readonly Stored<Pod>[]
}

export interface UpdateDecision {
  readonly remove: readonly Stored<Pod>[]
  /** Nodes that get a Pod beside their old one. */
  readonly surge: readonly string[]
}

const nothing: UpdateDecision = { remove: [], surge: [] }

/** How many Nodes may have an extra Pod, and how many may lack one, of `desired` Nodes. */
export function allowance(
  set: DaemonSet, desired: number,
): { surge: number; unavailable: number } {
  const rolling = set.spec?.updateStrategy?.rollingUpdate
  const surge = resolve(rolling?.maxSurge, desired, 'up')
  const unavailable = resolve(rolling?.maxUnavailable ?? 1, desired, 'up')
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable }
}

export function isAt(pod: Stored<Pod>, hash: string): boolean {
  return pod.metadata.labels?.[revisionLabel] === hash
}

/** Scheduled Pods before others, then by age, then by name. */
export function byAge(a: Stored<Pod>, b: Stored<Pod>): number {
  const scheduled = (pod: Stored<Pod>): number => (pod.spec?.nodeName ? 0 : 1)
  return scheduled(a) - scheduled(b) ||
    Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp) ||
    (a.metadata.name < b.metadata.name ? -1 : 1)
}

/**
 * Pods beyond the one that a Node needs. Without surge the oldest stays. With surge an old and a
 * new one stand together only while the old one is ready and the new one is not yet available.
 */
export function surplusOf(
  set: DaemonSet, active: readonly Stored<Pod>[], hash: string,
  available: (pod: Stored<Pod>) => boolean,
): readonly Stored<Pod>[] {
  if (active.length < 2) return []
  const sorted = [...active].sort(byAge)
  if (!allowsSurge(set)) return sorted.slice(1)
  const fresh = sorted.filter((pod) => isAt(pod, hash))
  const old = sorted.filter((pod) => !isAt(pod, hash))
  const [firstFresh, firstOld] = [fresh[0], old[0]]
  const surplus = [...fresh.slice(1), ...old.slice(1)]
  if (firstFresh === undefined || firstOld === undefined) return surplus
  return !isReady(firstOld) || available(firstFresh) ? [...surplus, firstOld] : surplus
}

export function allowsSurge(set: DaemonSet): boolean {
  const strategy = set.spec?.updateStrategy
  return strategy?.type !== 'OnDelete' && resolve(strategy?.rollingUpdate?.maxSurge, 1, 'up') > 0
}

export interface UpdateWorld {
  readonly set: DaemonSet
  readonly places: readonly UpdatePlace[]
  /** Revision that Pods should be at. */
  readonly hash: string
  readonly nowMs: number
}

export function planUpdate(world: UpdateWorld): UpdateDecision {
  const { set, places, nowMs } = world
  if (set.spec?.updateStrategy?.type === 'OnDelete') return nothing
  const minReady = set.spec?.minReadySeconds ?? 0
  const desired = places.filter((place) => place.run).length
  const { surge, unavailable } = allowance(set, desired)
  const available = (pod: Stored<Pod>): boolean => isAvailable(pod, minReady, nowMs)
  const relevant = places.filter((place) => place.run || place.pods.length > 0)
  return surge === 0
    ? replace(relevant, world.hash, unavailable, available)
    : surgeOver(relevant, world.hash, { surge, desired }, available)
}

interface Pair {
  readonly fresh: Stored<Pod> | undefined
  readonly old: Stored<Pod> | undefined
}

/** The Pod at the revision and the one that is not; undefined when there are more. */
function pairOf(pods: readonly Stored<Pod>[], hash: string): Pair | undefined {
  const wanted = pods.filter((pod) => !pod.metadata.deletionTimestamp)
  const fresh = wanted.filter((pod) => isAt(pod, hash))
  const old = wanted.filter((pod) => !isAt(pod, hash))
  return fresh.length > 1 || old.length > 1 ? undefined : { fresh: fresh[0], old: old[0] }
}

/** Old Pods go, those that nobody misses first, as long as enough are left. */
function replace(
  places: readonly UpdatePlace[], hash: string, most: number,
  available: (pod: Stored<Pod>) => boolean,
): UpdateDecision {
  let unavailable = 0
  const broken: Stored<Pod>[] = []
  const candidates: Stored<Pod>[] = []
  for (const { pods } of places) {
    const pair = pairOf(pods, hash)
    if (pair?.old !== undefined && pair.fresh === undefined) {
      if (available(pair.old)) {
        candidates.push(pair.old)
        continue
      }
      broken.push(pair.old)
      unavailable++
    } else if (pair?.fresh === undefined || pair.old !== undefined || !available(pair.fresh)) {
      unavailable++
    }
  }
  const left = Math.max(0, most - unavailable)
  return { remove: [...broken, ...candidates.slice(0, left)], surge: [] }
}

/** New Pods stand beside old ones; an old one goes when its successor is available. */
function surgeOver(
  places: readonly UpdatePlace[], hash: string, counts: { surge: number; desired: number },
  available: (pod: Stored<Pod>) => boolean,
): UpdateDecision {
  let surging = 0
  let availableCount = 0
  const remove: Stored<Pod>[] = []
  const leaving: Stored<Pod>[] = []
  const allowed: string[] = []
  const candidates: string[] = []
  for (const { name, run, pods } of places) {
    const pair = pairOf(pods, hash)
    if (pair === undefined) {
      surging++
      continue
    }
    const { fresh, old } = pair
    const shown = old ?? fresh
    if (shown !== undefined && available(shown)) availableCount++
    if (old === undefined) continue
    if (fresh !== undefined) {
      if (available(fresh)) remove.push(old)
      else surging++
    } else if (!available(old)) {
      if (run) allowed.push(name)
      else remove.push(old)
    } else if (run) {
      candidates.push(name)
    } else {
      leaving.push(old)
    }
  }
  const spare = Math.max(0, availableCount - counts.desired)
  const left = Math.max(0, counts.surge - surging)
  return {
    remove: [...remove, ...leaving.slice(0, spare)],
    surge: [...allowed, ...candidates.slice(0, left)],
  }
}
