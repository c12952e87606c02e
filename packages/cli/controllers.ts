import { UsageError, oneLine } from './fault.ts'

/** Throws the `UsageError` of a bad flag when `--controllers` names what does not exist. */
export async function refuseUnknownControllers(
  words: readonly string[] | undefined,
): Promise<void> {
  const { selectControllers } = await import('@slicewise/controllers')
  try {
    selectControllers(words ?? ['*'])
  } catch (error) {
    throw new UsageError(`option '--controllers <names>': ${oneLine(error)}`, { cause: error })
  }
}
