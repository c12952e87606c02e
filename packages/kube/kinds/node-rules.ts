import { parseCidr } from '@slicewise/base'
import { invalidAll, listedEnumCauses, qualifiedNameCauses, taintEffects } from '../causes.ts'
import { cidrCauses } from '../ip-rules.ts'
import { labelValueFaults } from '../names.ts'
import type { Stored } from '../object.ts'
import { compareQuantities, isWholeQuantity } from '../quantity.ts'
import { sameValue } from '../same-value.ts'
import { type Cause, cause } from '../status.ts'
import type { Node, Taint } from './node.ts'

export function defaultNode(node: Node): void {
  const spec = (node.spec ??= {})
  // Where the two disagree the single range alone counts, as in the reference.
  if (spec.podCIDR && spec.podCIDR !== spec.podCIDRs?.[0]) spec.podCIDRs = [spec.podCIDR]
  else if (spec.podCIDRs?.length) spec.podCIDR = spec.podCIDRs[0] ?? ''
  const status = (node.status ??= {})
  if (status.allocatable === undefined && status.capacity !== undefined) {
    status.allocatable = { ...status.capacity }
  }
}

export function prepareNodeUpdate(next: Node, before: Stored<Node>): void {
  next.status = structuredClone(before.status ?? {})
}

export function prepareNodeStatusUpdate(next: Node, before: Stored<Node>): void {
  next.spec = structuredClone(before.spec ?? {})
  if (before.status?.config === undefined && next.status !== undefined) delete next.status.config
}

export function validateNode(node: Node): Cause[] {
  const found = [...taintsCauses(node.spec?.taints ?? []), ...resourcesCauses(node)]
  const cidrs = node.spec?.podCIDRs ?? []
  const field = 'spec.podCIDRs'
  found.push(...cidrs.flatMap((text, index) => cidrCauses(`${field}[${index}]`, text)))
  const families = cidrs.map((text) => parseCidr(text, true)?.ip.family)
  if (cidrs.length > 2 || (cidrs.length === 2 && families[0] === families[1])) {
    found.push(cause.invalid(field, cidrs, 'may specify no more than one CIDR for each IP family'))
  }
  return found
}

/** Also for writes through `/status`. */
export function validateNodeUpdate(next: Node, before: Stored<Node>): Cause[] {
  const found = resourcesCauses(next)
  const now = next.spec ?? {}
  const old = before.spec ?? {}
  const seen = new Set<string>()
  for (const [index, address] of (next.status?.addresses ?? []).entries()) {
    const key = JSON.stringify([address.type, address.address])
    if (seen.has(key)) found.push(cause.duplicate(`status.addresses[${index}]`, address))
    seen.add(key)
  }
  if (old.podCIDRs?.length && !sameValue(old.podCIDRs, now.podCIDRs)) {
    found.push(cause.forbidden('spec.podCIDRs',
      'node updates may not change podCIDR except from "" to valid'))
  }
  if (old.providerID && old.providerID !== now.providerID) {
    found.push(cause.forbidden('spec.providerID',
      'node updates may not change providerID except from "" to valid'))
  }
  found.push(...taintsCauses(now.taints ?? []))
  if ((old.externalID ?? '') !== (now.externalID ?? '')) {
    found.push(cause.forbidden('spec.externalID', 'may not be updated'))
  }
  return found
}

/** Taints are told under `metadata.taints`, as the reference tells them. */
function taintsCauses(taints: readonly Taint[]): Cause[] {
  const seen = new Set<string>()
  return taints.flatMap((taint, index) => {
    const field = `metadata.taints[${index}]`
    const found = qualifiedNameCauses(`${field}.key`, taint.key)
    const faults = labelValueFaults(taint.value ?? '')
    if (faults.length > 0) {
      found.push(...invalidAll(`${field}.value`, taint.value, [faults.join(';')]))
    }
    found.push(...listedEnumCauses(`${field}.effect`, taint.effect, taintEffects))
    const key = `${taint.effect}/${taint.key}`
    if (seen.has(key)) {
      const twice = cause.duplicate(field, taint)
      const why = 'taints must be unique by key and effect pair'
      found.push({ ...twice, message: `${twice.message}: ${why}` })
    }
    seen.add(key)
    return found
  })
}

function resourcesCauses(node: Node): Cause[] {
  return (['capacity', 'allocatable'] as const).flatMap((list) =>
    Object.entries(node.status?.[list] ?? {}).flatMap(([name, amount]) =>
      amountCauses(`status.${list}.${name}`, name, amount)))
}

/** Names without a domain count in whole units, all but CPU. */
function amountCauses(field: string, name: string, amount: string): Cause[] {
  if (compareQuantities(amount, '0') < 0) {
    return [cause.invalid(field, amount, 'must be greater than or equal to 0')]
  }
  const whole = wholeResources.test(name) || name.startsWith('hugepages-')
  return whole && !isWholeQuantity(amount)
    ? [cause.invalid(field, amount, 'must be an integer')] : []
}

const wholeResources = new RegExp(`^(${[
  'pods', 'services', 'replicationcontrollers', 'resourcequotas', 'secrets', 'configmaps',
  'persistentvolumeclaims', 'services\\.nodeports', 'services\\.loadbalancers',
].join('|')})$`)

