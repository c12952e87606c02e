import { Queue } from '@slicewise/base'
import type { Committed } from './feed.ts'
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
  readonly #recent = new Queue<StoredCommit>()
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
    const oldest = this.#recent.peek()
    if (oldest === undefined || oldest.revision > after + 1) return undefined
    // One revision a commit, so that its place follows from its number.
    return this.#recent.slice(after + 1 - oldest.revision, limit)
  }

  #forgetOldest(): void {
    const oldest = this.#recent.take()
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
    if (commit?.revision !== at.revision) {
      if (commits.length === limit || versions >= limits.versionsPerTurn) break
      commit = { revision: at.revision, changes: [] }
      commits.push(commit)
    }
    versions++
    commit.changes.push(changeOf(at, record, read))
  }
  return commits
}

function changeOf(at: Place, record: LogRecord, read: ReadVersion): Change<StoredEntry> {
  const { key, previous } = record
  const created = previous.revision === 0
  return {
    key,
    ...(created ? {} : { before: entryOf(previous, read(previous, key), read) }),
    ...(record.kind === 'delete' ? {} : { after: entryOf(at, record, read) }),
  }
}

function entryOf(at: Place, record: LogRecord, read: ReadVersion): StoredEntry {
  const { key, created, header, value } = record
  return new StoredEntry({ ...at, key, created, header, size: value.length }, read)
}
