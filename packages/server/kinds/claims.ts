import type { Write } from '../commit.ts'
import type { Core } from '../core.ts'
import { internalPrefix } from '../keys.ts'

/**
 * Bookkeeping keys that say who has a thing that must be unique. A claim is written on condition
 * that it is absent, so two servers on one store cannot give a thing twice.
 */
export type ClaimKind = 'nodeports' | 'loadbalancers'

const claimKey = (kind: ClaimKind, thing: string): string => `${internalPrefix}${kind}/${thing}`
const decoder = new TextDecoder()

export function claim(kind: ClaimKind, thing: string, owner: string): Write {
  const value = new TextEncoder().encode(JSON.stringify({ owner }))
  return { do: 'claim', key: claimKey(kind, thing), value }
}

export function isClaimed(core: Core, kind: ClaimKind, thing: string): boolean {
  return core.cache.hasInternal(claimKey(kind, thing))
}

/** Undefined when nobody has it. */
export function ownerOf(core: Core, kind: ClaimKind, thing: string): string | undefined {
  const value = core.cache.internal(claimKey(kind, thing))
  return value && (JSON.parse(decoder.decode(value)) as { owner: string }).owner
}

export function ownedBy(core: Core, kind: ClaimKind, owner: string): string[] {
  const prefix = claimKey(kind, '')
  const found: string[] = []
  for (const key of core.cache.internalKeys()) {
    const thing = key.startsWith(prefix) ? key.slice(prefix.length) : ''
    if (thing !== '' && ownerOf(core, kind, thing) === owner) found.push(thing)
  }
  return found.sort()
}

/** Gives back what this owner has; what is another's stays. */
export function release(
  core: Core, kind: ClaimKind, things: readonly string[], owner: string,
): Write[] {
  return things.filter(thing => ownerOf(core, kind, thing) === owner)
    .map(thing => ({ do: 'release', key: claimKey(kind, thing) }))
}
