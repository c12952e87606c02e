import { sleep } from '@slicewise/base'
import { nodeEnv } from '@slicewise/system/node'
import { type AccessFlags, openApi } from '../access.ts'
import { UsageError } from '../fault.ts'
import { openLog } from '../log.ts'
import { type Stop, untilSignal } from '../stop.ts'
import { type Subject, explain, waitForReady } from '../why.ts'

interface Flags extends AccessFlags {
  readonly namespace?: string
  readonly output: 'text' | 'table' | 'json' | 'yaml'
  readonly wait?: number
  /** How long to wait at most, ms. */
  readonly timeout: number
  readonly verbosity: number
}

const kinds: Readonly<Record<string, Subject['kind']>> = {
  svc: 'Service', service: 'Service', services: 'Service', po: 'Pod', pod: 'Pod', pods: 'Pod',
}

/** `slicewise why svc/NAME` or `why pod/NAME`: sets the exit status 0, 1 or 3. */
export async function why(words: readonly string[], flags: Flags): Promise<void> {
  const { kind, name } = subjectOf(words)
  if (flags.wait !== undefined && kind === 'Pod') {
    throw new UsageError('--wait counts the endpoints of a Service: name one, such as svc/web')
  }
  const env = nodeEnv({ log: openLog(flags.verbosity) })
  const access = await openApi(flags)
  const subject: Subject = { kind, name, namespace: flags.namespace ?? access.namespace }
  const options = { env, api: access.api, subject }
  let reached = false
  let stop: Stop | undefined
  if (flags.wait !== undefined) {
    const enough = new AbortController()
    stop = untilSignal(env)
    void stop.whenAsked.then(() => enough.abort())
    void sleep(env, flags.timeout, enough.signal).then(() => enough.abort(), () => undefined)
    reached = await waitForReady(options, flags.wait, enough.signal)
    enough.abort()
  }
  const { report, text, exit } = await explain(options)
  await access.transport.close()
  process.stdout.write(await formatted(flags.output, report, text))
  process.exitCode = reached ? 0 : flags.wait !== undefined && exit === 0 ? 3 : exit
  // After a signal the time to end is being counted, which would end it with another status.
  if (stop?.asked === true) process.exit()
}

async function formatted(
  output: Flags['output'], report: object, text: string,
): Promise<string> {
  if (output === 'json') return `${JSON.stringify(report, null, 2)}\n`
  if (output !== 'yaml') return text
  const { stringify } = await import('yaml')
  return stringify(report, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })
}

/** `svc/web`, or `svc web` as kubectl takes it too. */
function subjectOf(words: readonly string[]): Pick<Subject, 'kind' | 'name'> {
  const parts = words.length === 1 ? (words[0] ?? '').split('/') : words
  const kind = kinds[(parts[0] ?? '').toLowerCase()]
  const name = parts[1] ?? ''
  if (kind === undefined || name === '' || parts.length !== 2) {
    throw new UsageError(
      `why takes svc/NAME or pod/NAME, not "${words.join(' ')}": try slicewise why svc/web`)
  }
  return { kind, name }
}
