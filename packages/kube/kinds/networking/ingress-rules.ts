import { parseIp } from '@slicewise/base'
import { invalidAll, portCauses, subdomainCauses } from '../../causes.ts'
import { ipCauses, ipWarnings } from '../../ip-rules.ts'
import {
  labelFaults, pathSegmentFaults, subdomainFaults, wildcardFaults,
} from '../../names.ts'
import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import type { TypedLocalObjectReference } from '../reference.ts'
import { pathTypeValues } from './enums.ts'
import type { HTTPIngressPath, Ingress, IngressBackend, IngressRule } from './ingress.ts'

const classAnnotation = 'kubernetes.io/ingress.class'
const forbiddenInPaths = ['//', '/./', '/../', '%2f', '%2F']
const forbiddenAtEnd = ['/..', '/.']

export function prepareIngressCreate(object: Ingress): void {
  object.status = { loadBalancer: {} }
}

export const ingressGeneration = (next: Ingress, before: Ingress): boolean =>
  !sameValue(next.spec, before.spec)

export function validateIngress(object: Ingress): Cause[] {
  const found = specCauses(object, undefined)
  const annotation = object.metadata?.annotations?.[classAnnotation]
  const name = object.spec?.ingressClassName
  if (annotation !== undefined && name !== undefined && annotation !== name) {
    found.push(cause.invalid(`annotations.${classAnnotation}`, annotation,
      'must match `ingressClassName` when both are specified'))
  }
  return found
}

export function validateIngressUpdate(next: Ingress, before: Stored<Ingress>): Cause[] {
  return specCauses(next, before)
}

/** What an older object already has wrong it may keep. */
function specCauses({ spec = {} }: Ingress, before: Ingress | undefined): Cause[] {
  const found: Cause[] = []
  const rules = spec.rules ?? []
  if (rules.length === 0 && spec.defaultBackend === undefined) {
    found.push(cause.invalid('spec', spec.rules ?? null,
      'either `defaultBackend` or `rules` must be specified'))
  }
  if (spec.defaultBackend !== undefined) {
    found.push(...backendCauses(spec.defaultBackend, 'spec.defaultBackend'))
  }
  const oldWildcards = (before?.spec?.rules ?? []).some((rule) =>
    rule.host?.includes('*') === true && ruleValueCauses(rule, '').length > 0)
  for (const [index, rule] of rules.entries()) {
    found.push(...ruleCauses(rule, `spec.rules[${index}]`, oldWildcards))
  }
  const oldSecrets = (before?.spec?.tls ?? []).some(({ secretName }) =>
    secretName !== undefined && subdomainFaults(secretName).length > 0)
  for (const [index, { hosts = [], secretName = '' }] of (spec.tls ?? []).entries()) {
    const at = `spec.tls[${index}]`
    for (const [n, host] of hosts.entries()) found.push(...hostCauses(`${at}.hosts[${n}]`, host))
    if (secretName !== '' && !oldSecrets) {
      found.push(...subdomainCauses(`${at}.secretName`, secretName))
    }
  }
  if (spec.ingressClassName !== undefined) {
    found.push(...subdomainCauses('spec.ingressClassName', spec.ingressClassName))
  }
  return found
}

const hostCauses = (field: string, host: string): Cause[] =>
  invalidAll(field, host, host.includes('*') ? wildcardFaults(host) : subdomainFaults(host))

function ruleCauses(rule: IngressRule, at: string, mayKeepWildcard: boolean): Cause[] {
  const { host = '' } = rule
  const found: Cause[] = []
  if (host !== '') {
    if (parseIp(host, true) !== undefined) {
      found.push(cause.invalid(`${at}.host`, host, 'must be a DNS name, not an IP address'))
    }
    found.push(...hostCauses(`${at}.host`, host))
  }
  if (host.includes('*') && mayKeepWildcard) return found
  return [...found, ...ruleValueCauses(rule, at)]
}

function ruleValueCauses({ http }: IngressRule, at: string): Cause[] {
  if (http === undefined) return []
  const paths = http.paths ?? []
  if (paths.length === 0) return [cause.required(`${at}.http.paths`)]
  return paths.flatMap((path, index) => pathCauses(path, `${at}.http.paths[${index}]`))
}

