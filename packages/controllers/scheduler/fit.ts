import type { Node, NodeSelectorRequirement, NodeSelectorTerm, Pod, Taint, Toleration }
  from '@slicewise/kube'

/** Why a Node cannot take a Pod; the words of kube-scheduler's messages. */
export type Misfit =
  | { readonly why: 'Unschedulable' }
  | { readonly why: 'Taint'; readonly taint: Taint }
  | { readonly why: 'Affinity' }
  | { readonly why: 'TooManyPods' }

/** What of a Pod decides where it fits; shared by all Pods of one template. */
export type PodFit = Pick<NonNullable<Pod['spec']>, 'nodeSelector' | 'affinity' | 'tolerations'>

/** The first thing that keeps the Pod off the Node, or undefined when it fits. */
export function misfit(pod: PodFit, node: Node): Misfit | undefined {
  const unschedulable: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
  if (node.spec?.unschedulable === true && !isTolerated(pod.tolerations, unschedulable)) {
    return { why: 'Unschedulable' }
  }
  const taint = node.spec?.taints?.find((one) =>
    one.effect !== 'PreferNoSchedule' && !isTolerated(pod.tolerations, one))
  if (taint !== undefined) return { why: 'Taint', taint }
  return matchesNode(pod, node) ? undefined : { why: 'Affinity' }
}

/** Whether the Node has what the Pod's nodeSelector and required node affinity ask for. */
export function matchesNode(pod: PodFit, node: Node): boolean {
  const labels = node.metadata?.labels ?? {}
  for (const [key, value] of Object.entries(pod.nodeSelector ?? {})) {
    if (labels[key] !== value) return false
  }
  const required = pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  if (required === undefined) return true
  return required.nodeSelectorTerms.some((term) => matchesTerm(term, node))
}

/** A term without any requirement matches nothing. */
function matchesTerm(term: NodeSelectorTerm, node: Node): boolean {
  const expressions = term.matchExpressions ?? []
  const fields = term.matchFields ?? []
  if (expressions.length + fields.length === 0) return false
  const labels = node.metadata?.labels ?? {}
  const name = node.metadata?.name
  return expressions.every((one) => matchesRequirement(one, labels[one.key])) &&
    fields.every((one) => one.key === 'metadata.name' && matchesRequirement(one, name))
}

function matchesRequirement(
  requirement: NodeSelectorRequirement, found: string | undefined,
): boolean {
  const values = requirement.values ?? []
  switch (requirement.operator) {
    case 'In':
      return found !== undefined && values.includes(found)
    case 'NotIn':
      return found === undefined || !values.includes(found)
    case 'Exists':
      return found !== undefined
    case 'DoesNotExist':
      return found === undefined
    case 'Gt':
      return found !== undefined && Number(found) > Number(values[0])
    case 'Lt':
      return found !== undefined && Number(found) < Number(values[0])
    default:
      return false
  }
}

/** Whether one of the tolerations covers the taint. An empty key with Exists covers every taint. */
export function isTolerated(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return (tolerations ?? []).some((one) => {
    if (one.effect !== undefined && one.effect !== taint.effect) return false
    if (one.key !== undefined && one.key !== taint.key) return false
    return one.operator === 'Exists' ? true : one.key !== undefined &&
      (one.value ?? '') === (taint.value ?? '')
  })
}

/** The words in which kube-scheduler counts a reason: `1 node(s) were unschedulable`. */
export function misfitText(reason: Misfit): string {
  switch (reason.why) {
    case 'Unschedulable':
      return 'node(s) were unschedulable'
    case 'Taint': {
      const { key, value } = reason.taint
      return `node(s) had untolerated taint(s) {${key}${value ? `: ${value}` : ': '}}`
    }
    case 'Affinity':
      return "node(s) didn't match Pod's node affinity/selector"
    case 'TooManyPods':
      return 'Too many pods'
  }
}
