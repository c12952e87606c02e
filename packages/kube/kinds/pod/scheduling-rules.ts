import {
  invalidAll, listedEnumCauses, optionalEnumCauses, qualifiedNameCauses, taintEffects,
} from '../../causes.ts'
import { labelsCauses } from '../../metadata-rules.ts'
import { labelValueFaults, qualifiedNameFaults } from '../../names.ts'
import { type Cause, cause } from '../../status.ts'
import {
  nodeInclusionPolicyValues, unsatisfiableConstraintActionValues,
} from '../core-enums.ts'
import type { LabelSelector } from '../meta.ts'
import type { NodeSelectorTerm } from '../selectors.ts'
import type {
  Affinity, PodAffinityTerm, Toleration, TopologySpreadConstraint, WeightedPodAffinityTerm,
} from './scheduling.ts'

export function tolerationsCauses(tolerations: readonly Toleration[], field: string): Cause[] {
  return tolerations.flatMap((toleration, index) => {
    const at = `${field}[${index}]`
    const { key = '', operator = '', value = '', effect = '' } = toleration
    const found = key === '' ? [] : qualifiedNameCauses(`${at}.key`, key)
    if (key === '' && operator !== 'Exists') {
      found.push(cause.invalid(`${at}.operator`, operator, 'operator must be Exists when `key` is '
        + 'empty, which means "match all values and all keys"'))
    }
    if (toleration.tolerationSeconds !== undefined && effect !== 'NoExecute') {
      found.push(cause.invalid(`${at}.effect`, effect,
        'effect must be \'NoExecute\' when `tolerationSeconds` is set'))
    }
    if (operator === '' || operator === 'Equal') {
      const faults = labelValueFaults(value)
      if (faults.length > 0) found.push(cause.invalid(`${at}.operator`, value, faults.join(';')))
    } else if (operator === 'Exists') {
      if (value !== '') {
        found.push(cause.invalid(`${at}.operator`, value,
          'value must be empty when `operator` is \'Exists\''))
      }
    } else {
      found.push(...optionalEnumCauses(`${at}.operator`, operator, ['Equal', 'Exists']))
    }
    if (effect !== '') found.push(...listedEnumCauses(`${at}.effect`, effect, taintEffects))
    return found
  })
}

export function affinityCauses(affinity: Affinity | undefined, field: string): Cause[] {
  if (affinity === undefined) return []
  const found: Cause[] = []
  const nodes = affinity.nodeAffinity
  if (nodes !== undefined) {
    const at = `${field}.nodeAffinity`
    const required = nodes.requiredDuringSchedulingIgnoredDuringExecution
    if (required !== undefined) {
      found.push(...nodeSelectorCauses(required.nodeSelectorTerms ?? [],
        `${at}.requiredDuringSchedulingIgnoredDuringExecution`))
    }
    for (const [index, one] of (
      nodes.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
      const here = `${at}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`
      found.push(...weightCauses(one.weight, here),
        ...termCauses(one.preference, `${here}.preference`))
    }
  }
  for (const name of ['podAffinity', 'podAntiAffinity'] as const) {
    const pods = affinity[name]
    if (pods === undefined) continue
    const at = `${field}.${name}`
    found.push(
      ...(pods.requiredDuringSchedulingIgnoredDuringExecution ?? []).flatMap((term, index) =>
        podTermCauses(term, `${at}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`)),
      ...(pods.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap((one, index) =>
        weightedCauses(one, `${at}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`)),
    )
  }
  return found
}

function weightedCauses(one: WeightedPodAffinityTerm, field: string): Cause[] {
  return [...weightCauses(one.weight, field),
    ...podTermCauses(one.podAffinityTerm, `${field}.podAffinityTerm`)]
}

function weightCauses(weight: number, field: string): Cause[] {
  return weight >= 1 && weight <= 100
    ? [] : [cause.invalid(`${field}.weight`, weight, 'must be in the range 1-100')]
}

/** Terms of a required node affinity; also of a PersistentVolume. */
export function nodeSelectorCauses(terms: readonly NodeSelectorTerm[], field: string): Cause[] {
  if (terms.length === 0) {
    return [cause.required(`${field}.nodeSelectorTerms`,
      'must have at least one node selector term')]
  }
  return terms.flatMap((term, index) => termCauses(term, `${field}.nodeSelectorTerms[${index}]`))
}

function termCauses(term: NodeSelectorTerm | undefined, field: string): Cause[] {
  return (term?.matchExpressions ?? []).flatMap((expression, index) => {
    const at = `${field}.matchExpressions[${index}]`
    const { operator, values = [] } = expression
    const found: Cause[] = []
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) {
        found.push(cause.required(`${at}.values`,
          'must be specified when `operator` is \'In\' or \'NotIn\''))
      }
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) {
        found.push(cause.forbidden(`${at}.values`,
          'may not be specified when `operator` is \'Exists\' or \'DoesNotExist\''))
      }
    } else if (operator === 'Gt' || operator === 'Lt') {
      if (values.length !== 1) {
        found.push(cause.required(`${at}.values`,
          'must be specified single value when `operator` is \'Lt\' or \'Gt\''))
      }
    } else {
      found.push(cause.invalid(`${at}.operator`, operator ?? '', 'not a valid selector operator'))
    }
    return [...found, ...qualifiedNameCauses(`${at}.key`, expression.key)]
  })
}

