/**
 * A versioned key-value store as etcd understands it: one counter of revisions for all keys,
 * several keys in one commit, and a watch that delivers every change after a revision. Unlike
 * there, each change of a commit has a revision of its own, so that who was cut off between two
 * of them goes on with the second.
 * Keys are ASCII paths such as `/pods/default/web-0`; order is bytewise.
 */
export interface Store {
  /** Newest durable revision; 1 for a store that was never written. */
  readonly revision: number
  /** Oldest revision that `watch` can start after: the argument of the last `compact`, or 0. */
  readonly compacted: number

  /**
   * Writes all keys or none. Resolves with what it did only after the engine's flush: the changes
   * take consecutive revisions, in key order. Rejects with `PreconditionFailed` when one does not
   * hold (nothing written), with `WriteRefused` when the engine cannot write (disk full, I/O
   * error); reads go on working then.
   * Commits take effect in the order of the calls, so two in a row on one key need no waiting.
   * A commit that changes nothing resolves with the newest revision.
   */
  commit(change: Commit): Promise<Committed>

  /**
   * Entries whose key starts with `prefix`, in key order, of the newest durable revision, which is
   * the last of a commit.
   */
  range(prefix: string, options?: RangeOptions): Promise<Range>

  /**
   * Delivers every change after revision `after` of a key under `prefix`, oldest first, one call a
   * commit (what is left of it, when `after` lies within), never twice, always in a later turn
   * (never inside `watch` or `commit`; one turn may deliver several). Ends with a reason, never
   * silently, and a watcher that throws ends with `failed`. Throws `Compacted` when `after` <
   * `compacted`.
   */
  watch(prefix: string, after: number, watcher: StoreWatcher): { stop(): void }

  /**
   * Forgets history up to and including `revision`: older values and deletions. Current entries
   * stay, and so do the versions that later commits replaced.
   */
  compact(revision: number): Promise<void>

  /** Ends every watch with `closed`; later calls are refused with `StoreClosed`. */
  close(): Promise<void>
}

export interface Commit {
  readonly preconditions?: readonly Precondition[]
  /** No key twice over `puts` and `deletes` together. */
  readonly puts?: readonly Put[]
  /** Deleting an absent key is no change; a commit that changes nothing takes no revision. */
  readonly deletes?: readonly string[]
}

/** What a commit did. */
export interface Committed {
  /** Of its last change; the newest one when it changed nothing. */
  readonly revision: number
  /** In key order, which is the order of their revisions. */
  readonly changes: readonly KeyChange[]
}

/** Holds when the newest entry of `key` has exactly this revision; 0 means the key is absent. */
export interface Precondition {
  readonly key: string
  readonly revision: number
}

export interface Put {
  readonly key: string
  /** Kept by reference: the caller never changes it afterwards. */
  readonly value: Uint8Array
  /** A small summary read back without touching `value` (the server's index record). */
  readonly header?: Uint8Array
}

/** One version of one key. Immutable. */
export interface Entry {
  readonly key: string
  /** Revision of the change that wrote it. */
  readonly revision: number
  /** Revision of the change that created the key (since its last deletion). */
  readonly created: number
  readonly header: Uint8Array | undefined
  /** Length of the value in bytes, known without reading it. */
  readonly size: number
  /** The bytes; may be read from disk now. Valid until the version is superseded and compacted. */
  value(): Uint8Array
  /** The same, valid until the store is called again only: for who copies them at once. */
  borrow(): Uint8Array
}

export interface RangeOptions {
  /** First key to return, inclusive; default the prefix itself. */
  readonly from?: string
  readonly limit?: number
}

export interface Range {
  readonly revision: number
  readonly entries: readonly Entry[]
  /** First key left out because of `limit`; absent when all were returned. */
  readonly next?: string
}

/** What one commit did to one key. `after` is absent for a deletion, `before` for a creation. */
export interface KeyChange {
  /** Its own. (Commits in old data folders share one: see the README.) */
  readonly revision: number
  readonly key: string
  readonly before?: Entry
  readonly after?: Entry
}

export interface StoreWatcher {
  /** `revision` is that of the commit's last change, which may be one of another prefix. */
  commit(revision: number, changes: readonly KeyChange[]): void
  /** The watch is over: nothing more is delivered. */
  end(reason: 'stopped' | 'closed' | 'compacted' | 'lost' | 'failed', error?: Error): void
}

export class PreconditionFailed extends Error {
  override readonly name = 'PreconditionFailed'
  readonly key: string
  readonly expected: number
  readonly found: number
  constructor(key: string, expected: number, found: number) {
    super(`${key} is at revision ${found}, expected ${expected}`)
    this.key = key
    this.expected = expected
    this.found = found
  }
}

export class Compacted extends Error {
  override readonly name = 'Compacted'
  readonly compacted: number
  constructor(compacted: number) {
    super(`history up to revision ${compacted} is compacted`)
    this.compacted = compacted
  }
}

/** The engine refuses to write; nothing of the commit is stored. `cause` is the engine's error. */
export class WriteRefused extends Error {
  override readonly name = 'WriteRefused'
}

/** The store was closed before the call, or while it ran. */
export class StoreClosed extends Error {
  override readonly name = 'StoreClosed'
  constructor() {
    super('the store is closed')
  }
}

/** The data folder cannot be used: `message` is one line that says what is wrong and what to do. */
export class StoreUnusable extends Error {
  override readonly name = 'StoreUnusable'
}
