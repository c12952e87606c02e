/** Runs groups of scripts on two servers and compares their transcripts. */
import { randomBytes } from 'node:crypto'
import { compareEntries, type Difference } from './compare.ts'
import { maskExchanges, type Entry } from './mask.ts'
import type { Group } from './script.ts'
import { runGroup, type Target } from './send.ts'

/** More at a time only makes one machine's two servers wait for each other. */
const groupsAtOnce = 4

export interface GroupResult {
  readonly group: string
  readonly requests: number
  readonly equal: number
  readonly differences: readonly Difference[]
  /** Not there when the group was run again: the second of a timestamp, or a race worth a look. */
  readonly unsteady: readonly Difference[]
  readonly reference: readonly Entry[]
  readonly ours: readonly Entry[]
}

export async function compareGroups(
  groups: readonly Group[], reference: Target, ours: Target,
): Promise<GroupResult[]> {
  const results: GroupResult[] = []
  const waiting = groups.filter(group => !group.alone)
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      results.push(await compareGroup(next, reference, ours))
    }
  }
  await Promise.all(Array.from({ length: groupsAtOnce }, worker))
  for (const group of groups.filter(each => each.alone)) {
    results.push(await compareGroup(group, reference, ours))
  }
  return results
}

/** A difference counts when it shows twice: some answers of the real server hang on the clock. */
async function compareGroup(group: Group, reference: Target, ours: Target): Promise<GroupResult> {
  const first = await compareOnce(group, reference, ours)
  const again = first.found.length === 0 ? first : await compareOnce(group, reference, ours)
  const steady = new Set(again.found.map(each => each.where))
  const differences = first.found.filter(each => steady.has(each.where))
  const differing = new Set(differences.map(each => each.step))
  return {
    group: group.name, requests: first.theirs.length,
    equal: first.theirs.length - differing.size, differences,
    unsteady: first.found.filter(each => !steady.has(each.where)),
    reference: first.theirs, ours: first.own,
  }
}

async function compareOnce(group: Group, reference: Target, ours: Target) {
  const [theirs, own] = await Promise.all([
    transcribe(reference, group), transcribe(ours, group),
  ])
  return { theirs, own, found: compareEntries(group.name, theirs, own) }
}

/** The masked transcript of a group on one server. */
export async function transcribe(target: Target, group: Group): Promise<Entry[]> {
  const namespace = `${group.name}-${randomBytes(3).toString('hex')}`
  const exchanges = await runGroup(target, group, namespace)
  return maskExchanges(exchanges, namespace, sentText(group), Date.now())
}

/** What a script says itself, protobuf bodies as the text that is in them. */
const sentText = (group: Group) => JSON.stringify(group.steps, (_, value: unknown) =>
  value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value)
