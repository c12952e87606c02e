import { assert } from '@slicewise/base'
import {
  type Commit,
  type Entry,
  type KeyChange,
  type Put,
  PreconditionFailed,
} from './contract.ts'
import { limits } from './limits.ts'

/** Makes the entry of one put, which is the `n`-th change of its commit. */
export type EnterPut<E extends Entry> = (put: Put, at: PutPlace) => E

export interface PutPlace {
  readonly revision: number
  readonly created: number
  readonly n: number
}

/** A `KeyChange` whose entries are the engine's own. */
export interface Change<E extends Entry> extends KeyChange {
  readonly before?: E
  readonly after?: E
}

/**
 * What a commit that follows revision `newest` does to the entries that `find` knows, in key order;
 * the refusal when a precondition does not hold; an empty list when nothing changes. Pure but for
 * `enter`.
 */
export function planCommit<E extends Entry>(
  commit: Commit,
  newest: number,
  find: (key: string) => E | undefined,
  enter: EnterPut<E>,
): readonly Change<E>[] | PreconditionFailed {
  for (const { key, revision } of commit.preconditions ?? []) {
    const found = find(key)?.revision ?? 0
    if (found !== revision) return new PreconditionFailed(key, revision, found)
  }
  const changes: Change<E>[] = []
  for (const { key, put } of sortedWrites(commit)) {
    const before = find(key)
    const n = changes.length
    const revision = newest + 1 + n
    if (put === undefined) {
      if (before !== undefined) changes.push({ key, revision, before })
      continue
    }
    if (before === undefined) {
      changes.push({ key, revision, after: enter(put, { revision, created: revision, n }) })
    } else {
      const { created } = before
      changes.push({ key, revision, before, after: enter(put, { revision, created, n }) })
    }
  }
  return changes
}

interface Write {
  readonly key: string
  readonly put?: Put
}

function sortedWrites(commit: Commit): readonly Write[] {
  const writes: Write[] = []
  for (const put of commit.puts ?? []) {
    assertPut(put)
    writes.push({ key: put.key, put })
  }
  for (const key of commit.deletes ?? []) {
    assertKey(key)
    writes.push({ key })
  }
  if (writes.length < 2) return writes
  assert(writes.length <= limits.keysPerCommitMax, 'a commit has too many keys')
  writes.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  for (let n = 1; n < writes.length; n++) {
    assert(writes[n]?.key !== writes[n - 1]?.key, 'a commit names a key twice')
  }
  return writes
}

function assertPut(put: Put): void {
  assertKey(put.key)
  assert(put.value.length <= limits.valueLengthMax, 'a value is too long')
  assert((put.header?.length ?? 0) <= limits.headerLengthMax, 'a header is too long')
}

/** Printable ASCII without the space, so that text order, byte order and length agree. */
const keyPattern = /^[!-~]+$/

function assertKey(key: string): void {
  assert(key.length <= limits.keyLengthMax, 'a key is too long')
  assert(keyPattern.test(key), 'a key is empty or has bytes outside printable ASCII')
}
