/** Makes a group out of a table of changes to a valid object, each of which may be refused. */
import { at, patch, post, put, type Group, type Step } from '../script.ts'
import { changed, type Json } from './objects.ts'

/** What is wrong, and the members that make it so. */
export type Case = readonly [title: string, changes: Readonly<Record<string, unknown>>]

const named = (base: Json, index: number, changes: Readonly<Record<string, unknown>>) =>
  changed(base, { 'metadata/name': `case-${index}`, ...changes })

/** Each case is a create of its own. */
export function refusedCreates(
  name: string, resource: string, base: Json, cases: readonly Case[],
): Group {
  return {
    name, steps: cases.map(([title, changes], index) => {
      const body = named(base, index, changes)
      return post(title, at(resource), body)
    }),
  }
}

/** The base is made once, then each case is an update of it. */
export function refusedUpdates(
  name: string, resource: string, base: Json, cases: readonly Case[],
): Group {
  const { name: own } = base['metadata'] as { name: string }
  const steps: Step[] = cases.map(([title, changes]) =>
    put(title, at(resource, own), changed(base, changes)))
  return { name, steps: [post('made', at(resource), base), ...steps] }
}

/** The base is made once, then each case is a strategic merge patch of it. */
export function refusedPatches(
  name: string, resource: string, base: Json, cases: readonly Case[],
): Group {
  const { name: own } = base['metadata'] as { name: string }
  const steps: Step[] = cases.map(([title, changes]) =>
    patch('strategic', title, at(resource, own), changed({}, changes)))
  return { name, steps: [post('made', at(resource), base), ...steps] }
}
