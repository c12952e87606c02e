import { optionalEnumCauses } from '../causes.ts'
import type { Stored } from '../object.ts'
import { compareQuantities } from '../quantity.ts'
import { sameValue } from '../same-value.ts'
import { type Cause, cause } from '../status.ts'
import {
  persistentVolumeAccessModeValues, persistentVolumeModeValues, persistentVolumeReclaimPolicyValues,
} from './core-enums.ts'
import { selectorCauses } from './pod/scheduling-rules.ts'
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from './persistent-volume-claim.ts'
import type { PersistentVolume } from './persistent-volume.ts'

/** Short forms of access modes in tables. */
const modeShort: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO', ReadOnlyMany: 'ROX', ReadWriteMany: 'RWX', ReadWriteOncePod: 'RWOP',
}

export function accessModesCell(modes: readonly string[] | undefined): string {
  return Object.keys(modeShort).filter((mode) => modes?.includes(mode))
    .map((mode) => modeShort[mode]).join(',')
}

export function defaultVolume(volume: PersistentVolume): void {
  const spec = (volume.spec ??= {})
  volume.status ??= {}
  volume.status.phase ||= 'Pending'
  spec.persistentVolumeReclaimPolicy ||= 'Retain'
  spec.volumeMode ??= 'Filesystem'
  if (spec.hostPath !== undefined) spec.hostPath.type ??= ''
}

export function defaultClaim(claim: PersistentVolumeClaim): void {
  claim.status ??= {}
  claim.status.phase ||= 'Pending'
  claim.spec ??= {}
  claim.spec.volumeMode ??= 'Filesystem'
  mirrorDataSource(claim.spec)
}

/** The two names of a data source follow each other when they can. */
function mirrorDataSource(spec: PersistentVolumeClaimSpec): void {
  const { dataSource, dataSourceRef } = spec
  if (dataSource !== undefined && dataSourceRef === undefined) {
    spec.dataSourceRef = { ...dataSource }
  } else if (dataSource === undefined && dataSourceRef !== undefined && !dataSourceRef.namespace) {
    const { namespace: _namespace, ...local } = dataSourceRef
    if (local.apiGroup || local.kind === 'PersistentVolumeClaim') spec.dataSource = local
  }
}

export function validateClaim({ spec = {} }: PersistentVolumeClaim): Cause[] {
  return claimSpecCauses(spec, 'spec')
}

/** Also for claim templates of workloads. */
export function claimSpecCauses(spec: PersistentVolumeClaimSpec, field: string): Cause[] {
  const found: Cause[] = []
  if (!spec.accessModes?.length) {
    found.push(cause.required(`${field}.accessModes`, 'at least 1 access mode is required'))
  }
  found.push(...selectorCauses(spec.selector, `${field}.selector`))
  found.push(...accessModeCauses(spec.accessModes ?? [], `${field}.accessModes`))
  const storage = spec.resources?.requests?.storage
  if (storage === undefined) {
    found.push(cause.required(`${field}.resources[storage]`))
  } else if (compareQuantities(storage, '0') <= 0) {
    found.push(cause.invalid(`${field}.resources[storage]`, storage, 'must be greater than zero'))
  }
  found.push(...optionalEnumCauses(`${field}.volumeMode`, spec.volumeMode,
    persistentVolumeModeValues))
  return found
}

function accessModeCauses(modes: readonly string[], field: string): Cause[] {
  const found = modes.flatMap((mode) =>
    optionalEnumCauses(field, mode, persistentVolumeAccessModeValues))
  if (modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod')) {
    found.push(cause.forbidden(field, 'may not use ReadWriteOncePod with other access modes'))
  }
  return found
}

/** A claim's spec is fixed but for its size, and its volume once unset. */
export function validateClaimUpdate(
  next: PersistentVolumeClaim, before: Stored<PersistentVolumeClaim>,
): Cause[] {
  const found = validateClaim(next)
  const now = next.spec ?? {}
  const old = before.spec ?? {}
  const free = {
    ...old, resources: {}, volumeAttributesClassName: '',
    volumeName: old.volumeName || (now.volumeName ?? ''),
    storageClassName: old.storageClassName ?? now.storageClassName ?? '',
  }
  const same = sameValue(free, {
    ...now, resources: {}, volumeAttributesClassName: '', volumeName: now.volumeName ?? '',
    storageClassName: now.storageClassName ?? '',
  })
  if (!same) {
    found.push(cause.forbidden('spec', 'spec is immutable after creation except '
      + 'resources.requests and volumeAttributesClassName for bound claims'))
  }
  return found
}

export function validateVolume({ spec = {} }: PersistentVolume): Cause[] {
  const found: Cause[] = []
  if (!spec.accessModes?.length) found.push(cause.required('spec.accessModes'))
  found.push(...accessModeCauses(spec.accessModes ?? [], 'spec.accessModes'))
  const capacity = spec.capacity ?? {}
  if (Object.keys(capacity).length === 0) found.push(cause.required('spec.capacity'))
  if (capacity.storage === undefined || Object.keys(capacity).length > 1) {
    found.push(cause.notSupported('spec.capacity', capacity, ['storage']))
  }
  for (const [name, amount] of Object.entries(capacity)) {
    if (compareQuantities(amount, '0') <= 0) {
      found.push(cause.invalid(`spec.capacity[${name}]`, amount, 'must be greater than zero'))
    }
  }
  found.push(...optionalEnumCauses('spec.persistentVolumeReclaimPolicy',
    spec.persistentVolumeReclaimPolicy, persistentVolumeReclaimPolicyValues))
  return [...found, ...volumeSourceCauses(spec)]
}

/** Everything of the spec that is not a source of storage. */
const notASource = new Set([
  'capacity', 'accessModes', 'claimRef', 'persistentVolumeReclaimPolicy', 'storageClassName',
  'mountOptions', 'volumeMode', 'nodeAffinity', 'volumeAttributesClassName',
])

function volumeSourceCauses(spec: NonNullable<PersistentVolume['spec']>): Cause[] {
  const [first, ...rest] = Object.entries(spec)
    .filter(([key, value]) => value !== undefined && !notASource.has(key)).map(([key]) => key)
  if (first === undefined) return [cause.required('spec', 'must specify a volume type')]
  return rest.map((key) =>
    cause.forbidden(`spec.${key}`, 'may not specify more than 1 volume type'))
}