function podTermCauses(term: PodAffinityTerm, field: string): Cause[] {
  const found = selectorCauses(term.labelSelector, `${field}.labelSelector`)
  if (!term.topologyKey) found.push(cause.required(`${field}.topologyKey`, 'can not be empty'))
  return [...found, ...qualifiedNameCauses(`${field}.topologyKey`, term.topologyKey)]
}

/** A label selector anywhere: selectors of workloads, policies, budgets. */
export function selectorCauses(
  selector: LabelSelector | null | undefined, field: string,
): Cause[] {
  if (!selector) return []
  const found = labelsCauses(selector.matchLabels, `${field}.matchLabels`)
  for (const [index, one] of (selector.matchExpressions ?? []).entries()) {
    const at = `${field}.matchExpressions[${index}]`
    const values = one.values ?? []
    if (one.operator === 'In' || one.operator === 'NotIn') {
      if (values.length === 0) {
        found.push(cause.required(`${at}.values`,
          'must be specified when `operator` is \'In\' or \'NotIn\''))
      }
    } else if (one.operator === 'Exists' || one.operator === 'DoesNotExist') {
      if (values.length > 0) {
        found.push(cause.forbidden(`${at}.values`,
          'may not be specified when `operator` is \'Exists\' or \'DoesNotExist\''))
      }
    } else {
      found.push(cause.invalid(`${at}.operator`, one.operator ?? '',
        'not a valid selector operator'))
    }
    found.push(...invalidAll(`${at}.key`, one.key, qualifiedNameFaults(one.key)))
    for (const [place, value] of values.entries()) {
      found.push(...invalidAll(`${at}.values[${place}]`, value, labelValueFaults(value)))
    }
  }
  return found
}

export function spreadCauses(
  constraints: readonly TopologySpreadConstraint[], field: string,
): Cause[] {
  const pairOf = (one: TopologySpreadConstraint): string =>
    `{${one.topologyKey}, ${one.whenUnsatisfiable}}`
  const last = new Map(constraints.map((one, index) => [pairOf(one), index]))
  return constraints.flatMap((one, index) => {
    const at = `${field}[${index}]`
    const found: Cause[] = []
    if (!(one.maxSkew > 0)) {
      found.push(cause.invalid(`${at}.maxSkew`, one.maxSkew, 'must be greater than zero'))
    }
    if (!one.topologyKey) found.push(cause.required(`${at}.topologyKey`, 'can not be empty'))
    found.push(...optionalEnumCauses(`${at}.whenUnsatisfiable`, one.whenUnsatisfiable,
      unsatisfiableConstraintActionValues))
    const pair = pairOf(one)
    if (last.get(pair) !== index) {
      found.push(cause.duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pair))
    }
    if (one.minDomains !== undefined && one.minDomains <= 0) {
      found.push(cause.invalid(`${at}.minDomains`, one.minDomains, 'must be greater than zero'))
    }
    for (const name of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      found.push(...optionalEnumCauses(`${at}.${name}`, one[name], nodeInclusionPolicyValues))
    }
    return [...found, ...selectorCauses(one.labelSelector, `${at}.labelSelector`)]
  })
}
