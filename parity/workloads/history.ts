/** A history: steps that are done on both systems, each followed by a comparison. */
import { type Namespace, resources } from '@slicewise/kube'
import type { Side } from './side.ts'
import { type Snapshot, snapshotOf } from './snapshot.ts'

export interface Place {
  readonly side: Side
  readonly namespace: string
  /** Nodes on which Pods may be put. */
  readonly nodes: readonly string[]
}

export interface Step {
  readonly title: string
  act(place: Place): Promise<void>
  /** Both systems have to come this far before they are compared. */
  readonly until?: (snapshot: Snapshot) => boolean
  /** The longest wait for that, ms. */
  readonly longestMs?: number
}

export interface History {
  readonly name: string
  /** Which Node a Pod stands on is a matter of ties or of chance in this history. */
  readonly anyNode?: true
  readonly steps: readonly Step[]
}

export interface Found {
  readonly step: string
  /** `history: step: member`. */
  readonly where: string
  readonly reference: unknown
  readonly ours: unknown
}

/** Nothing changed for so long: a step has settled, when both systems agree. */
const quietMs = 400
/** So long when they do not agree: the slower one may still be at it. */
const patienceMs = 5_000
/** Longest wait for one step that does not say otherwise. */
const stepMsMax = 20_000

type Difference = Omit<Found, 'step'>

/** Runs one history on both systems; what differs after a step is reported once. */
export async function runHistory(
  history: History,
  sides: readonly [reference: Side, ours: Side],
  nodes: readonly string[],
): Promise<{ steps: number; found: Found[] }> {
  const namespace = history.name
  const places = sides.map((side): Place => ({ side, namespace, nodes }))
  await Promise.all(
    sides.map((side) =>
      side.api.create<Namespace>(resources.namespaces, { metadata: { name: namespace } }),
    ),
  )
  const found: Found[] = []
  let told = new Set<string>()
  for (const step of history.steps) {
    const [reference, ours] = await Promise.all(places.map((place) => act(step, place)))
    const at = `${namespace}: ${step.title}`
    const problems = [reference, ours].filter((one) => one !== undefined)
    if (problems.length > 0) {
      found.push({ step: at, where: `${at}: act`, reference, ours })
    }
    const differences = await settle(step, sides, history)
    const fresh = new Set<string>()
    for (const one of differences) {
      const text = JSON.stringify(one)
      fresh.add(text)
      if (!told.has(text)) found.push({ ...one, step: at, where: `${at}: ${one.where}` })
    }
    told = fresh
  }
  return { steps: history.steps.length, found }
}

async function act(step: Step, place: Place): Promise<string | undefined> {
  try {
    await step.act(place)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function settle(
  step: Step,
  [reference, ours]: readonly [Side, Side],
  history: History,
): Promise<Difference[]> {
  const namespace = history.name
  const startedMs = Date.now()
  const giveUpMs = Date.now() + (step.longestMs ?? stepMsMax)
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    const restMs = Math.min(
      reference.quietMs(namespace),
      ours.quietMs(namespace),
      Date.now() - startedMs,
    )
    if (restMs < quietMs && Date.now() < giveUpMs) continue
    const [a, b] = [snapshotOf(reference, history), snapshotOf(ours, history)]
    const late = [a, b].some((one) => step.until?.(one) === false)
    if (late && Date.now() < giveUpMs) continue
    const differences = differencesOf(a, b)
    if (late)
      differences.push({
        where: 'waited in vain',
        reference: step.until?.(a),
        ours: step.until?.(b),
      })
    if (differences.length === 0 || restMs >= patienceMs || Date.now() >= giveUpMs) {
      return differences
    }
  }
}

/** Members in which the snapshots differ, by path. */
export function differencesOf(reference: unknown, ours: unknown, where = ''): Difference[] {
  if (isRecord(reference) && isRecord(ours)) {
    const names = new Set([...Object.keys(reference), ...Object.keys(ours)])
    return [...names]
      .sort()
      .flatMap((name) =>
        differencesOf(reference[name], ours[name], where === '' ? name : `${where}.${name}`),
      )
  }
  return JSON.stringify(reference) === JSON.stringify(ours) ? [] : [{ where, reference, ours }]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
