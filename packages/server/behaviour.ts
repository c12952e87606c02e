import type { DeleteOptions, KubeObject, ResourceSpec, Stored } from '@slicewise/kube'
import type { Cached } from './cached.ts'
import type { Write } from './commit.ts'
import type { Caller } from './contract.ts'
import type { Core } from './core.ts'
import type { Draft } from './decode.ts'

/** A write as the parts of the pipeline see it. */
export interface Attempt {
  readonly core: Core
  readonly caller: Caller
  readonly spec: ResourceSpec
  readonly namespace: string
  readonly subresource: string | undefined
  readonly dryRun: boolean
}

/** What the server itself knows of single kinds beyond their row: it needs other objects for it. */
export interface Behaviour {
  /** Completes or refuses a new object after defaulting, before the kind's rules (admission). */
  admitCreate?(attempt: Attempt, next: Draft): void
  admitUpdate?(attempt: Attempt, next: Draft, before: Stored): void
  admitDelete?(attempt: Attempt, before: Stored): void
  /**
   * After defaulting and admission, before the kind's rules: takes what must be unique, writes it
   * into `next`, and releases what is no longer needed. The writes join the commit; when another
   * commit was faster the attempt is repeated.
   */
  reserve?(attempt: Attempt, next: Draft, before: Stored | undefined): Reservation
  /** What vanishes with the object, in the same commit. */
  release?(attempt: Attempt, before: Stored): Write[]
  /** Seconds until removal; 0: at once. Undefined: the kind is never deleted gracefully. */
  graceSeconds?(before: Stored, options: DeleteOptions): number
  /** Deletion begins although nothing in metadata holds the object (namespaces). */
  startDelete?(next: Draft): void
  /** False while the kind's own finalizers hold a deleted object. */
  mayVanish?(object: KubeObject): boolean
  /** Further objects that are made in the same commit. */
  companions?(attempt: Attempt, object: Draft): Companion[]
}

export interface Reservation {
  readonly writes: readonly Write[]
  /** Runs after the kind's rules: sets what those take from clients (addresses in a status). */
  complete?(next: Draft): void
}

/** A new object of another kind. */
export interface Companion {
  readonly spec: ResourceSpec
  readonly object: Draft
}

export type Behaviours = Readonly<Record<string, Behaviour>>

/** The writes that remove other objects, where they exist. */
export function removals(
  core: Core, spec: ResourceSpec | undefined, namespace: string, names: readonly string[],
): Write[] {
  if (spec === undefined) return []
  const { collection } = core.cache.of(spec)
  const writes: Write[] = []
  for (const name of names) {
    const object: Cached | undefined = collection.get(collection.keyOf(namespace, name))
    if (object !== undefined) writes.push({ do: 'remove', spec, object })
  }
  return writes
}
