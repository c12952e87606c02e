import { parseIp } from '@slicewise/base'
import { qualifiedNameCauses } from '../../causes.ts'
import { ipCauses } from '../../ip-rules.ts'
import { LastClean } from '../../last-clean.ts'
import type { Stored } from '../../object.ts'
import type { ClusterFacts } from '../../resource.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import type { Container } from './container.ts'
import type { Binding, Pod } from './pod.ts'
import { tolerationsCauses } from './scheduling-rules.ts'
import { ephemeralChanges } from './ephemeral-rules.ts'
import { qosClass } from './qos.ts'
import { resizeCauses } from './resize-rules.ts'
import { podSpecCauses } from './spec-rules.ts'
import type { PodSpec } from './spec.ts'
import type { PodStatus } from './status.ts'

const secondsMax = 2 ** 31 - 1
const updatable = [
  'spec.containers[*].image', 'spec.initContainers[*].image', 'spec.activeDeadlineSeconds',
].map((one) => `\`${one}\``).join(',')
  + ',`spec.tolerations` (only additions to existing tolerations)'
  + ',`spec.terminationGracePeriodSeconds` '
  + '(allow it to be set to 1 if it was previously negative)'

export function preparePodCreate(pod: Pod, { env }: ClusterFacts): void {
  const spec = pod.spec ?? { containers: [] }
  pod.status = { phase: 'Pending', qosClass: qosClass(spec) }
  if (!spec.schedulingGates?.length) return
  pod.status.conditions = [{
    type: 'PodScheduled', status: 'False', reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
    lastProbeTime: null,
    lastTransitionTime: new Date(env.nowMs()).toISOString().replace(/\.\d+/, ''),
  }]
}

export function preparePodUpdate(next: Pod, before: Stored<Pod>): void {
  next.status = before.status ?? {}
}

/** Spec and owners stay; single addresses and the lists follow each other. */
export function preparePodStatusUpdate(next: Pod, before: Stored<Pod>): void {
  if (before.spec === undefined) delete next.spec
  else next.spec = before.spec
  next.metadata ??= {}
  const owners = before.metadata.ownerReferences
  if (owners === undefined) delete next.metadata.ownerReferences
  else next.metadata.ownerReferences = owners
  const status = (next.status ??= {})
  const old = before.status ?? {}
  if (!status.qosClass && old.qosClass) status.qosClass = old.qosClass
  if (!status.observedGeneration && old.observedGeneration) {
    status.observedGeneration = old.observedGeneration
  }
  for (const condition of status.conditions ?? []) {
    const known = old.conditions?.find((one) => one.type === condition.type)?.observedGeneration
    if (!condition.observedGeneration && known) condition.observedGeneration = known
  }
}

/** `podIP` is the first of `podIPs`; where they disagree it alone counts (older kubelets). */
export function syncPodIPs(status: PodStatus): void {
  const first = status.podIPs?.[0]?.ip
  if (!status.podIP) {
    if (first) status.podIP = first
  } else if (status.podIP !== first) {
    status.podIPs = [{ ip: status.podIP }]
  }
}

export const podGenerationChanged = (next: Pod, before: Pod): boolean =>
  !sameValue(next.spec, before.spec)

export const validatePod = (pod: Pod): Cause[] =>
  podSpecCauses(pod.spec ?? { containers: [] }, 'spec')

/** What only a new Pod is refused for, and no template: those have always been taken. */
export const validateNewPod = (pod: Pod): Cause[] =>
  lastNewSpec.findings(pod.spec ?? { containers: [] }, newSpecCauses)

const lastNewSpec = new LastClean<PodSpec>()

function newSpecCauses(spec: PodSpec): Cause[] {
  const found = podSpecCauses(spec, 'spec')
  for (const list of ['containers', 'initContainers'] as const) {
    for (const [index, { image = '' }] of (spec[list] ?? []).entries()) {
      if (image === image.trim()) continue
      found.push(cause.invalid(`spec.${list}[${index}].image`, image,
        'must not have leading or trailing whitespace'))
    }
  }
  if (spec.ephemeralContainers?.length) {
    found.push(cause.forbidden('spec.ephemeralContainers', 'cannot be set on create'))
  }
  return found
}

