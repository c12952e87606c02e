import { type Part, carry } from '../modify.ts'

/** `PUT namespaces/{name}/finalize`: the one way to change the finalizers of the spec. */
export const finalizePart: Part = {
  prepare(_attempt, next, before) {
    carry('status', next, before)
  },
  validate: () => [],
}
