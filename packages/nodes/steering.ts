import type { KubeObject } from '@slicewise/kube'

/** Annotations by which a person steers simulated Pods and Nodes. README.md has the same table. */
export const annotations = {
  simulated: 'slicewise.internal/simulated',
  stopped: 'slicewise.internal/stopped',
  startAfter: 'slicewise.internal/start-after',
  readyAfter: 'slicewise.internal/ready-after',
  ready: 'slicewise.internal/ready',
  flap: 'slicewise.internal/flap',
  exitAfter: 'slicewise.internal/exit-after',
  exitCode: 'slicewise.internal/exit-code',
  endAfter: 'slicewise.internal/end-after',
  sandbox: 'slicewise.internal/sandbox',
} as const

/** What a Pod's annotations ask for; durations in milliseconds before `--speed`. */
export interface Steering {
  readonly startMs: number | undefined
  readonly readyMs: number | undefined
  /** `false`: never ready, whatever the probes say. */
  readonly ready: boolean
  readonly flap: { readonly readyMs: number; readonly unreadyMs: number } | undefined
  /** The containers end by themselves so long after their start. */
  readonly exitMs: number | undefined
  readonly exitCode: number
  readonly endMs: number | undefined
  /** A new text means a new sandbox: the Pod gets new addresses. */
  readonly sandbox: string
  /** One sentence for each annotation that cannot be read; it is ignored then. */
  readonly problems: readonly string[]
}

export function steeringOf(pod: KubeObject): Steering {
  const found = pod.metadata?.annotations ?? {}
  const problems: string[] = []
  const duration = (name: string): number | undefined => {
    const text = found[name]
    if (text === undefined) return undefined
    const ms = parseDuration(text)
    if (ms === undefined) {
      problems.push(`${name}: "${text}" is not a duration such as 500ms or 1m30s`)
    }
    return ms
  }
  return {
    startMs: duration(annotations.startAfter),
    readyMs: duration(annotations.readyAfter),
    ready: oneOf(found, annotations.ready, ['true', 'false'], problems) !== 'false',
    flap: flapOf(found[annotations.flap], problems),
    exitMs: duration(annotations.exitAfter),
    exitCode: exitCodeOf(found[annotations.exitCode], problems),
    endMs: duration(annotations.endAfter),
    sandbox: found[annotations.sandbox] ?? '',
    problems,
  }
}

/** A Go duration in milliseconds: `500ms`, `5s`, `1m30s`, `2h`. */
export function parseDuration(text: string): number | undefined {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text) return undefined
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 0), 0)
}

function oneOf(
  found: Readonly<Record<string, string>>, name: string, values: readonly string[],
  problems: string[],
): string | undefined {
  const text = found[name]
  if (text === undefined || values.includes(text)) return text
  problems.push(`${name}: "${text}" is none of ${values.join(', ')}`)
  return undefined
}

function flapOf(text: string | undefined, problems: string[]): Steering['flap'] {
  if (text === undefined) return undefined
  const [ready = '', unready = '', rest] = text.split('/')
  const readyMs = parseDuration(ready)
  const unreadyMs = parseDuration(unready)
  if (rest === undefined && readyMs && unreadyMs) return { readyMs, unreadyMs }
  problems.push(`${annotations.flap}: "${text}" is not READY/UNREADY such as 10s/5s`)
  return undefined
}

function exitCodeOf(text: string | undefined, problems: string[]): number {
  if (text === undefined) return 0
  if (/^\d{1,3}$/.test(text) && Number(text) <= 255) return Number(text)
  problems.push(`${annotations.exitCode}: "${text}" is not a number from 0 to 255`)
  return 0
}
