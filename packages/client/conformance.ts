import { describe } from 'vitest'
import { deletionCases } from './conformance-delete.ts'
import { readingCases } from './conformance-read.ts'
import type { OpenApi } from './conformance-subject.ts'
import { watchingCases } from './conformance-watch.ts'
import { writingCases } from './conformance-write.ts'
import { patchingCases } from './conformance-patch.ts'

/**
 * What every `Api` must do: ours in process, ours over HTTP, and anybody's real one. The cases use
 * kinds that no controller touches, each in a namespace of its own, and clean up after themselves.
 */
export function apiConformance(name: string, open: OpenApi): void {
  describe(`${name} as an Api`, () => {
    writingCases(open)
    readingCases(open)
    watchingCases(open)
    deletionCases(open)
    patchingCases(open)
  })
}
