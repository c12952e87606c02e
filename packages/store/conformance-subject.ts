import { test } from 'vitest'
import type { Commit, Entry, KeyChange, Store, StoreWatcher } from './contract.ts'
import { bytes, eventually, text } from './test-env.ts'

/** One store under test. */
export interface Subject {
  /** The store, or the one after the last `reopen`. */
  readonly store: Store
  /** A second user of the same data, as another server would be one. */
  readonly other: Store
  /** Closes the store and opens the same data again; absent when nothing outlives a close. */
  readonly reopen?: () => Promise<Store>
  end(): Promise<void>
}

export type Open = () => Promise<Subject>

/** A test with a store of its own. */
export function storeTest(
  title: string,
  open: Open,
  run: (store: Store, subject: Subject) => Promise<void>,
): void {
  test(title, async () => {
    const subject = await open()
    try {
      await run(subject.store, subject)
    } finally {
      await subject.end()
    }
  })
}

/** Checks the store as it is, and, where something outlives a close, after a restart. */
export async function alsoAfterRestart(
  subject: Subject,
  check: (store: Store) => Promise<void>,
): Promise<void> {
  await check(subject.store)
  if (subject.reopen !== undefined) await check(await subject.reopen())
}

/** What a watch delivered, as text that reads well in a failure. */
export class Recorder implements StoreWatcher {
  readonly revisions: number[] = []
  readonly lines: string[] = []
  readonly changes: KeyChange[] = []
  ended: string | undefined
  ends = 0
  onCommit: (revision: number) => void = () => {}

  commit(revision: number, changes: readonly KeyChange[]): void {
    if (this.ended !== undefined) throw new Error('a change after the end')
    this.revisions.push(revision)
    for (const change of changes) {
      this.changes.push(change)
      this.lines.push(`${change.revision} ${changeText(change)}`)
    }
    this.onCommit(revision)
  }

  end(reason: string): void {
    this.ends++
    this.ended = reason
  }

  async reached(revision: number): Promise<void> {
    await eventually(() => (this.revisions.at(-1) ?? 0) >= revision, `revision ${revision}`)
  }

  async over(): Promise<string> {
    await eventually(() => this.ended !== undefined, 'the end of a watch')
    return this.ended ?? ''
  }
}

/** `/a: 2=x -> 3=y`, `-` for absent. */
export function changeText({ key, before, after }: KeyChange): string {
  return `${key}: ${versionText(before)} -> ${versionText(after)}`
}

function versionText(entry: Entry | undefined): string {
  return entry === undefined ? '-' : `${entry.revision}=${text(entry.value())}`
}

/** `/a 3/2 header value`, revision and created. */
export function entryText(entry: Entry): string {
  const header = entry.header === undefined ? '' : ` [${text(entry.header)}]`
  return `${entry.key} ${entry.revision}/${entry.created}${header} ${text(entry.value())}`
}

export async function contents(store: Store, prefix = '/'): Promise<string[]> {
  return (await store.range(prefix)).entries.map(entryText)
}

/** The revision of a commit. */
export const revisionOf = async (store: Store, commit: Commit): Promise<number> =>
  (await store.commit(commit)).revision

export const put = (store: Store, key: string, value = ''): Promise<number> =>
  revisionOf(store, { puts: [{ key, value: bytes(value) }] })

export const remove = (store: Store, key: string): Promise<number> =>
  revisionOf(store, { deletes: [key] })
