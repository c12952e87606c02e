import { type Cause, StatusError, cause, invalid } from '@slicewise/kube'
import type { ListRequest, WatchRequest } from './contract.ts'

/** What a `resourceVersion` parameter asks for. */
export type Asked =
  | { readonly kind: 'latest' }
  /** `0`: whatever is at hand. */
  | { readonly kind: 'any' }
  | { readonly kind: 'at'; readonly revision: number }

/** Throws `BadRequest` when the text is no revision. */
export function parseRevision(text: string | undefined): Asked {
  if (text === undefined || text === '') return { kind: 'latest' }
  if (text === '0') return { kind: 'any' }
  if (!/^[0-9]{1,20}$/.test(text)) {
    throw new StatusError('BadRequest', `Invalid value: ${JSON.stringify(text)}: `
      + 'resourceVersion must be a decimal number')
  }
  return { kind: 'at', revision: Number(text) }
}

export function tooLarge(asked: number, current: number): StatusError {
  return new StatusError('Timeout', `Too large resource version: ${asked}, current: ${current}`, {
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  })
}

export function tooOld(asked: number, floor: number): StatusError {
  return new StatusError('Expired', `too old resource version: ${asked} (${floor})`)
}

const matchField = 'resourceVersionMatch'

/** Throws `Invalid` for combinations that the reference forbids (ValidateListOptions). */
export function checkListOptions(request: ListRequest): void {
  const { resourceVersionMatch: match, resourceVersion = '' } = request
  const causes: Cause[] = []
  if (request.sendInitialEvents !== undefined) {
    causes.push(cause.forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  }
  if (match !== undefined && match !== '') {
    if (resourceVersion === '') {
      causes.push(cause.forbidden(matchField,
        'resourceVersionMatch is forbidden unless resourceVersion is provided'))
    }
    if (request.continue) {
      causes.push(cause.forbidden(matchField,
        'resourceVersionMatch is forbidden when continue is provided'))
    }
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      causes.push(cause.notSupported(matchField, match, ['Exact', 'NotOlderThan']))
    }
    if (match === 'Exact' && resourceVersion === '0') {
      causes.push(cause.forbidden(matchField,
        'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
    }
  }
  refuse(causes)
}

/** Throws `Invalid` for combinations that the reference forbids (validateWatchOptions). */
export function checkWatchOptions(request: WatchRequest): void {
  const { resourceVersionMatch: match = '', sendInitialEvents } = request
  const causes: Cause[] = []
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
    causes.push(cause.forbidden(matchField,
      'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'))
  }
  if (match !== '') {
    if (sendInitialEvents === undefined) {
      causes.push(cause.forbidden(matchField,
        'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'))
    }
    if (match !== 'NotOlderThan') {
      causes.push(cause.notSupported(matchField, match, ['NotOlderThan']))
    }
  }
  refuse(causes)
}

function refuse(causes: readonly Cause[]): void {
  if (causes.length > 0) throw invalid('ListOptions', 'meta.k8s.io', '', causes)
}
