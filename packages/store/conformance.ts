import { describe } from 'vitest'
import { commitCases } from './conformance-commit.ts'
import { historyCases } from './conformance-history.ts'
import { modelCases } from './conformance-model.ts'
import { rangeCases } from './conformance-range.ts'
import { watchCases } from './conformance-watch.ts'
import type { Subject } from './conformance-subject.ts'

/** What every engine must do, whoever uses it. `open` gives a store that was never written. */
export function storeConformance(name: string, open: () => Promise<Subject>): void {
  describe(`${name} as a store`, () => {
    commitCases(open)
    rangeCases(open)
    watchCases(open)
    historyCases(open)
    modelCases(open)
  })
}
