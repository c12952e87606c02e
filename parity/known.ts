/** The list of explained differences: `known-differences.md` holds one table row for each. */
import type { Difference } from './compare.ts'

export interface Known {
  readonly id: string
  /** A pattern for `Difference.where`; `*` stands for anything. */
  readonly where: string
  readonly reason: string
}

/** Reads the rows `| id | where | reason |`; one or more patterns stand in backquotes. */
export function readKnown(markdown: string): Known[] {
  return markdown.split('\n').flatMap(line => {
    const cells = line.split(/(?<!\\)\|/).map(cell => cell.trim())
    const [, id, where, reason] = cells
    if (cells.length !== 5 || !id || !where?.startsWith('`') || !reason) return []
    return [...where.matchAll(/`([^`]+)`/g)].map(match => ({ id, where: match[1] ?? '', reason }))
  })
}

export interface Sorted {
  readonly explained: readonly { readonly known: Known; readonly difference: Difference }[]
  readonly unexplained: readonly Difference[]
  /** Rows that explain nothing any more: to be taken out. */
  readonly stale: readonly Known[]
}

/**
 * Which differences are known. A row is stale only when a group that it names was run, and never
 * when it is named `chance-`: what depends on a race in the reference need not show each time.
 */
export function sortDifferences(
  found: readonly Difference[], known: readonly Known[], groups: readonly string[],
): Sorted {
  const patterns = known.map(row => ({ row, pattern: patternOf(row.where) }))
  const explained: { known: Known; difference: Difference }[] = []
  const unexplained: Difference[] = []
  for (const difference of found) {
    const match = patterns.find(({ pattern }) => pattern.test(difference.where))
    if (match) explained.push({ known: match.row, difference })
    else unexplained.push(difference)
  }
  const used = new Set(explained.map(each => each.known))
  const stale = known.filter(row => !used.has(row) && !row.id.startsWith('chance-')
    && groups.some(group => patternOf(row.where.split(': ')[0] ?? '').test(group)))
  return { explained, unexplained, stale }
}

function patternOf(text: string): RegExp {
  const escaped = text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${escaped}$`)
}
