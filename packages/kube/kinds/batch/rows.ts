import type { ResourceSpec } from '../../resource.ts'
import { everyVerb, statusSubresource } from '../verbs.ts'
import { type CronJob, cronJob } from './cron-job.ts'
import { type Job, job } from './job.ts'

export const cronjobs: ResourceSpec<CronJob> = {
  group: 'batch', version: 'v1', resource: 'cronjobs', kind: 'CronJob', namespaced: true,
  singular: 'cronjob',
  shortNames: ['cj'],
  categories: ['all'],
  verbs: everyVerb,
  schema: cronJob,
  subresources: [statusSubresource],
  nameRule: 'subdomain',
}

export const jobs: ResourceSpec<Job> = {
  group: 'batch', version: 'v1', resource: 'jobs', kind: 'Job', namespaced: true,
  singular: 'job',
  categories: ['all'],
  verbs: everyVerb,
  schema: job,
  subresources: [statusSubresource],
  nameRule: 'subdomain',
}
