import { invalidAll, nonNegativeCauses } from '../../causes.ts'
import { labelFaults } from '../../names.ts'
import { sameValue } from '../../same-value.ts'
import { matchesSelector, selectorFrom } from '../../selector.ts'
import { type Cause, cause } from '../../status.ts'
import type { LabelSelector } from '../meta.ts'
import type { PodTemplateSpec } from '../pod/pod.ts'
import { selectorCauses } from '../pod/scheduling-rules.ts'
import { templateCauses } from '../pod/spec-rules.ts'

/** What the four workload kinds have in common. */

export interface WorkloadSpec {
  selector?: LabelSelector
  template?: PodTemplateSpec
}

/**
 * The selector has to be there, not empty, and to meet the template's own labels; with a faulty
 * one the template is not looked at. A Deployment is checked as the ReplicaSets it makes.
 */
export function selectorAndTemplateCauses(
  spec: WorkloadSpec, kind: 'ReplicaSet' | 'StatefulSet',
): Cause[] {
  // A decoded workload without a selector holds null here, as Go prints it.
  const selector = spec.selector ?? undefined
  const found = selector === undefined
    ? [cause.required('spec.selector')] : selectorCauses(selector, 'spec.selector')
  if (selector !== undefined && isEmpty(selector)) {
    found.push(cause.invalid('spec.selector', selector,
      `empty selector is invalid for ${kind === 'ReplicaSet' ? 'deployment' : 'statefulset'}`))
  }
  if (selector !== undefined && selectorCauses(selector, '').length > 0) {
    const refusal = cause.invalid('spec.selector', selector, 'invalid label selector')
    if (kind === 'ReplicaSet') return [...found, refusal]
    const message = refusal.message.replace(/: invalid label selector$/, '')
    return [...found, { ...refusal, message }, ...alwaysRestarts(spec.template, kind)]
  }
  if (selector === undefined || !isEmpty(selector)) found.push(...matchCauses(spec))
  return [
    ...found, ...templateCauses(spec.template ?? {}, 'spec.template'),
    ...alwaysRestarts(spec.template, kind),
  ]
}

/** An unset selector matches nothing. */
export function matchCauses({ selector, template }: WorkloadSpec): Cause[] {
  const labels = template?.metadata?.labels
  return matchesSelector(selectorFrom(selector ?? undefined), labels ?? {}) ? []
    : [cause.invalid('spec.template.metadata.labels', labels ?? null,
      '`selector` does not match template `labels`')]
}

export function isEmpty(selector: LabelSelector): boolean {
  return Object.keys(selector.matchLabels ?? {}).length === 0 &&
    (selector.matchExpressions ?? []).length === 0
}

export function alwaysRestarts(template: PodTemplateSpec | undefined, kind: string): Cause[] {
  const found: Cause[] = []
  const policy = template?.spec?.restartPolicy
  if (policy !== 'Always') {
    found.push(cause.notSupported('spec.template.spec.restartPolicy', policy ?? '', ['Always']))
  }
  if (template?.spec?.activeDeadlineSeconds !== undefined) {
    found.push(cause.forbidden('spec.template.spec.activeDeadlineSeconds',
      `activeDeadlineSeconds in ${kind} is not Supported`))
  }
  return found
}

/** A selector never changes. */
export function selectorUnchanged(next: WorkloadSpec, before: WorkloadSpec | undefined): Cause[] {
  return sameValue(next.selector, before?.selector)
    ? [] : [cause.invalid('spec.selector', next.selector ?? null, 'field is immutable')]
}

const percent = /^[0-9]+%$/

/** A count or a percentage, not negative. */
export function countOrPercentCauses(
  field: string, value: number | string | undefined,
): Cause[] {
  if (value === undefined) return []
  if (typeof value === 'number') return nonNegativeCauses(field, value)
  return percent.test(value) ? [] : invalidAll(field, value, [
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or " +
    "'93%', regex used for validation is '[0-9]+%')",
  ])
}

/** A percentage above 100 where everything may not be more than all. */
export function notAboveAll(field: string, value: number | string | undefined): Cause[] {
  if (typeof value !== 'string' || !percent.test(value) || Number(value.slice(0, -1)) <= 100) {
    return []
  }
  return [cause.invalid(field, value, 'must not be greater than 100%')]
}

/** A percentage or number as it is read; other text counts as none. */
export function isZero(value: number | string | undefined): boolean {
  return typeof value !== 'string' ? (value ?? 0) === 0
    : !/^[+-]?\d+%?$/.test(value) || Number.parseInt(value, 10) === 0
}

type StatusLike = object

/** Counts of a status may not be negative. */
export function countsCauses(status: StatusLike | undefined, names: readonly string[]): Cause[] {
  const counts = (status ?? {}) as Readonly<Record<string, number | undefined>>
  return names.flatMap((name) => nonNegativeCauses(`status.${name}`, counts[name]))
}

/** A count that cannot be larger than another one; `most` is how the refusal names that one. */
export function atMostCauses(
  status: StatusLike | undefined, pairs: readonly (readonly [string, string])[],
): Cause[] {
  const counts = (status ?? {}) as Readonly<Record<string, number | undefined>>
  return pairs.flatMap(([name, most]) =>
    ((counts[name] ?? 0) > (counts[most.replace('status.', '')] ?? 0)
      ? [cause.invalid(`status.${name}`, counts[name], `cannot be greater than ${most}`)]
      : []))
}

interface Counted {
  readonly collisionCount?: number
}

/** Collisions are only ever counted up. */
export function collisionCauses(next: Counted | undefined, before: Counted | undefined): Cause[] {
  const now = next?.collisionCount ?? 0
  return before?.collisionCount !== undefined && now < before.collisionCount
    ? [cause.invalid('status.collisionCount', now, 'cannot be decremented')] : []
}

/** Warnings about names that are no DNS labels, of the kinds whose Pods are named after them. */
export function longNameWarnings(name: string): string[] {
  const faults = labelFaults(name)
  return faults.length === 0 ? [] : ['metadata.name: this is used in Pod names and hostnames, '
    + 'which can result in surprising behavior; a DNS label is recommended: '
    + `[${faults.join(' ')}]`]
}
