import fc from 'fast-check'

/** One commit of the load under which the store is killed. No key twice. */
export interface LoadChange {
  readonly puts: readonly (readonly [key: string, size: number])[]
  readonly deletes: readonly string[]
}

const key = fc.nat(60).map(n => `/load/${n % 3}/${n}`)

export const loadChange: fc.Arbitrary<LoadChange> = fc
  .uniqueArray(fc.tuple(key, fc.nat(9), fc.constantFrom(10, 300, 5_000, 5_000, 30_000)), {
    selector: ([name]) => name,
    minLength: 1,
    maxLength: 4,
  })
  .map(writes => ({
    // At least one put, so that every commit takes a revision.
    puts: writes
      .filter(([, kind], n) => n === 0 || kind > 2)
      .map(([name, , size]) => [name, size] as const),
    deletes: writes.filter(([, kind], n) => n > 0 && kind <= 2).map(([name]) => name),
  }))

/**
 * A value that tells which write it is from, in every part of it, and that does not compress to
 * nothing.
 */
export function loadValue(id: number, size: number): string {
  const parts = [`${id} `]
  let state = (id ^ 0x9e37_79b9) >>> 0
  for (let length = parts[0]?.length ?? 0; length < size; length += 6) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    parts.push((state >>> 2).toString(36).padStart(6, '0').slice(-6))
  }
  return parts.join('').slice(0, Math.max(size, 24))
}
