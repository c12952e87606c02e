import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Commit, Store } from './contract.ts'
import { type Open, Recorder, changeText, entryText, revisionOf } from './conformance-subject.ts'
import { bytes } from './test-env.ts'

const keys = ['/a', '/a/1', '/a/2', '/ab/1', '/ab/2', '/b', '/b/1']
const key = fc.constantFrom(...keys)

interface Wanted {
  /** The keys it touches, each once, and whether it puts or deletes it. */
  readonly touched: readonly (readonly [string, boolean])[]
  /** Keys whose revision it expects: the true one, or one that is off by this much. */
  readonly expected: readonly (readonly [string, number])[]
  readonly fill: number
}

type Step =
  | { readonly do: 'commits'; readonly commits: readonly Wanted[] }
  | { readonly do: 'compact'; readonly back: number }
  | { readonly do: 'reopen' }
  | { readonly do: 'watch'; readonly back: number }

const wanted: fc.Arbitrary<Wanted> = fc.record({
  touched: fc.uniqueArray(fc.tuple(key, fc.boolean()), {
    selector: ([name]) => name,
    maxLength: 4,
  }),
  expected: fc.array(fc.tuple(key, fc.constantFrom(0, 0, 0, 0, 1, -1)), { maxLength: 2 }),
  fill: fc.constantFrom(0, 3, 500),
})

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .array(wanted, { minLength: 1, maxLength: 5 })
      .map(commits => ({ do: 'commits' as const, commits })),
  },
  { weight: 2, arbitrary: fc.nat(6).map(back => ({ do: 'compact' as const, back })) },
  { weight: 2, arbitrary: fc.constant({ do: 'reopen' as const }) },
  { weight: 2, arbitrary: fc.nat(12).map(back => ({ do: 'watch' as const, back })) },
)

interface Version {
  readonly revision: number
  readonly created: number
  readonly value: string
}

/** What a store is, in the plainest terms. */
class Model {
  revision = 1
  compacted = 0
  readonly entries = new Map<string, Version>()
  readonly log: { revision: number; line: string }[] = []

  /** The commit as a caller would write it down now, for calls that are not awaited. */
  commitOf({ touched, expected, fill }: Wanted, number: number): Commit {
    const value = (name: string): string => `${number}${name}${'x'.repeat(fill)}`
    return {
      preconditions: expected.map(([name, off]) => ({
        key: name,
        revision: Math.max(0, (this.entries.get(name)?.revision ?? 0) + off),
      })),
      puts: touched
        .filter(([, puts]) => puts)
        .map(([name]) => ({ key: name, value: bytes(value(name)), header: bytes(name) })),
      deletes: touched.filter(([, puts]) => !puts).map(([name]) => name),
    }
  }

  apply(commit: Commit): string {
    for (const { key: name, revision } of commit.preconditions ?? []) {
      const found = this.entries.get(name)?.revision ?? 0
      if (found !== revision) return `${name} is at revision ${found}, expected ${revision}`
    }
    const puts = new Map(commit.puts?.map(put => [put.key, new TextDecoder().decode(put.value)]))
    for (const name of [...puts.keys(), ...(commit.deletes ?? [])].sort()) {
      this.#write(name, puts.get(name))
    }
    return `${this.revision}`
  }

  #write(name: string, value: string | undefined): void {
    const before = this.entries.get(name)
    if (before === undefined && value === undefined) return
    const revision = ++this.revision
    const created = before?.created ?? revision
    const after = value === undefined ? undefined : { revision, created, value }
    if (after === undefined) this.entries.delete(name)
    else this.entries.set(name, after)
    const version = (one: Version | undefined): string =>
      one === undefined ? '-' : `${one.revision}=${one.value}`
    this.log.push({ revision, line: `${name}: ${version(before)} -> ${version(after)}` })
  }

  contents(prefix: string): string[] {
    const found = [...this.entries]
      .filter(([name]) => name.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
    return found.map(
      ([name, version]) =>
        `${name} ${version.revision}/${version.created} [${name}] ${version.value}`,
    )
  }
}

async function runCommits(
  store: Store,
  model: Model,
  commits: readonly Wanted[],
  number: number,
): Promise<void> {
  const calls: [string, Promise<string>][] = []
  for (const [n, one] of commits.entries()) {
    const commit = model.commitOf(one, number * 10 + n)
    const result = revisionOf(store, commit).then(String, (error: Error) => error.message)
    calls.push([model.apply(commit), result])
  }
  for (const [expected, result] of calls) expect(await result).toBe(expected)
}

async function expectSame(store: Store, model: Model): Promise<void> {
  expect([store.revision, store.compacted]).toEqual([model.revision, model.compacted])
  for (const prefix of ['', '/a', '/a/', '/ab/', '/b']) {
    expect((await store.range(prefix)).entries.map(entryText)).toEqual(model.contents(prefix))
  }
}

async function expectHistory(store: Store, model: Model, after: number): Promise<void> {
  const watcher = new Recorder()
  const lines: string[] = []
  watcher.onCommit = () => lines.push(...watcher.changes.splice(0).map(changeText))
  const watch = store.watch('', after, watcher)
  await watcher.reached(model.log.findLast(({ revision }) => revision > after)?.revision ?? 0)
  watch.stop()
  await watcher.over()
  const expected = model.log.filter(({ revision }) => revision > after).map(({ line }) => line)
  expect(lines).toEqual(expected)
}

export function modelCases(open: Open): void {
  test('any history leaves what a plain map would hold', { timeout: 60_000 }, async () => {
    const run = async (steps: Step[]): Promise<void> => {
      const subject = await open()
      const model = new Model()
      try {
        for (const [number, one] of steps.entries()) {
          if (one.do === 'commits') await runCommits(subject.store, model, one.commits, number)
          else if (one.do === 'reopen') await subject.reopen?.()
          else if (one.do === 'compact') {
            const revision = Math.max(1, model.revision - one.back)
            await subject.store.compact(revision)
            model.compacted = Math.max(model.compacted, revision)
          } else
            await expectHistory(
              subject.store,
              model,
              Math.max(model.compacted, model.revision - one.back),
            )
        }
        await expectSame(subject.store, model)
        await expectHistory(subject.store, model, model.compacted)
      } finally {
        await subject.end()
      }
    }
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), run), {
      seed: 2026,
      numRuns: 60,
    })
  })
}