function pathCauses({ path = '', pathType, backend }: HTTPIngressPath, at: string): Cause[] {
  const found: Cause[] = []
  const absolute = path.startsWith('/')
    ? [] : [cause.invalid(`${at}.path`, path, 'must be an absolute path')]
  switch (pathType ?? undefined) {
    case undefined:
      return [cause.required(`${at}.pathType`, 'pathType must be specified')]
    case 'Exact':
    case 'Prefix':
      found.push(...absolute)
      for (const one of forbiddenInPaths) {
        if (path.includes(one)) {
          found.push(cause.invalid(`${at}.path`, path, `must not contain '${one}'`))
        }
      }
      for (const one of forbiddenAtEnd) {
        if (path.endsWith(one)) {
          found.push(cause.invalid(`${at}.path`, path, `cannot end with '${one}'`))
        }
      }
      break
    case 'ImplementationSpecific':
      if (path !== '') found.push(...absolute)
      break
    default:
      found.push(cause.notSupported(`${at}.pathType`, pathType, pathTypeValues))
  }
  return [...found, ...backendCauses(backend ?? {}, `${at}.backend`)]
}

function backendCauses({ service, resource }: IngressBackend, at: string): Cause[] {
  if (resource !== undefined && service !== undefined) {
    return [cause.invalid(at, '', 'cannot set both resource and service backends')]
  }
  if (resource !== undefined) return objectCauses(resource, `${at}.resource`)
  if (service === undefined) {
    return [cause.invalid(at, '', 'resource or service backend is required')]
  }
  const found = service.name === ''
    ? [cause.required(`${at}.service.name`)]
    : invalidAll(`${at}.service.name`, service.name, labelFaults(service.name))
  const { name = '', number = 0 } = service.port ?? {}
  if (name !== '' && number !== 0) {
    found.push(cause.invalid(at, '', 'cannot set both port name & port number'))
  } else if (name !== '') {
    found.push(...portCauses(`${at}.service.port.name`, name))
  } else if (number !== 0) {
    found.push(...portCauses(`${at}.service.port.number`, number))
  } else {
    found.push(cause.required(at, 'port name or number is required'))
  }
  return found
}

/** A reference to an object of any kind; also the parameters of a class. */
export function objectCauses(
  { apiGroup, kind, name }: Partial<TypedLocalObjectReference>, at: string,
): Cause[] {
  const found: Cause[] = []
  if (apiGroup !== undefined && apiGroup !== null) {
    found.push(...subdomainCauses(`${at}.apiGroup`, apiGroup))
  }
  return [...found, ...segmentCauses(`${at}.kind`, kind), ...segmentCauses(`${at}.name`, name)]
}

/** A required text that can stand as one segment of a path. */
export function segmentCauses(field: string, text: string | undefined): Cause[] {
  return text === undefined || text === ''
    ? [cause.required(field)] : invalidAll(field, text, pathSegmentFaults(text))
}

export function validateIngressStatus(next: Ingress, before: Stored<Ingress>): Cause[] {
  const known = (before.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? [])
  return (next.status?.loadBalancer?.ingress ?? []).flatMap(({ ip = '', hostname = '' }, index) => {
    const at = `status.loadBalancer.ingress[${index}]`
    const found = ip === '' ? [] : ipCauses(`${at}.ip`, ip, known)
    if (hostname === '') return found
    found.push(...subdomainCauses(`${at}.hostname`, hostname))
    if (parseIp(hostname, true) !== undefined) {
      found.push(cause.invalid(`${at}.hostname`, hostname, 'must be a DNS name, not an IP address'))
    }
    return found
  })
}

const oldClassWarning = `annotation "${classAnnotation}" is deprecated, `
  + 'please use \'spec.ingressClassName\' instead'

/** Warnings of a create; a status write warns about spellings of addresses. */
export function ingressWarnings(object: Ingress, before: Stored<Ingress> | undefined): string[] {
  if (before === undefined) {
    const old = object.metadata?.annotations?.[classAnnotation]
    return old === undefined || object.spec?.ingressClassName !== undefined ? [] : [oldClassWarning]
  }
  const ingress = object.status?.loadBalancer?.ingress ?? []
  if (sameValue(object.status, before.status)) return []
  return ingress.flatMap(({ ip = '' }, index) =>
    (ip === '' ? [] : ipWarnings(`status.loadBalancer.ingress[${index}]`, ip)))
}
