import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from './kinds/meta.ts'
import { parseIp, formatIp } from '@slicewise/base'
import { limits } from './limits.ts'
import {
  byteLength, labelFaults, labelValueFaults, pathSegmentFaults, qualifiedNameFaults,
  subdomainFaults,
} from './names.ts'
import type { ResourceSpec } from './resource.ts'
import { type Cause, cause } from './status.ts'

const annotationBytesMax = 256 * 1024
const managerBytesMax = 128
const subresourceBytesMax = 256
const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion'])

/** What is wrong with an object's name under a row's rule; empty when nothing is. */
export function nameFaults(rule: ResourceSpec['nameRule'], name: string): string[] {
  switch (rule) {
    case 'subdomain': return subdomainFaults(name)
    case 'label':
    case 'serviceLabel': return labelFaults(name)
    case 'pathSegment': return pathSegmentFaults(name)
    case 'ip': return ipNameFaults(name)
  }
}

function ipNameFaults(name: string): string[] {
  const ip = parseIp(name)
  if (ip === undefined) {
    return [parseIp(name, true) === undefined
      ? 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
      : 'must not have leading 0s']
  }
  if (ip.mapped) return ['must not be an IPv4-mapped IPv6 address']
  const canonical = formatIp(ip)
  return canonical === name ? [] : [`must be in canonical form (${JSON.stringify(canonical)})`]
}

/** Metadata of a create, after the name was generated and the namespace taken from the path. */
export function validateObjectMeta(
  meta: ObjectMeta, row: Pick<ResourceSpec, 'namespaced' | 'nameRule' | 'group' | 'kind'>,
): Cause[] {
  const found: Cause[] = []
  const { name = '', generateName = '', namespace = '' } = meta
  if (generateName !== '' && row.nameRule !== 'ip') {
    const prefix = row.nameRule === 'pathSegment' ? generateName : prefixAsName(generateName)
    found.push(...nameFaults(row.nameRule, prefix)
      .map((fault) => cause.invalid('metadata.generateName', generateName, fault)))
  }
  if (name === '') found.push(cause.required('metadata.name', 'name or generateName is required'))
  else {
    found.push(...nameFaults(row.nameRule, name)
      .map((fault) => cause.invalid('metadata.name', name, fault)))
  }
  if (row.namespaced) {
    if (namespace === '') found.push(cause.required('metadata.namespace'))
    else {
      found.push(...labelFaults(namespace)
        .map((fault) => cause.invalid('metadata.namespace', namespace, fault)))
    }
  } else if (namespace !== '') {
    found.push(cause.forbidden('metadata.namespace', 'not allowed on this type'))
  }
  found.push(...generationCauses(meta), ...commonCauses(meta))
  found.push(...finalizerCauses(meta.finalizers ?? [], row.group === ''))
  return found
}

/** A trailing dash is fine in a prefix: characters follow it. */
function prefixAsName(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix
}

/** Metadata of an update, after the server carried over what clients may leave out. */
export function validateObjectMetaUpdate(
  next: ObjectMeta, before: ObjectMeta, row: Pick<ResourceSpec, 'group'>,
): Cause[] {
  const found: Cause[] = []
  if (before.deletionTimestamp) {
    const old = new Set(before.finalizers)
    const added = (next.finalizers ?? []).filter((one) => !old.has(one)).sort()
    if (added.length > 0) {
      found.push(cause.forbidden('metadata.finalizers', 'no new finalizers can be added if the '
        + 'object is being deleted, found new finalizers '
        + `[]string{${added.map((one) => JSON.stringify(one)).join(', ')}}`))
    }
  }
  if ((next.generation ?? 0) < (before.generation ?? 0)) {
    found.push(cause.invalid('metadata.generation', next.generation ?? 0,
      'must not be decremented'))
  }
  for (const field of immutable) {
    if ((next[field] ?? null) !== (before[field] ?? null)) {
      found.push(cause.invalid(`metadata.${field}`, next[field] ?? null, 'field is immutable'))
    }
  }
  found.push(...commonCauses(next))
  if (row.group === '' && !sameTexts(next.finalizers, before.finalizers)) {
    found.push(...finalizerCauses(next.finalizers ?? [], true))
  }
  return found
}

