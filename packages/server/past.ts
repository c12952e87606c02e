import type { KeyChange, Store } from '@slicewise/store'

/**
 * What the store did after revision `after` and up to `until`, which it has reached; undefined
 * when it cannot tell. Read in turns that the store bounds.
 */
export function readPast(
  store: Store, after: number, until: number,
): Promise<KeyChange[] | undefined> {
  const found: KeyChange[] = []
  if (after >= until) return Promise.resolve(found)
  return new Promise(resolve => {
    try {
      const watch = store.watch('/', after, {
        commit(revision, changes) {
          for (const change of changes) if (change.revision <= until) found.push(change)
          if (revision < until) return
          resolve(found)
          watch.stop()
        },
        end: () => resolve(undefined),
      })
    } catch {
      // It was compacted or closed meanwhile.
      resolve(undefined)
    }
  })
}
