import { type ResourceRef, type StatusDetails, StatusError } from '@slicewise/kube'

/** The refusals every resource shares, in apimachinery's words. */

type Named = Pick<ResourceRef, 'group' | 'resource'>

const qualified = ({ group, resource }: Named): string =>
  group === '' ? resource : `${resource}.${group}`

function detailsOf({ group, resource }: Named, name: string): StatusDetails {
  const details: StatusDetails = {}
  if (name !== '') details.name = name
  if (group !== '') details.group = group
  details.kind = resource
  return details
}

export function notFound(ref: Named, name: string): StatusError {
  return new StatusError('NotFound', `${qualified(ref)} "${name}" not found`,
    { details: detailsOf(ref, name) })
}

export function alreadyExists(ref: Named, name: string): StatusError {
  return new StatusError('AlreadyExists', `${qualified(ref)} "${name}" already exists`,
    { details: detailsOf(ref, name) })
}

export function conflict(ref: Named, name: string, why: string): StatusError {
  return new StatusError('Conflict',
    `Operation cannot be fulfilled on ${qualified(ref)} "${name}": ${why}`,
    { details: detailsOf(ref, name) })
}

export const modified = (ref: Named, name: string): StatusError => conflict(ref, name,
  'the object has been modified; please apply your changes to the latest version and try again')

export function forbidden(
  ref: Named, name: string, why: string, causes: StatusDetails['causes'] = undefined,
): StatusError {
  const details = detailsOf(ref, name)
  if (causes !== undefined) details.causes = causes
  const what = name === '' ? qualified(ref) : `${qualified(ref)} "${name}"`
  return new StatusError('Forbidden', `${what} is forbidden: ${why}`, { details })
}

export const badRequest = (text: string): StatusError => new StatusError('BadRequest', text)

/** A verb or subresource that the resource does not have. */
export function notAllowed(): StatusError {
  return new StatusError('MethodNotAllowed',
    'the server does not allow this method on the requested resource', { details: {} })
}
