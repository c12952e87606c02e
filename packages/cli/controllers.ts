import { type Env, sleep } from '@slicewise/base'
import type { Transport } from '@slicewise/client'
import { UsageError, oneLine } from './fault.ts'

/** What another cluster gets unless it is asked for more: its own controllers do the rest. */
const discoveryControllers = [
  'endpointslice-controller', 'endpointslice-mirroring-controller', 'endpoints-controller',
]

const retryMs = 2_000

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

/**
 * The controllers that are wanted on a server. Words that only take some out, or none at all, mean
 * all on a server of Slicewise, which has no others; anywhere else those of discovery.
 */
export function controllersFor(words: readonly string[] | undefined, ours: boolean): string[] {
  const given = words ?? []
  const chooses = given.some((word) => !word.startsWith('-') || word === '-*')
  if (chooses) return [...given]
  return ours ? ['*', ...given] : [...discoveryControllers, ...given]
}

/** Whether an API server is Slicewise's, by its version. Asks until it answers or all ends. */
export async function isOurs(
  transport: Transport, env: Env, signal: AbortSignal,
): Promise<boolean> {
  for (let told = false; !signal.aborted;) {
    try {
      const response = await transport.request({ method: 'GET', path: '/version', signal })
      const text = await response.text()
      if (response.status >= 500) throw new Error(`GET /version: ${response.status}`)
      const { gitVersion } = JSON.parse(text) as { gitVersion?: string }
      return response.status === 200 && gitVersion?.includes('+slicewise') === true
    } catch (error) {
      if (error instanceof SyntaxError) return false
      if (!told) env.log.warn('the API server gives no answer, trying again',
        { because: oneLine(error) })
      told = true
      await sleep(env, retryMs, signal).catch(() => undefined)
    }
  }
  return false
}
