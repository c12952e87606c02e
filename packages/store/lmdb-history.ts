import { CommitLog } from './commit-log.ts'
import type { Committed } from './contract.ts'
import { StoredEntry, type ReadVersion } from './lmdb-entry.ts'
import type { LogRecord, Place } from './lmdb-records.ts'
import type { Tables } from './lmdb-tables.ts'
import { limits } from './limits.ts'
import type { Change } from './plan.ts'

export interface StoredCommit extends Committed {
  readonly changes: readonly Change<StoredEntry>[]
}

/** The newest commits in memory, in front of those in the log. */
export class RecentHistory {
  readonly #recent = new CommitLog<StoredCommit>()
  #bytes = 0

  push(commit: StoredCommit): void {
    this.#recent.push(commit)
    this.#bytes += bytesOf(commit)
    while (this.#recent.size > limits.recentCommitsMax || this.#bytes > limits.recentBytesMax) {
      this.#forgetOldest()
    }
  }

  /** Up to `limit` commits after `after`; undefined when the first of them is not in memory. */
  since(after: number, limit: number): readonly StoredCommit[] | undefined {
    return this.#recent.reaches(after) ? this.#recent.since(after, limit) : undefined
  }

  #forgetOldest(): void {
    const oldest = this.#recent.takeOldest()
    if (oldest === undefined) return
    this.#bytes -= bytesOf(oldest)
    for (const { after } of oldest.changes) after?.forget()
  }
}

function bytesOf(commit: StoredCommit): number {
  let bytes = 0
  for (const { after } of commit.changes) bytes += after?.size ?? 0
  return bytes
}

/**
 * Commits after revision `after` and up to `newest`, read from the log: whole commits, at most
 * `limit`, fewer when they have many keys.
 */
export function commitsInLog(
  tables: Tables,
  read: ReadVersion,
  after: number,
  newest: number,
  limit: number,
): readonly StoredCommit[] {
  const commits: { revision: number; changes: Change<StoredEntry>[] }[] = []
  let versions = 0
  const end: Place = { revision: newest + 1, n: 0 }
  for (const { at, record } of tables.versions({ revision: after + 1, n: 0 }, end)) {
    let commit = commits.at(-1)
    if (commit === undefined || at.n === 0) {
      if (commits.length === limit || versions >= limits.versionsPerTurn) break
      commit = { revision: at.revision, changes: [] }
      commits.push(commit)
    }
    versions++
    commit.revision = at.revision
    commit.changes.push(changeOf(at, record, read))
  }
  return commits
}

function changeOf(at: Place, record: LogRecord, read: ReadVersion): Change<StoredEntry> {
  const { key, previous } = record
  const created = previous.revision === 0
  return {
    key,
    revision: at.revision,
    ...(created ? {} : { before: entryOf(previous, read(previous, key), read) }),
    ...(record.kind === 'delete' ? {} : { after: entryOf(at, record, read) }),
  }
}

function entryOf(at: Place, record: LogRecord, read: ReadVersion): StoredEntry {
  const { key, created, value } = record
  // A view of it would hold the whole record in memory.
  const header = record.header === undefined ? undefined : Uint8Array.from(record.header)
  return new StoredEntry({ ...at, key, created, header, size: value.length }, read)
}
