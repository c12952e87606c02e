/** How long ago, in the short form of tables; ages under minus one second are clock errors. */
export function formatDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return `${minutes}m${rest(seconds % 60, 's')}`
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return `${hours}h${rest(minutes % 60, 'm')}`
  if (hours < 48) return `${hours}h`
  const days = Math.floor(hours / 24)
  if (days < 8) return `${days}d${rest(hours % 24, 'h')}`
  if (days < 365 * 2) return `${days}d`
  const years = Math.floor(days / 365)
  return years < 8 ? `${years}y${rest(days % 365, 'd')}` : `${years}y`
}

const rest = (count: number, unit: string): string => (count === 0 ? '' : `${count}${unit}`)

/** The age of a timestamp; unset is `<unknown>`. */
export function formatAge(since: string | null | undefined, nowMs: number): string {
  return since ? formatDuration(nowMs - Date.parse(since)) : '<unknown>'
}
