import { type Cause, type DeleteOptions, cause, invalid } from '@slicewise/kube'
import type { WriteRequest } from './contract.ts'
import { limits } from './limits.ts'

export interface WriteOptions {
  readonly dryRun: boolean
  /** Whose fields the write makes. */
  readonly manager: string
  readonly validation: 'Ignore' | 'Warn' | 'Strict'
}

type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions'

/** Throws `Invalid` of the options' kind, as the reference does. */
export function checkWriteOptions(
  request: WriteRequest, kind: OptionsKind, more: readonly Cause[] = [],
): WriteOptions {
  const { dryRun, fieldManager = '', fieldValidation = '' } = request
  const causes: Cause[] = [...more, ...checkDryRun(dryRun)]
  if (fieldManager.length > limits.fieldManagerMax) {
    causes.push(cause.tooLong('fieldManager', limits.fieldManagerMax))
  }
  if (!/^[^\p{C}\p{Zl}\p{Zp}]*$/u.test(fieldManager)) {
    const why = 'should only contain printable characters'
    causes.push(cause.invalid('fieldManager', fieldManager, why))
  }
  const modes = ['Ignore', 'Strict', 'Warn']
  if (fieldValidation !== '' && !modes.includes(fieldValidation)) {
    causes.push(cause.notSupported('fieldValidation', fieldValidation, modes))
  }
  if (causes.length > 0) throw invalid(kind, 'meta.k8s.io', '', causes)
  return {
    dryRun: isDryRun(dryRun),
    manager: fieldManager || managerOf(request.caller.userAgent),
    validation: (fieldValidation || 'Warn') as WriteOptions['validation'],
  }
}

export const isDryRun = (values: readonly string[] | undefined): boolean =>
  values !== undefined && values.length > 0

function checkDryRun(values: readonly string[] | undefined): Cause[] {
  if (values === undefined || values.every(value => value === 'All')) return []
  return [cause.notSupported('dryRun', values.length === 1 ? values[0] : values, ['All'])]
}

/** The user agent up to the first `/`; what cannot be printed is left out. */
function managerOf(userAgent: string): string {
  const name = userAgent.split('/', 1)[0]?.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '') ?? ''
  return name.slice(0, limits.fieldManagerMax) || 'unknown'
}

export type Propagation = 'Background' | 'Foreground' | 'Orphan'

/** Throws `Invalid`; the policy is undefined when neither option gives one. */
export function checkDeleteOptions(options: DeleteOptions): {
  readonly dryRun: boolean
  readonly propagation: Propagation | undefined
} {
  const { dryRun, orphanDependents, propagationPolicy: policy } = options
  const causes: Cause[] = checkDryRun(dryRun)
  if (policy !== undefined && orphanDependents !== undefined) {
    causes.push(cause.invalid('propagationPolicy', policy,
      'orphanDependents and deletionPropagation cannot be both set'))
  }
  if (policy !== undefined && !['Background', 'Foreground', 'Orphan'].includes(policy)) {
    causes.push(cause.notSupported('propagationPolicy', policy,
      ['Foreground', 'Background', 'Orphan']))
  }
  if (causes.length > 0) throw invalid('DeleteOptions', 'meta.k8s.io', '', causes)
  const fromOrphan = orphanDependents === undefined ? undefined
    : orphanDependents ? 'Orphan' : 'Background'
  return { dryRun: isDryRun(dryRun), propagation: (policy as Propagation) ?? fromOrphan }
}
