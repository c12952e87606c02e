import { invalidAll, nonNegativeCauses } from '../../causes.ts'
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

/** The selector has to be there, not empty, and to meet the template's own labels. */
export function selectorAndTemplateCauses(spec: WorkloadSpec): Cause[] {
  const { template } = spec
  // A decoded workload without a selector holds null here, as Go prints it.
  const selector = spec.selector ?? undefined
  const found: Cause[] = []
  if (selector === undefined) {
    found.push(cause.required('spec.selector'))
  } else {
    found.push(...selectorCauses(selector, 'spec.selector'))
    if (isEmpty(selector)) {
      found.push(cause.invalid('spec.selector', selector, 'empty selector is invalid for deployment'))
    }
  }
  const labels = template?.metadata?.labels ?? {}
  if (selector !== undefined && !isEmpty(selector) &&
    selectorCauses(selector, '').length === 0 &&
    !matchesSelector(selectorFrom(selector), labels)) {
    found.push(cause.invalid('spec.template.metadata.labels', labels,
      '`selector` does not match template `labels`'))
  }
  return [...found, ...templateCauses(template ?? {}, 'spec.template'), ...alwaysRestarts(template)]
}

export function isEmpty(selector: LabelSelector): boolean {
  return Object.keys(selector.matchLabels ?? {}).length === 0 &&
    (selector.matchExpressions ?? []).length === 0
}

function alwaysRestarts(template: PodTemplateSpec | undefined): Cause[] {
  const found: Cause[] = []
  const policy = template?.spec?.restartPolicy
  if (policy !== 'Always') {
    found.push(cause.notSupported('spec.template.spec.restartPolicy', policy ?? '', ['Always']))
  }
  if (template?.spec?.activeDeadlineSeconds !== undefined) {
    found.push(cause.forbidden('spec.template.spec.activeDeadlineSeconds',
      'activeDeadlineSeconds in workload is not Supported'))
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

export const isZero = (value: number | string | undefined): boolean =>
  value === undefined || value === 0 || value === '0%'

type StatusLike = object

/** Counts of a status may not be negative. */
export function countsCauses(status: StatusLike | undefined, names: readonly string[]): Cause[] {
  const counts = (status ?? {}) as Readonly<Record<string, number | undefined>>
  return names.flatMap((name) => nonNegativeCauses(`status.${name}`, counts[name]))
}

/** A count that cannot be larger than another one. */
export function atMostCauses(
  status: StatusLike | undefined, pairs: readonly (readonly [string, string])[],
): Cause[] {
  const counts = (status ?? {}) as Readonly<Record<string, number | undefined>>
  return pairs.flatMap(([name, most]) => (counts[name] ?? 0) > (counts[most] ?? 0)
    ? [cause.invalid(`status.${name}`, counts[name], `cannot be greater than ${most}`)]
    : [])
}

/** What of an object has a spec and a status. */
interface Parts {
  spec?: unknown
  status?: unknown
}

/** A write of the object itself leaves the status as it is. */
export function keepStatus(next: Parts, before: Parts): void {
  if (before.status === undefined) delete next.status
  else next.status = structuredClone(before.status)
}

/** A write through `/status` leaves the spec as it is. */
export function keepSpec(next: Parts, before: Parts): void {
  if (before.spec === undefined) delete next.spec
  else next.spec = structuredClone(before.spec)
}
