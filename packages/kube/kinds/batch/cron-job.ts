import {
  type Infer, always, bool, field, int32, int64, list, message, oneOf, string, time,
} from '../../schema.ts'
import { objectMeta } from '../meta.ts'
import { objectReference } from '../reference.ts'
import { concurrencyPolicyValues } from './enums.ts'
import { jobSpec } from './job.ts'

const pkg = 'io.k8s.api.batch.v1.'

export const jobTemplateSpec = message(`${pkg}JobTemplateSpec`, {
  metadata: field(1, objectMeta),
  spec: field(2, jobSpec),
})
export interface JobTemplateSpec extends Infer<typeof jobTemplateSpec> {}

export const cronJobSpec = message(`${pkg}CronJobSpec`, {
  schedule: always(1, string, {
    required: true, doc: 'Five fields: minute, hour, day of the month, month, day of the week.',
  }),
  timeZone: field(8, string, { pointer: true, doc: 'Name of the time zone of the schedule.' }),
  startingDeadlineSeconds: field(2, int64, {
    pointer: true, doc: 'A start that was missed by more is skipped.',
  }),
  concurrencyPolicy: field(3, oneOf(...concurrencyPolicyValues), {
    enum: concurrencyPolicyValues, doc: 'What happens when the last Job still runs.',
  }),
  suspend: field(4, bool, { pointer: true, doc: 'Nothing is started while it is true.' }),
  jobTemplate: always(5, jobTemplateSpec, { required: true, doc: 'What the Jobs are made from.' }),
  successfulJobsHistoryLimit: field(6, int32, { pointer: true }),
  failedJobsHistoryLimit: field(7, int32, { pointer: true }),
})
export interface CronJobSpec extends Infer<typeof cronJobSpec> {}

export const cronJobStatus = message(`${pkg}CronJobStatus`, {
  active: field(1, list(objectReference), { list: 'atomic', doc: 'Jobs that run now.' }),
  lastScheduleTime: field(4, time, { pointer: true, doc: 'When a Job was last started.' }),
  lastSuccessfulTime: field(5, time, { pointer: true }),
})
export interface CronJobStatus extends Infer<typeof cronJobStatus> {}

export const cronJob = message(`${pkg}CronJob`, {
  metadata: field(1, objectMeta),
  spec: field(2, cronJobSpec, { required: true }),
  status: field(3, cronJobStatus),
}, { doc: 'Makes Jobs by a schedule.' })
export interface CronJob extends Infer<typeof cronJob> {}
