import { formatAge } from '../../age.ts'
import { ageColumn, countColumn, nameColumn, textColumn, wideColumn } from '../../cells.ts'
import type { Column } from '../../resource.ts'
import { printSelector, selectorFrom } from '../../selector.ts'
import type { CronJob } from './cron-job.ts'
import type { Job, JobSpec } from './job.ts'

const containersOf = (spec: JobSpec | undefined) => spec?.template?.spec?.containers ?? []
const namesCell = (spec: JobSpec | undefined): string =>
  containersOf(spec).map(({ name }) => name).join(',')
const imagesCell = (spec: JobSpec | undefined): string =>
  containersOf(spec).map(({ image }) => image ?? '').join(',')
const selectorCell = (spec: JobSpec | undefined): string => (spec?.selector === undefined
  ? '<none>' : printSelector(selectorFrom(spec.selector)) || '<none>')

/** Conditions that a Job's status shows, the most important first. */
const shown = [
  ['Complete', 'Complete'], ['Failed', 'Failed'], [undefined, 'Terminating'],
  ['Suspended', 'Suspended'], ['FailureTarget', 'FailureTarget'],
  ['SuccessCriteriaMet', 'SuccessCriteriaMet'],
] as const

function statusCell({ metadata, status }: Job): string {
  const holds = (type: string | undefined): boolean => (type === undefined
    ? metadata?.deletionTimestamp != null
    : status?.conditions?.some((one) => one.type === type && one.status === 'True') === true)
  return shown.find(([type]) => holds(type))?.[1] ?? 'Running'
}

function completionsCell({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0
  if (spec?.completions !== undefined) return `${succeeded}/${spec.completions}`
  const parallelism = spec?.parallelism ?? 0
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

function durationCell({ status }: Job, nowMs: number): string {
  if (!status?.startTime) return ''
  return formatAge(status.startTime,
    status.completionTime ? Date.parse(status.completionTime) : nowMs)
}

export const jobColumns: readonly Column<Job>[] = [
  nameColumn,
  textColumn('Status', 'Where it stands.', statusCell),
  textColumn('Completions', 'Pods that succeeded, of those wanted.', completionsCell),
  textColumn('Duration', 'How long it took or has taken.', durationCell),
  ageColumn,
  wideColumn('Containers', 'Names of the containers.', ({ spec }) => namesCell(spec)),
  wideColumn('Images', 'Images of the containers.', ({ spec }) => imagesCell(spec)),
  wideColumn('Selector', 'Which Pods belong to it.', ({ spec }) => selectorCell(spec)),
]

function suspendCell({ spec }: CronJob): string {
  if (spec?.suspend === undefined) return '<unset>'
  return spec.suspend ? 'True' : 'False'
}

export const cronJobColumns: readonly Column<CronJob>[] = [
  nameColumn,
  textColumn('Schedule', 'When Jobs are started.', ({ spec }) => spec?.schedule ?? ''),
  textColumn('Timezone', 'Time zone of the schedule.', ({ spec }) => spec?.timeZone ?? '<none>'),
  {
    name: 'Suspend', type: 'boolean', doc: 'Whether nothing is started now.', cell: suspendCell,
  },
  countColumn('Active', 'Jobs that run now.', ({ status }) => status?.active?.length ?? 0),
  textColumn('Last Schedule', 'Time since a Job was last started.', ({ status }, nowMs) =>
    (status?.lastScheduleTime ? formatAge(status.lastScheduleTime, nowMs) : '<none>')),
  ageColumn,
  wideColumn('Containers', 'Names of the containers.',
    ({ spec }) => namesCell(spec?.jobTemplate?.spec)),
  wideColumn('Images', 'Images of the containers.',
    ({ spec }) => imagesCell(spec?.jobTemplate?.spec)),
  wideColumn('Selector', 'Which Pods belong to a Job.',
    ({ spec }) => selectorCell(spec?.jobTemplate?.spec)),
]
