import { listedEnumCauses, notListed, nonNegativeCauses } from '../../causes.ts'
import { byteLength } from '../../names.ts'
import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import type { CronJob, CronJobSpec } from './cron-job.ts'
import { defaultJobTemplate, jobSpecCauses } from './job-rules.ts'
import { scheduleFault } from './schedule.ts'

const nameBytesMax = 52
const zonePart = /^[A-Za-z._0-9+-]{1,14}$/

export function defaultCronJob(object: CronJob): void {
  const spec = (object.spec ??= { schedule: '', jobTemplate: {} })
  spec.concurrencyPolicy ||= 'Allow'
  spec.suspend ??= false
  spec.successfulJobsHistoryLimit ??= 3
  spec.failedJobsHistoryLimit ??= 1
  const job = ((spec.jobTemplate ??= {}).spec ??= { template: {} })
  defaultJobTemplate(job)
}

export function prepareCronJobCreate(object: CronJob): void {
  object.status = {}
}

export const cronJobGeneration = (next: CronJob, before: CronJob): boolean =>
  !sameValue(next.spec, before.spec)

export function validateCronJob(object: CronJob): Cause[] {
  const name = object.metadata?.name ?? ''
  const found = specCauses(object.spec, undefined)
  if (byteLength(name) > nameBytesMax) {
    found.push(cause.invalid('metadata.name', name, 'must be no more than 52 characters'))
  }
  return found
}

export function validateCronJobUpdate(next: CronJob, before: Stored<CronJob>): Cause[] {
  return specCauses(next.spec, before.spec)
}

function specCauses(
  spec: CronJobSpec = { schedule: '', jobTemplate: {} }, before: CronJobSpec | undefined,
): Cause[] {
  const found: Cause[] = []
  if (spec.schedule === '') found.push(cause.required('spec.schedule'))
  else found.push(...scheduleCauses(spec, before))
  found.push(...nonNegativeCauses('spec.startingDeadlineSeconds', spec.startingDeadlineSeconds))
  if (spec.timeZone !== undefined && spec.timeZone !== before?.timeZone) {
    found.push(...zoneCauses(spec.timeZone))
  }
  found.push(...listedEnumCauses('spec.concurrencyPolicy', spec.concurrencyPolicy,
    ['Allow', 'Forbid', 'Replace']))
  const template = spec.jobTemplate ?? {}
  found.push(...jobSpecCauses(template.spec ?? { template: {} }, 'spec.jobTemplate.spec'))
  if (template.spec?.selector !== undefined) {
    found.push(cause.invalid('spec.jobTemplate.spec.selector', template.spec.selector,
      '`selector` will be auto-generated'))
  }
  if (template.spec?.manualSelector === true) {
    found.push(notListed('spec.jobTemplate.spec.manualSelector', true, ['nil', 'false']))
  }
  for (const name of ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'] as const) {
    found.push(...nonNegativeCauses(`spec.${name}`, spec[name]))
  }
  return found
}

function scheduleCauses(
  { schedule, timeZone }: CronJobSpec, before: CronJobSpec | undefined,
): Cause[] {
  const found: Cause[] = []
  const fault = scheduleFault(schedule)
  if (fault !== undefined) found.push(cause.invalid('spec.schedule', schedule, fault))
  if (!schedule.includes('TZ')) return found
  if (before?.schedule.includes('TZ') !== true) {
    found.push(cause.invalid('spec.schedule', schedule,
      'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'))
  } else if (timeZone !== undefined) {
    found.push(cause.invalid('spec.schedule', schedule,
      'cannot use both timeZone field and TZ or CRON_TZ in schedule'))
  }
  return found
}

function zoneCauses(zone: string): Cause[] {
  const field = 'spec.timeZone'
  if (zone === '') return [cause.invalid(field, zone, 'timeZone must be nil or non-empty string')]
  const odd = zone.split('/').some((part) =>
    !zonePart.test(part) || part === '.' || part === '..' || part.startsWith('-'))
  if (odd) return [cause.invalid(field, zone, `unknown time zone ${zone}`)]
  if (zone.toLowerCase() === 'local') {
    return [cause.invalid(field, zone, 'timeZone must be an explicit time zone as defined in '
      + 'https://www.iana.org/time-zones')]
  }
  return isKnownZone(zone) ? [] : [cause.invalid(field, zone, `unknown time zone ${zone}`)]
}

function isKnownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
