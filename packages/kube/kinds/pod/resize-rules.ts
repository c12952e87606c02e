import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import type { Container, ResourceRequirements } from './container.ts'
import type { Pod } from './pod.ts'
import { qosClass } from './qos.ts'
import type { PodSpec } from './spec.ts'

const lists = ['containers', 'initContainers'] as const
type Amounts = NonNullable<ResourceRequirements['limits']>

/**
 * Through `/resize` the resources of a Pod and of its containers change, and nothing else. Where
 * the containers are not the same ones the Pod is left as it was sent, for the rules to refuse it.
 */
export function keepAllButResources(next: Pod, before: Stored<Pod>): void {
  const sent = next.spec ?? { containers: [] }
  const old = before.spec ?? { containers: [] }
  const { resources: _, ...rest } = old
  const spec: PodSpec = { ...rest }
  if (sent.resources !== undefined) spec.resources = sent.resources
  for (const list of lists) {
    const [now = [], was = []] = [sent[list], old[list]]
    if (now.length !== was.length) return
    const same = now.every((one, n) => one.name === was[n]?.name)
    if (was.length > 0) spec[list] = same ? was.map((one, n) => resized(one, now[n])) : now
  }
  next.spec = spec
}

function resized(old: Container, now: Container | undefined): Container {
  const { resources: _, resizePolicy: __, ...rest } = old
  const next: Container = { ...rest }
  if (now?.resources !== undefined) next.resources = now.resources
  if (now?.resizePolicy !== undefined) next.resizePolicy = now.resizePolicy
  return next
}

export function resizeCauses(next: Pod, before: Stored<Pod>): Cause[] {
  const now = next.spec ?? { containers: [] }
  const old = before.spec ?? { containers: [] }
  if (old.os?.name === 'windows') return [cause.forbidden('', 'windows pods cannot be resized')]
  const found: Cause[] = []
  if ((before.status?.qosClass ?? qosClass(old)) !== qosClass(now)) {
    found.push(cause.invalid('spec', before.status?.qosClass ?? '',
      'Pod QOS Class may not change as a result of resizing'))
  }
  const running = before.status?.containerStatuses?.find(one => one.state?.running != null)
  if (running !== undefined && running.resources === undefined) {
    found.push(cause.forbidden('spec', 'Pod running on node without support for resize'))
  }
  found.push(...podLevelCauses(now, old))
  const order = lists.flatMap(list => orderCauses(now[list] ?? [], old[list] ?? [], list))
  found.push(...order)
  return order.length > 0 ? found : [...found, ...containersCauses(now, old)]
}

function podLevelCauses({ resources: now }: PodSpec, { resources: old }: PodSpec): Cause[] {
  const field = 'spec.resources'
  if (old !== undefined && now === undefined) {
    return [cause.forbidden(field, 'pod-level resources cannot be removed')]
  }
  const found = (['requests', 'limits'] as const)
    .filter(one => old !== undefined && lacks(now?.[one], old[one]))
    .map(one => cause.forbidden(`${field}.${one}`, `pod-level resource ${one} cannot be removed`))
  if (now !== undefined && !sameValue(fixed(now, old), fixed(old ?? {}, old))) {
    found.push(cause.forbidden('spec', 'only cpu and memory resources are mutable at pod-level'))
  }
  return found
}

function orderCauses(
  now: readonly Container[], old: readonly Container[], list: typeof lists[number],
): Cause[] {
  const field = `spec.${list}`
  if (now.length !== old.length) {
    return [cause.forbidden(field, `${list} may not be added or removed on resize`)]
  }
  return now.flatMap(({ name }, n) => (name === old[n]?.name ? [] : [
    cause.forbidden(`${field}[${n}].name`, `${list} may not be renamed or reordered on resize`),
  ]))
}

function containersCauses(now: PodSpec, old: PodSpec): Cause[] {
  const removed = [...lists].reverse().flatMap(list => (old[list] ?? []).flatMap((was, n) =>
    removedCauses(now[list]?.[n]?.resources, was.resources, `spec.${list}[${n}].resources`)))
  const others = (old.containers ?? []).flatMap((was, n) =>
    (sameContainer(now.containers?.[n], was) ? []
      : [cause.forbidden('spec', 'only cpu and memory resources are mutable')]))
  const inits = (old.initContainers ?? []).flatMap((was, n) =>
    initCauses(now.initContainers?.[n], was, `spec.initContainers[${n}]`))
  return [...removed, ...others, ...inits]
}

function removedCauses(
  now: ResourceRequirements = {}, old: ResourceRequirements = {}, field: string,
): Cause[] {
  return (['requests', 'limits'] as const).filter(one => lacks(now[one], old[one]))
    .map(one => cause.forbidden(`${field}.${one}`, `resource ${one} cannot be removed`))
}

const lacks = (now: Amounts = {}, old: Amounts = {}): boolean =>
  Object.keys(old).some(name => !(name in now))

function initCauses(now: Container | undefined, old: Container, field: string): Cause[] {
  const found: Cause[] = []
  if (!sameContainer(now, old)) {
    found.push(cause.forbidden(field,
      'only cpu and memory resources for init or sidecar containers are mutable'))
  }
  if (now?.restartPolicy === 'Always' || sameValue(now, old)) return found
  for (const policy of now?.resizePolicy ?? []) {
    if (policy.restartPolicy !== 'RestartContainer') continue
    found.push(cause.forbidden(field, 'non-sidecar init containers with a resize policy of '
      + 'RestartContainer cannot be resized'))
  }
  return found
}

/** Equal but for CPU and memory. */
const sameContainer = (now: Container | undefined, old: Container): boolean => sameValue(
  { ...now, resources: fixed(now?.resources, old.resources) },
  { ...old, resources: fixed(old.resources, old.resources) })

/** Resources with the CPU and memory of others. */
function fixed(now: ResourceRequirements = {}, old: ResourceRequirements = {}): object {
  const amounts = (kind: 'limits' | 'requests'): Amounts => {
    const { cpu: _, memory: __, ...rest } = now[kind] ?? {}
    const { cpu, memory } = old[kind] ?? {}
    return {
      ...rest, ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }),
    }
  }
  return { limits: amounts('limits'), requests: amounts('requests') }
}
