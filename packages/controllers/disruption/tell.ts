import type { PlannedEvent } from '@slicewise/engine'
import type { LabelSelector, Pod, PodDisruptionBudget, Stored } from '@slicewise/kube'

/** What the controller says in events, in the reference's words. */

export function budgetEvent(
  regarding: Stored<PodDisruptionBudget>, type: 'Normal' | 'Warning', reason: string,
  message: string,
): PlannedEvent {
  return {
    regarding, regardingKind: 'PodDisruptionBudget', regardingApiVersion: 'policy/v1', type, reason,
    message,
  }
}

/** The reference names the namespace in place of the budget. */
export function notDeletedEvent(
  { metadata: { namespace, name } }: Stored<PodDisruptionBudget>, pod: Stored<Pod>,
): PlannedEvent {
  const message = `Pod was expected by PDB ${namespace}/${name} to be deleted but it wasn't`
  return podEvent(pod, 'NotDeleted', message)
}

/** Evictions of a Pod with several budgets are refused. */
export function severalEvent(pod: Stored<Pod>, budget: string): PlannedEvent {
  const { namespace, name } = pod.metadata
  return podEvent(pod, 'MultiplePodDisruptionBudgets', `Pod "${namespace}"/"${name}" matches `
    + `multiple PodDisruptionBudgets.  Chose "${budget}" arbitrarily.`)
}

function podEvent(regarding: Stored<Pod>, reason: string, message: string): PlannedEvent {
  return {
    regarding, regardingKind: 'Pod', regardingApiVersion: 'v1', type: 'Warning', reason, message,
  }
}

export function unmanagedText(selector: LabelSelector | undefined): string {
  return `Pods selected by this PodDisruptionBudget (selector: ${selectorText(selector)}) were `
    + 'found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, '
    + 'which may result in undefined behavior. To account for these pods please set '
    + '".spec.minAvailable" field of the PDB to an integer value.'
}

/** As Go prints it. */
function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const labels = Object.keys(matchLabels).sort().map((key) => `${key}: ${matchLabels[key]},`)
  const expressions = matchExpressions.map(({ key, operator, values = [] }) =>
    `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`)
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},`
    + `MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`
}
