/** What of an answer is compared. */
import type { Step } from './script.ts'

/** An error is compared whole; what cannot be cut down says so. */
export function pickFrom(step: Step, answer: { code: number; body: unknown }): unknown {
  if (step.pick === undefined || answer.code !== 200) return answer.body
  try {
    return step.pick(answer.body)
  } catch (error) {
    return `not as expected: ${String(error)}`
  }
}
