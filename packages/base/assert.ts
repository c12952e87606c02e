/** A broken promise of our own code. Never thrown for bad input or a failing machine. */
export class BugError extends Error {
  override readonly name = 'BugError'
}

/** Stops on a bug of ours, keeping the data whole. Failures of others are answered instead. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new BugError(message)
}
