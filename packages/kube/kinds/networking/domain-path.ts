import { invalidAll } from '../../causes.ts'
import { subdomainFaults } from '../../names.ts'
import { type Cause, cause } from '../../status.ts'

const httpPath = /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/

/** A path under a domain, such as `acme.io/foo`: names of controllers. */
export function domainPathCauses(field: string, text: string): Cause[] {
  if (text === '') return [cause.required(field)]
  const slash = text.indexOf('/')
  const domain = text.slice(0, slash)
  const path = text.slice(slash + 1)
  if (slash <= 0 || path === '') {
    return [cause.invalid(field, text, 'must be a domain-prefixed path (such as "acme.io/foo")')]
  }
  const found = invalidAll(field, domain, subdomainFaults(domain))
  if (!httpPath.test(path)) {
    found.push(cause.invalid(field, path,
      `Invalid path (regex used for validation is '${httpPath.source.slice(1, -1)}')`))
  }
  return found
}
