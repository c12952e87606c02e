import { immutableCause, notListed, nonNegativeCauses } from '../../causes.ts'
import { byteLength, labelFaults } from '../../names.ts'
import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import { matchesSelector, selectorFrom } from '../../selector.ts'
import { type Cause, cause } from '../../status.ts'
import { domainPathCauses } from '../networking/domain-path.ts'
import { defaultTemplateSpec } from '../pod/defaults.ts'
import { selectorCauses } from '../pod/scheduling-rules.ts'
import { templateCauses } from '../pod/spec-rules.ts'
import type { PodTemplateSpec } from '../pod/pod.ts'
import { completionModeValues } from './enums.ts'
import type { Job, JobSpec } from './job.ts'

const int32Max = 2 ** 31 - 1
const managedByBytesMax = 63
const indexedParallelismMax = 100_000
const controllerLabels = ['controller-uid', 'batch.kubernetes.io/controller-uid'] as const
const nameLabels = ['job-name', 'batch.kubernetes.io/job-name'] as const

export function defaultJob(object: Job): void {
  const spec = (object.spec ??= { template: {} })
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1
  spec.parallelism ??= 1
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : int32Max
  const labels = spec.template?.metadata?.labels
  if (labels !== undefined && Object.keys(object.metadata?.labels ?? {}).length === 0) {
    // The same map: what the server adds to the template's labels belongs into both.
    (object.metadata ??= {}).labels = labels
  }
  spec.completionMode ??= 'NonIndexed'
  spec.suspend ??= false
  spec.podReplacementPolicy ??=
    spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed'
  spec.manualSelector ??= false
  defaultJobTemplate(spec)
}

/** What is filled in of a Job inside a CronJob, too. */
export function defaultJobTemplate(spec: JobSpec): void {
  defaultTemplateSpec(spec.template ??= {})
  for (const rule of spec.podFailurePolicy?.rules ?? []) {
    for (const pattern of rule.onPodConditions ?? []) pattern.status ||= 'True'
  }
}

/** Unless the client chose a selector itself, the Job selects by its own uid. */
export function prepareJobCreate(object: Job): void {
  object.status = {}
  const { spec, metadata = {} } = object
  if (spec === undefined || spec.manualSelector === true) return
  const labels = ((spec.template.metadata ??= {}).labels ??= {})
  for (const label of nameLabels) labels[label] ??= metadata.name ?? ''
  for (const label of controllerLabels) labels[label] ??= metadata.uid ?? ''
  const own = metadata.labels === labels || Object.keys(metadata.labels ?? {}).length === 0
  if (own) metadata.labels = { ...labels }
  const matched = ((spec.selector ??= {}).matchLabels ??= {})
  matched[controllerLabels[1]] ??= metadata.uid ?? ''
}

export const jobGeneration = (next: Job, before: Job): boolean =>
  !sameValue(next.spec, before.spec)

export function validateJob(object: Job): Cause[] {
  const { spec = { template: {} }, metadata } = object
  const found = [...ownLabelsCauses(object), ...jobSpecCauses(spec, 'spec')]
  if (spec.selector === undefined) found.push(cause.required('spec.selector'))
  const wrong = selectorCauses(spec.selector, 'spec.selector')
  const labels = spec.template.metadata?.labels
  if (wrong.length === 0 && !matchesSelector(selectorFrom(spec.selector), labels)) {
    found.push(cause.invalid('spec.template.metadata.labels', labels ?? null,
      '`selector` does not match template `labels`'))
  }
  found.push(...wrong)
  const { completions = 0, completionMode } = spec
  if (completionMode === 'Indexed' && completions > 0) {
    const host = `${metadata?.name ?? ''}-${completions - 1}`
    if (labelFaults(host).length > 0) {
      found.push(cause.invalid('metadata.name', metadata?.name ?? '',
        `will not able to create pod with invalid DNS label: ${host}`))
    }
  }
  return found
}

/** Labels that the server sets on the template must have their own values. */
function ownLabelsCauses({ spec, metadata }: Job): Cause[] {
  // Without a selector there is nothing to compare them with, and that alone is told.
  if (spec?.selector === undefined || spec.manualSelector === true) return []
  const at = 'spec.template.metadata.labels'
  const labels = spec.template.metadata?.labels ?? {}
  const wanted = {
    [controllerLabels[0]]: metadata?.uid ?? '', [nameLabels[0]]: metadata?.name ?? '',
    [controllerLabels[1]]: metadata?.uid ?? '', [nameLabels[1]]: metadata?.name ?? '',
  }
  const found = Object.entries(wanted).flatMap(([label, value]) => {
    const field = `${at}[${label}]`
    const now = labels[label]
    if (now === undefined) return [cause.required(field, `must be '${value}'`)]
    return now === value ? [] : [cause.invalid(field, labels, `must be '${value}'`)]
  })
  if (selectorCauses(spec.selector, '').length === 0
    && !matchesSelector(selectorFrom(spec.selector), wanted)) {
    found.push(cause.invalid('spec.selector', spec.selector, '`selector` not auto-generated'))
  }
  return found
}

const counts = [
  'parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished',
  'backoffLimitPerIndex', 'maxFailedIndexes',
] as const

