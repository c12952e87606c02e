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
    // At least one put, so that every commit takes a revision of its own.
    puts: writes.filter(([, kind], n) => n === 0 || kind > 2).map(([name, , size]) => [name, size] as const),
    deletes: writes.filter(([, kind], n) => n > 0 && kind <= 2).map(([name]) => name),
  }))

/** A value that tells which write it is from, in every part of it. */
export function loadValue(id: number, size: number): string {
  return ''.padEnd(Math.max(size, 24), `${id} `)
}