const mirror = 'kubernetes.io/config.mirror'

const isMirror = ({ metadata }: Stored<Pod>): boolean =>
  metadata.annotations?.[mirror] !== undefined

export function validateEphemeralUpdate(next: Pod, before: Stored<Pod>): Cause[] {
  if (isMirror(before)) {
    return [cause.forbidden('', 'static pods do not support ephemeral containers')]
  }
  return [...validatePod(next), ...ephemeralChanges(next, before)]
}

export function validateResize(next: Pod, before: Stored<Pod>): Cause[] {
  if (isMirror(before)) return [cause.forbidden('', 'static pods cannot be resized')]
  return [...validatePod(next), ...resizeCauses(next, before)]
}

/** Of the spec only images, the deadline, tolerations and gates may change. */
export function validatePodUpdate(next: Pod, before: Stored<Pod>): Cause[] {
  const now = next.spec ?? { containers: [] }
  const old = before.spec ?? { containers: [] }
  const found = sameValue(now, old) ? [] : validatePod(next)
  for (const list of ['containers', 'initContainers'] as const) {
    if ((now[list]?.length ?? 0) !== (old[list]?.length ?? 0)) {
      found.push(cause.forbidden(`spec.${list}`, 'pod updates may not add or remove containers'))
      return found
    }
    for (const [index, container] of (now[list] ?? []).entries()) {
      if (!container.image) found.push(cause.required(`spec.${list}[${index}].image`))
    }
  }
  const deadline = deadlineCauses(now.activeDeadlineSeconds, old.activeDeadlineSeconds)
  found.push(...deadline, ...tolerationChanges(now, old), ...gateChanges(now, old))
  if (!sameValue(withoutMutable(now, old), old)) {
    found.push(cause.forbidden('spec', `pod updates may not change fields other than ${updatable}`))
  }
  return found
}

function deadlineCauses(now: number | undefined, old: number | undefined): Cause[] {
  const field = 'spec.activeDeadlineSeconds'
  if (now === undefined) {
    return old === undefined ? [] : [cause.invalid(field, null,
      'must not update from a positive integer to nil value')]
  }
  if (now < 0 || now > secondsMax) {
    return [cause.invalid(field, now, `must be between 0 and ${secondsMax}, inclusive`)]
  }
  return old !== undefined && old < now
    ? [cause.invalid(field, now, 'must be less than or equal to previous value')] : []
}

function tolerationChanges(now: PodSpec, old: PodSpec): Cause[] {
  const field = 'spec.tolerations'
  if (sameValue(now.tolerations, old.tolerations)) return []
  for (const one of old.tolerations ?? []) {
    const kept = now.tolerations?.some((other) =>
      sameValue({ ...one, tolerationSeconds: other.tolerationSeconds }, other))
    if (kept !== true) {
      return [cause.forbidden(field,
        'existing toleration can not be modified except its tolerationSeconds')]
    }
  }
  return tolerationsCauses(now.tolerations ?? [], field)
}

function gateChanges(now: PodSpec, old: PodSpec): Cause[] {
  const known = new Set((old.schedulingGates ?? []).map((gate) => gate.name))
  return (now.schedulingGates ?? []).flatMap(({ name }, index) => (known.has(name) ? [] : [
    cause.forbidden(`spec.schedulingGates[${index}].name`,
      `only deletion is allowed, but found new scheduling gate '${name}'`),
  ]))
}

