/** A list of differences to go through: alike ones together, frequent ones first. */
import type { Difference } from './compare.ts'

/** How many steps stand as examples of one kind of difference. */
const examplesMax = 4

interface Alike {
  readonly member: string
  readonly reference: string
  readonly ours: string
  readonly steps: Set<string>
}

/** Markdown: one entry for each kind of difference, by how many steps show it. */
export function summarize(found: readonly Difference[]): string {
  const groups = new Map<string, Alike>()
  for (const { step, where, reference, ours } of leading(found)) {
    const member = where.slice(step.length + 2).replace(/\[\d+\]/g, '[]')
    const values = [short(reference), short(ours)] as const
    const key = JSON.stringify([member, ...values])
    const alike = groups.get(key)
      ?? { member, reference: values[0], ours: values[1], steps: new Set<string>() }
    groups.set(key, alike)
    alike.steps.add(step)
  }
  return [...groups.values()].sort((a, b) => b.steps.size - a.steps.size).map(entry).join('\n')
}

/** Where the codes differ, the bodies tell nothing more. */
function leading(found: readonly Difference[]): Difference[] {
  const refused = new Set(found.filter(({ step, where }) => where === `${step}: code`)
    .map(({ step }) => step))
  return found.filter(({ step, where }) =>
    !refused.has(step) || where === `${step}: code` || where.endsWith('body.message'))
}

function entry({ member, reference, ours, steps }: Alike): string {
  const examples = [...steps].slice(0, examplesMax).map(step => `  - ${step}`)
  const more = steps.size > examplesMax ? [`  - … ${steps.size - examplesMax} more`] : []
  const first = `* ${steps.size} × \`${member}\`: reference ${reference}, ours ${ours}`
  return [first, ...examples, ...more].join('\n')
}

/** A large value says only that it is one: what is in it differs from step to step. */
function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  if (text.length <= 80) return text
  return Array.isArray(value) ? '[…]' : typeof value === 'object' ? '{…}' : `${text.slice(0, 80)}…`
}
