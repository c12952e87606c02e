import { StatusError } from '@slicewise/kube'

/** Nothing can be made in a namespace that is being deleted: no failure, nothing to try again. */
export function isTerminating(error: unknown): boolean {
  return error instanceof StatusError &&
    error.details?.causes?.some((one) => one.reason === 'NamespaceTerminating') === true
}

/** What ordinary deletes bring about: its object or namespace went while a call was under way. */
export function isGoing(error: unknown): boolean {
  return isTerminating(error) || (error instanceof StatusError && error.reason === 'NotFound')
}