function withoutMutable(now: PodSpec, old: PodSpec): PodSpec {
  const withImages = (
    containers: readonly Container[] | undefined, before: readonly Container[] | undefined,
  ): Container[] => (containers ?? []).map((container, index) => {
    const { image: _image, ...rest } = container
    const image = before?.[index]?.image
    return image === undefined ? rest : { ...rest, image }
  })
  const grace = (old.terminationGracePeriodSeconds ?? 0) < 0
    && now.terminationGracePeriodSeconds === 1
    ? old.terminationGracePeriodSeconds : now.terminationGracePeriodSeconds
  const gated = (old.schedulingGates?.length ?? 0) > 0
  const {
    activeDeadlineSeconds: _deadline, tolerations: _tolerations, schedulingGates: _gates, ...rest
  } = now
  return {
    ...rest,
    containers: withImages(now.containers, old.containers),
    initContainers: withImages(now.initContainers, old.initContainers),
    ...pick(old, 'activeDeadlineSeconds'), ...pick(old, 'tolerations'),
    ...pick(old, 'schedulingGates'),
    ...(grace === undefined ? {} : { terminationGracePeriodSeconds: grace }),
    ...(gated ? { ...pick(old, 'nodeSelector'), ...pick(old, 'affinity') } : {}),
  }
}

const pick = <K extends keyof PodSpec>(spec: PodSpec, key: K): Partial<Pick<PodSpec, K>> =>
  (spec[key] === undefined ? {} : { [key]: spec[key] } as Pick<PodSpec, K>)

export function validatePodStatusUpdate(next: Pod, before: Stored<Pod>): Cause[] {
  const status = next.status ?? {}
  const found: Cause[] = []
  for (const [index, condition] of (status.conditions ?? []).entries()) {
    if ((condition.observedGeneration ?? 0) < 0) {
      found.push(cause.invalid(`status.conditions[${index}].observedGeneration`,
        condition.observedGeneration, 'must be greater than or equal to 0'))
    }
    if (!/^(Ready|Initialized|ContainersReady|PodScheduled)$/.test(condition.type)) {
      found.push(...qualifiedNameCauses(`status.conditions[${index}].Type`, condition.type))
    }
  }
  if ((status.qosClass ?? '') !== (before.status?.qosClass ?? '')) {
    found.push(cause.invalid('status.qosClass', status.qosClass ?? '', 'field is immutable'))
  }
  const nominated = status.nominatedNodeName ?? ''
  if (nominated !== (before.status?.nominatedNodeName ?? '') && nominated !== ''
    && before.spec?.nodeName) {
    found.push(cause.forbidden('status.nominatedNodeName',
      'may not be set on pods that are already bound to a node'))
  }
  const known = (before.status?.podIPs ?? []).map((one) => one.ip)
  found.push(...ipListCauses(status, 'podIPs', known))
  return [...found, ...ipListCauses(status, 'hostIPs',
    (before.status?.hostIPs ?? []).map((one) => one.ip))]
}

function ipListCauses(
  status: PodStatus, list: 'podIPs' | 'hostIPs', known: readonly string[],
): Cause[] {
  const ips = (status[list] ?? []).map((one) => one.ip)
  const field = `status.${list}`
  const found = ips.flatMap((ip, index) =>
    (known.includes(ip) ? [] : ipCauses(`${field}[${index}]`, ip)))
  if (found.length > 0) return found
  const families = ips.map((ip) => parseIp(ip, true)?.family)
  if (ips.length > 2 || (ips.length === 2 && families[0] === families[1])) {
    found.push(cause.invalid(field, status[list], ips.length > 1 && families[0] === families[1]
      ? 'may specify no more than one IP for each IP family' : 'may only hold up to 2 values'))
  }
  for (const [index, ip] of ips.entries()) {
    if (ips.indexOf(ip) < index) found.push(cause.duplicate(`${field}[${index}]`, { ip }))
  }
  return found
}

/** A binding names a Node and nothing else. */
export function validateBinding(binding: Binding): Cause[] {
  const { kind = '', name = '' } = binding.target
  const found: Cause[] = []
  if (kind !== '' && kind !== 'Node') {
    found.push(cause.notSupported('target.kind', kind, ['Node', '<empty>']))
  }
  if (name === '') found.push(cause.required('target.name'))
  return found
}

