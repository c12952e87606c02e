import type { ResourceSpec } from '../../resource.ts'
import { everyVerb, statusSubresource } from '../verbs.ts'
import { cronJobColumns, jobColumns } from './columns.ts'
import {
  cronJobGeneration, defaultCronJob, prepareCronJobCreate, validateCronJob, validateCronJobUpdate,
} from './cron-job-rules.ts'
import { type CronJob, cronJob } from './cron-job.ts'
import {
  defaultJob, jobGeneration, prepareJobCreate, validateJob, validateJobUpdate,
} from './job-rules.ts'
import { type Job, job } from './job.ts'
import { jobWarnings } from './warnings.ts'

export const cronjobs: ResourceSpec<CronJob> = {
  group: 'batch', version: 'v1', resource: 'cronjobs', kind: 'CronJob', namespaced: true,
  singular: 'cronjob',
  shortNames: ['cj'],
  categories: ['all'],
  verbs: everyVerb,
  schema: cronJob,
  subresources: [statusSubresource],
  nameRule: 'subdomain',
  generationChanged: cronJobGeneration,
  defaults: defaultCronJob,
  prepareCreate: prepareCronJobCreate,
  validate: validateCronJob,
  validateUpdate: validateCronJobUpdate,
  warnings: (object, before) => jobWarnings(
    object.spec?.jobTemplate.spec, 'spec.jobTemplate.spec', object, before),
  columns: cronJobColumns,
}

export const jobs: ResourceSpec<Job> = {
  group: 'batch', version: 'v1', resource: 'jobs', kind: 'Job', namespaced: true,
  singular: 'job',
  categories: ['all'],
  verbs: everyVerb,
  schema: job,
  subresources: [statusSubresource],
  nameRule: 'subdomain',
  generationChanged: jobGeneration,
  defaults: defaultJob,
  prepareCreate: prepareJobCreate,
  validate: validateJob,
  validateUpdate: validateJobUpdate,
  warnings: (object, before) => jobWarnings(object.spec, 'spec', object, before),
  columns: jobColumns,
  fieldSelectors: { 'status.successful': ({ status }) => String(status?.succeeded ?? 0) },
}