/** Also of the Jobs that a CronJob makes. */
export function jobSpecCauses(spec: JobSpec, at: string): Cause[] {
  const { completionMode, backoffLimitPerIndex, maxFailedIndexes } = spec
  const found = counts.flatMap((name) => nonNegativeCauses(`${at}.${name}`, spec[name]))
  if (maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined) {
    found.push(cause.required(`${at}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'))
  }
  if (spec.managedBy !== undefined) {
    found.push(...domainPathCauses(`${at}.managedBy`, spec.managedBy))
    if (byteLength(spec.managedBy) > managedByBytesMax) {
      found.push(cause.tooLong(`${at}.managedBy`, managedByBytesMax))
    }
  }
  if (completionMode !== undefined && !completionModeValues.includes(completionMode)) {
    found.push(notListed(`${at}.completionMode`, completionMode, ['NonIndexed', 'Indexed']))
  }
  if (completionMode === 'Indexed') found.push(...indexedCauses(spec, at))
  if (completionMode === undefined || completionMode === 'NonIndexed') {
    for (const name of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const) {
      if (spec[name] !== undefined) {
        found.push(cause.invalid(`${at}.${name}`, spec[name], 'requires indexed completion mode'))
      }
    }
    if (spec.successPolicy !== undefined) {
      found.push(cause.invalid(`${at}.successPolicy`, spec.successPolicy,
        'requires indexed completion mode'))
    }
  }
  return [
    ...found, ...replacementCauses(spec, at), ...templateCauses(spec.template, `${at}.template`),
    ...restartCauses(spec, `${at}.template.spec.restartPolicy`),
  ]
}

function indexedCauses(spec: JobSpec, at: string): Cause[] {
  const found: Cause[] = []
  const { completions, parallelism = 0, maxFailedIndexes = 0 } = spec
  if (completions === undefined) {
    found.push(cause.required(`${at}.completions`, 'when completion mode is Indexed'))
  } else if (maxFailedIndexes > completions) {
    found.push(cause.invalid(`${at}.maxFailedIndexes`, maxFailedIndexes,
      'must be less than or equal to completions'))
  }
  if (parallelism > indexedParallelismMax) {
    found.push(cause.invalid(`${at}.parallelism`, parallelism, 'must be less than or equal to '
      + `${indexedParallelismMax} when completion mode is Indexed`))
  }
  return found
}

function replacementCauses(spec: JobSpec, at: string): Cause[] {
  const policy = spec.podReplacementPolicy
  const allowed = spec.podFailurePolicy === undefined
    ? ['Failed', 'TerminatingOrFailed'] : ['Failed']
  return policy === undefined || allowed.includes(policy)
    ? [] : [notListed(`${at}.podReplacementPolicy`, policy, allowed)]
}

function restartCauses({ template, podFailurePolicy }: JobSpec, field: string): Cause[] {
  const policy: string = template?.spec?.restartPolicy ?? ''
  if (policy === '' || policy === 'Always') {
    return [cause.required(field, 'valid values: "OnFailure", "Never"')]
  }
  if (policy !== 'OnFailure' && policy !== 'Never') {
    return [notListed(field, policy, ['OnFailure', 'Never'])]
  }
  return podFailurePolicy !== undefined && policy !== 'Never'
    ? [cause.invalid(field, policy, 'only "Never" is supported when podFailurePolicy is specified')]
    : []
}

const fixed = [
  'selector', 'completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy',
  'successPolicy',
] as const

export function validateJobUpdate(next: Job, before: Stored<Job>): Cause[] {
  const spec: JobSpec = next.spec ?? { template: {} }
  const old: JobSpec = before.spec ?? { template: {} }
  const found = [...validateJob(next), ...completionsCauses(spec, old)]
  for (const name of fixed) {
    if (!sameValue(spec[name], old[name])) {
      found.push(immutableCause(`spec.${name}`, spec[name]))
    }
  }
  const waiting = old.suspend === true && !before.status?.startTime
  if (!sameValue(waiting ? fixedTemplate(spec.template) : spec.template,
    waiting ? fixedTemplate(old.template) : old.template)) {
    found.push(immutableCause('spec.template', spec.template))
  }
  return found
}

/** Completions change only in an indexed Job, together with its parallelism. */
function completionsCauses(spec: JobSpec, old: JobSpec): Cause[] {
  const { completions } = spec
  if (completions === old.completions) return []
  if (spec.completionMode !== 'Indexed') return [immutableCause('spec.completions', completions)]
  return completions === undefined || completions === spec.parallelism ? []
    : [cause.invalid('spec.completions', completions,
      'can only be modified in tandem with spec.parallelism')]
}

/** What of a template stays as it is while a Job waits, suspended, for its first start. */
function fixedTemplate({ metadata, spec }: PodTemplateSpec): unknown {
  const { labels: _labels, annotations: _annotations, ...meta } = metadata ?? {}
  const {
    nodeSelector: _selector, tolerations: _tolerations, schedulingGates: _gates, affinity, ...rest
  } = spec ?? { containers: [] }
  const { nodeAffinity: _affinity, ...apart } = affinity ?? {}
  return { metadata: meta, spec: { ...rest, affinity: apart } }
}