const immutable = [
  'name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const

function sameTexts(left: readonly string[] = [], right: readonly string[] = []): boolean {
  return left.length === right.length && left.every((one, at) => one === right[at])
}

function generationCauses(meta: ObjectMeta): Cause[] {
  const generation = meta.generation ?? 0
  return generation >= 0 ? [] : [cause.invalid('metadata.generation', generation, notNegative)]
}

export const notNegative = 'must be greater than or equal to 0'

function commonCauses(meta: ObjectMeta): Cause[] {
  return [
    ...labelsCauses(meta.labels, 'metadata.labels'),
    ...annotationsCauses(meta.annotations, 'metadata.annotations'),
    ...ownerCauses(meta.ownerReferences ?? []),
    ...managedFieldsCauses(meta.managedFields ?? []),
  ]
}

/** Keys and values of a label map; also selectors and topology maps. */
export function labelsCauses(
  labels: Readonly<Record<string, string>> | undefined, field: string,
): Cause[] {
  const found: Cause[] = []
  for (const [key, value] of Object.entries(labels ?? {})) {
    found.push(...qualifiedNameFaults(key).map((fault) => cause.invalid(field, key, fault)))
    found.push(...labelValueFaults(value).map((fault) => cause.invalid(field, value, fault)))
  }
  return found
}

export function annotationsCauses(
  annotations: Readonly<Record<string, string>> | undefined, field: string,
): Cause[] {
  const found: Cause[] = []
  let size = 0
  for (const [key, value] of Object.entries(annotations ?? {})) {
    size += byteLength(key) + byteLength(value)
    found.push(...qualifiedNameFaults(key.toLowerCase())
      .map((fault) => cause.invalid(field, key, fault)))
  }
  if (size > annotationBytesMax) found.push(cause.tooLong(field, annotationBytesMax))
  return found
}

function ownerCauses(owners: readonly OwnerReference[]): Cause[] {
  const field = 'metadata.ownerReferences'
  const found: Cause[] = []
  let controller = ''
  let rivals = 0
  for (const owner of owners) {
    const version = owner.apiVersion.slice(owner.apiVersion.lastIndexOf('/') + 1)
    if (version === '') {
      found.push(cause.invalid(`${field}.apiVersion`, owner.apiVersion,
        'version must not be empty'))
    }
    for (const name of ['kind', 'name', 'uid'] as const) {
      if (owner[name] === '') {
        found.push(cause.invalid(`${field}.${name}`, '', 'must not be empty'))
      }
    }
    if (owner.apiVersion === 'v1' && owner.kind === 'Event') {
      found.push(cause.invalid(field, owner, '/v1, Kind=Event is disallowed from being an owner'))
    }
    if (owner.controller !== true) continue
    const now = `${owner.kind}/${owner.name}`
    if (controller === '') controller = now
    else if (++rivals <= limits.rivalControllersMax) {
      found.push(cause.invalid(field, owners, 'Only one reference can have Controller set to true. '
        + `Found "true" in references for ${controller} and ${now}`))
    }
  }
  return found
}

function finalizerCauses(finalizers: readonly string[], core: boolean): Cause[] {
  const field = 'metadata.finalizers'
  const found: Cause[] = []
  for (const [index, one] of finalizers.entries()) {
    found.push(...qualifiedNameFaults(one).map((fault) => cause.invalid(field, one, fault)))
    if (core && !one.includes('/') && !standardFinalizers.has(one)) {
      found.push(cause.invalid(`${field}[${index}]`, one,
        'name is neither a standard finalizer name nor is it fully qualified'))
    }
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    found.push(cause.invalid(field, finalizers,
      'finalizer orphan and foregroundDeletion cannot be both set'))
  }
  return found
}

function managedFieldsCauses(entries: readonly ManagedFieldsEntry[]): Cause[] {
  const found: Cause[] = []
  for (const [index, entry] of entries.entries()) {
    const field = `metadata.managedFields[${index}]`
    if (entry.operation !== 'Apply' && entry.operation !== 'Update') {
      found.push(cause.invalid(`${field}.operation`, entry.operation ?? '',
        'must be `Apply` or `Update`'))
    }
    if (entry.fieldsType && entry.fieldsType !== 'FieldsV1') {
      found.push(cause.invalid(`${field}.fieldsType`, entry.fieldsType, 'must be `FieldsV1`'))
    }
    if (byteLength(entry.manager ?? '') > managerBytesMax) {
      found.push(cause.tooLong(`${field}.manager`, managerBytesMax))
    }
    if (byteLength(entry.subresource ?? '') > subresourceBytesMax) {
      found.push(cause.tooLong(`${field}.subresource`, subresourceBytesMax))
    }
  }
  return found
}
