import { limits } from './limits.ts'
import type { TableWrite, Tables } from './lmdb-tables.ts'

export interface SweepStep {
  readonly writes: readonly TableWrite[]
  /** Up to here all is done once the writes are stored. */
  readonly swept: number
}

/**
 * The next part of compaction: of the versions after `swept` and up to `compacted`, each one makes
 * the one before it unneeded, and a deletion itself too. Looks at whole commits, a bounded number
 * of versions. Pure but for the reading.
 */
export function sweepStep(tables: Tables, swept: number, compacted: number): SweepStep {
  const writes: TableWrite[] = []
  let done = compacted
  let seen = 0
  let revision = swept
  const from = { revision: swept + 1, n: 0 }
  for (const { at, record } of tables.versions(from, { revision: compacted + 1, n: 0 })) {
    if (at.revision !== revision && seen >= limits.versionsPerSweep) {
      done = revision
      break
    }
    revision = at.revision
    seen++
    if (record.previous.revision > 0) writes.push({ table: 'log', at: record.previous })
    if (record.kind === 'delete') writes.push({ table: 'log', at })
  }
  writes.push({ table: 'settings', setting: 'swept', value: done })
  return { writes, swept: done }
}
