/** The five fields of a schedule: their ranges and the names that stand for numbers. */
const fields = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  {
    min: 1, max: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
] as const
type ScheduleField = (typeof fields)[number]

const shorthands = new Set([
  '@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly',
])
const interval = /^@every (?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/

/** What is wrong with a schedule of a CronJob, undefined when nothing is. */
export function scheduleFault(schedule: string): string | undefined {
  const text = schedule.replace(/^(?:CRON_)?TZ=\S+\s*/, '')
  if (text === '') return 'empty spec string'
  if (text.startsWith('@')) {
    return shorthands.has(text) || interval.test(text)
      ? undefined : `unrecognized descriptor: ${text}`
  }
  const parts = text.split(/\s+/).filter((part) => part !== '')
  if (parts.length !== fields.length) {
    return `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`
  }
  for (const [index, part] of parts.entries()) {
    const rule = fields[index] as ScheduleField
    for (const one of part.split(',')) {
      const fault = rangeFault(one, rule)
      if (fault !== undefined) return fault
    }
  }
  return undefined
}

/** `*`, a value or a range, with an optional step. */
function rangeFault(text: string, rule: ScheduleField): string | undefined {
  const [range = '', step, ...moreSteps] = text.split('/')
  if (moreSteps.length > 0) return `too many slashes: ${text}`
  const [low = '', high, ...moreEnds] = range.split('-')
  if (moreEnds.length > 0) return `too many hyphens: ${text}`
  const open = low === '*' || low === '?'
  const start = open ? rule.min : numberOf(low, rule)
  const end = open || (high === undefined && step !== undefined) ? rule.max
    : high === undefined ? start : numberOf(high, rule)
  for (const [value, shown] of [[start, low], [end, high ?? low]] as const) {
    if (value === undefined) {
      return `failed to parse int from ${shown}: strconv.Atoi: parsing ${JSON.stringify(shown)}: `
        + 'invalid syntax'
    }
  }
  if (start === undefined || end === undefined) return undefined
  if (step !== undefined) {
    if (!/^\d+$/.test(step)) {
      return `failed to parse int from ${step}: strconv.Atoi: parsing ${JSON.stringify(step)}: `
        + 'invalid syntax'
    }
    if (Number(step) === 0) return `step of range should be a positive number: ${text}`
  }
  if (start < rule.min) return `beginning of range (${start}) below minimum (${rule.min}): ${text}`
  if (end > rule.max) return `end of range (${end}) above maximum (${rule.max}): ${text}`
  return start > end
    ? `beginning of range (${start}) beyond end of range (${end}): ${text}` : undefined
}

function numberOf(text: string, { min, names }: ScheduleField): number | undefined {
  const at = (names as readonly string[]).indexOf(text.toLowerCase())
  if (at >= 0) return at + min
  return /^\d+$/.test(text) ? Number(text) : undefined
}
