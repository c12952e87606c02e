import { ipFamilyOf, parseIp } from '@slicewise/base'
import {
  enumCauses, labelCauses, listedEnumCauses, optionalEnumCauses, portCauses, qualifiedNameCauses,
  subdomainCauses,
} from '../causes.ts'
import {
  cidrCauses, cidrWarnings, endpointIpCauses, ipCauses, ipWarnings,
} from '../ip-rules.ts'
import { labelsCauses } from '../metadata-rules.ts'
import { portNumberFaults } from '../names.ts'
import type { Stored } from '../object.ts'
import { type Cause, cause } from '../status.ts'
import {
  ipFamilyPolicyValues, protocolValues, serviceAffinityValues, serviceExternalTrafficPolicyValues,
  serviceInternalTrafficPolicyValues, serviceTypeValues,
} from './core-enums.ts'
import {
  clusterIPsOf, familiesOf, isExternal, isHeadless, needsHealthCheckPort,
} from './service-traits.ts'
import type { Service, ServicePort, ServiceSpec } from './service.ts'

const affinitySecondsMax = 86400
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode']
const rangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges'
const hintsAnnotation = 'service.kubernetes.io/topology-aware-hints'
const modeAnnotation = 'service.kubernetes.io/topology-mode'
const onlyLoadBalancer = 'may only be used when `type` is \'LoadBalancer\''
const changed = 'may not change once set'

export function validateService(service: Service): Cause[] {
  return serviceCauses(service, undefined)
}

export function validateServiceUpdate(next: Service, before: Stored<Service>): Cause[] {
  const found = [...clusterIPChanges(next, before), ...familyChanges(next, before)]
  const now = next.spec ?? {}
  const old = before.spec ?? {}
  if (now.type === 'LoadBalancer' && old.type === 'LoadBalancer'
    && now.loadBalancerClass !== old.loadBalancerClass) {
    found.push(cause.invalid('spec.loadBalancerClass', now.loadBalancerClass ?? null, changed))
  }
  if (needsHealthCheckPort(old) && needsHealthCheckPort(now)
    && (old.healthCheckNodePort ?? 0) !== (now.healthCheckNodePort ?? 0)) {
    found.push(cause.forbidden('spec.healthCheckNodePort', 'field is immutable'))
  }
  return [...found, ...serviceCauses(next, before)]
}

function serviceCauses(service: Service, before: Stored<Service> | undefined): Cause[] {
  const spec = service.spec ?? {}
  const found = [...annotationCauses(service), ...typeCauses(service)]
  const names = new Set<string>()
  const named = (spec.ports?.length ?? 0) > 1
  for (const [index, port] of (spec.ports ?? []).entries()) {
    found.push(...servicePortCauses(port, named, names, `spec.ports[${index}]`))
  }
  found.push(...labelsCauses(spec.selector, 'spec.selector'), ...affinityCauses(spec))
  found.push(...clusterIPFieldCauses(service, before))
  for (const [index, ip] of (spec.externalIPs ?? []).entries()) {
    const field = `spec.externalIPs[${index}]`
    const wrong = ipCauses(field, ip, before?.spec?.externalIPs)
    found.push(...(wrong.length > 0 ? wrong : endpointIpCauses(field, ip)))
  }
  found.push(...enumCauses('spec.type', spec.type, serviceTypeValues))
  found.push(...portClashes(spec), ...sourceRangeCauses(service, before))
  if (spec.allocateLoadBalancerNodePorts !== undefined && spec.type !== 'LoadBalancer') {
    found.push(cause.forbidden('spec.allocateLoadBalancerNodePorts', onlyLoadBalancer))
  }
  if (spec.loadBalancerClass !== undefined) {
    const field = 'spec.loadBalancerClass'
    found.push(...(spec.type === 'LoadBalancer'
      ? qualifiedNameCauses(field, spec.loadBalancerClass)
      : [cause.forbidden(field, onlyLoadBalancer)]))
  }
  return [...found, ...trafficCauses(spec)]
}

function annotationCauses(service: Service): Cause[] {
  const { [hintsAnnotation]: hints, [modeAnnotation]: mode } = service.metadata?.annotations ?? {}
  if (hints === undefined || mode === undefined || hints === mode) return []
  return [cause.invalid(`metadata.annotations[${modeAnnotation}]`, mode,
    `must match annotations[${hintsAnnotation}] when both are specified`)]
}

function typeCauses(service: Service): Cause[] {
  const spec = service.spec ?? {}
  const found: Cause[] = []
  const headless = isHeadless(service)
  if (!spec.ports?.length && !headless && spec.type !== 'ExternalName') {
    found.push(cause.required('spec.ports'))
  }
  if (headless && (spec.type === 'LoadBalancer' || spec.type === 'NodePort')) {
    found.push(cause.invalid('spec.clusterIPs[0]', 'None',
      `may not be set to 'None' for ${spec.type} services`))
  }
  if (spec.type !== 'ExternalName') return found
  const refused = 'may not be set for ExternalName services'
  if (spec.clusterIPs?.length) found.push(cause.forbidden('spec.clusterIPs', refused))
  if (spec.ipFamilies?.length) found.push(cause.forbidden('spec.ipFamilies', refused))
  if (spec.ipFamilyPolicy !== undefined) {
    found.push(cause.forbidden('spec.ipFamilyPolicy', refused))
  }
  const name = (spec.externalName ?? '').replace(/\.$/, '')
  found.push(...(name === ''
    ? [cause.required('spec.externalName')]
    : subdomainCauses('spec.externalName', name)))
  return found
}

function servicePortCauses(
  port: ServicePort, named: boolean, names: Set<string>, field: string,
): Cause[] {
  const found: Cause[] = []
  if (port.name) {
    found.push(...labelCauses(`${field}.name`, port.name))
    if (names.has(port.name)) found.push(cause.duplicate(`${field}.name`, port.name))
    names.add(port.name)
  } else if (named) {
    found.push(cause.required(`${field}.name`))
  }
  found.push(...portCauses(`${field}.port`, port.port))
  found.push(...enumCauses(`${field}.protocol`, port.protocol, protocolValues))
  found.push(...portCauses(`${field}.targetPort`, port.targetPort))
  if (port.appProtocol !== undefined) {
    found.push(...qualifiedNameCauses(`${field}.appProtocol`, port.appProtocol))
  }
  return found
}

function affinityCauses(spec: ServiceSpec): Cause[] {
  const found = enumCauses('spec.sessionAffinity', spec.sessionAffinity, serviceAffinityValues)
  const field = 'spec.sessionAffinityConfig'
  const config = spec.sessionAffinityConfig
  if (spec.sessionAffinity === 'ClientIP') {
    const seconds = config?.clientIP?.timeoutSeconds
    if (seconds !== undefined && (seconds <= 0 || seconds > affinitySecondsMax)) {
      found.push(cause.invalid(`${field}.clientIP.timeoutSeconds`, seconds,
        `must be greater than 0 and less than ${affinitySecondsMax}`))
    }
  } else if (spec.sessionAffinity === 'None' && config !== undefined) {
    found.push(cause.forbidden(field, 'must not be set when session affinity is None'))
  }
  return found
}

/** Rules among clusterIP, clusterIPs, ipFamilies and ipFamilyPolicy. */
export function clusterIPFieldCauses(
  service: Service, before: Stored<Service> | undefined,
): Cause[] {
  const spec = service.spec ?? {}
  if (spec.type === 'ExternalName') return []
  const ips = clusterIPsOf(service)
  const found: Cause[] = []
  if (spec.clusterIP) {
    if (ips.length === 0) found.push(cause.required('spec.clusterIPs'))
    else if (ips[0] !== spec.clusterIP) {
      found.push(cause.invalid('spec.clusterIPs', ips, 'first value must match `clusterIP`'))
    }
  } else if (ips.length > 0) {
    found.push(cause.invalid('spec.clusterIPs', ips,
      'must be empty when `clusterIP` is not specified'))
  }
  for (const [index, family] of familiesOf(service).entries()) {
    const field = `spec.ipFamilies[${index}]`
    found.push(...optionalEnumCauses(field, family, ['IPv4', 'IPv6']))
    if (familiesOf(service).indexOf(family) < index) found.push(cause.duplicate(field, family))
  }
  found.push(...optionalEnumCauses('spec.ipFamilyPolicy', spec.ipFamilyPolicy,
    ipFamilyPolicyValues))
  return [...found, ...clusterIPTextCauses(service, before)]
}

function clusterIPTextCauses(service: Service, before: Stored<Service> | undefined): Cause[] {
  const ips = clusterIPsOf(service)
  const field = 'spec.clusterIPs'
  const found: Cause[] = []
  for (const [index, ip] of ips.entries()) {
    if (index === 0 && ip === 'None') {
      if (ips.length > 1) {
        found.push(cause.invalid(field, ips, '\'None\' must be the first and only value'))
      }
    } else {
      found.push(...ipCauses(`${field}[${index}]`, ip, before?.spec?.clusterIPs))
    }
  }
  const broken = found.length > 0
  if (ips.length > 2) found.push(cause.invalid(field, ips, 'may only hold up to 2 values'))
  if (broken) return found
  const families = ips.map((ip) => parseIp(ip, true)?.family)
  if (ips.length > 1 && new Set(families).size < 2) {
    found.push(cause.invalid(field, ips, 'may specify no more than one IP for each IP family'))
  }
  if (isHeadless(service)) return found
  for (const [index, ip] of ips.entries()) {
    const expected = familiesOf(service)[index]
    if (expected === undefined || ipFamilyOf(ip) === expected) continue
    found.push(cause.invalid(`${field}[${index}]`, ip,
      `expected an ${expected} value as indicated by \`ipFamilies[${index}]\``))
  }
  return found
}

function portClashes(spec: ServiceSpec): Cause[] {
  const found: Cause[] = []
  const nodePorts = new Set<string>()
  const ports = new Set<string>()
  const all = [...(spec.ports ?? []).entries()]
  for (const [index, port] of all) {
    if (port.nodePort && spec.type === 'ClusterIP') {
      found.push(cause.forbidden(`spec.ports[${index}].nodePort`,
        'may not be used when `type` is \'ClusterIP\''))
    }
  }
  for (const [index, port] of all) {
    const key = `${port.protocol}/${port.nodePort}`
    if (port.nodePort && nodePorts.has(key)) {
      found.push(cause.duplicate(`spec.ports[${index}].nodePort`, port.nodePort))
    }
    nodePorts.add(key)
  }
  for (const [index, port] of all) {
    const key = `${port.protocol}/${port.port}`
    if (ports.has(key)) {
      found.push(cause.duplicate(`spec.ports[${index}]`,
        { port: port.port, protocol: port.protocol }))
    }
    ports.add(key)
  }
  return found
}

function sourceRangeCauses(service: Service, before: Stored<Service> | undefined): Cause[] {
  const spec = service.spec ?? {}
  const ranges = spec.loadBalancerSourceRanges ?? []
  const annotation = service.metadata?.annotations?.[rangesAnnotation]
  if (ranges.length === 0 && annotation === undefined) return []
  const field = ranges.length > 0
    ? 'spec.LoadBalancerSourceRanges' : `metadata.annotations[${rangesAnnotation}]`
  const found = spec.type === 'LoadBalancer' ? [] : [cause.forbidden(field, onlyLoadBalancer)]
  if (ranges.length > 0) {
    const known = (before?.spec?.loadBalancerSourceRanges ?? []).map((one) => one.trim())
    return [...found, ...ranges.flatMap((one, index) =>
      cidrCauses(`${field}[${index}]`, one.trim(), known))]
  }
  const text = (annotation ?? '').trim()
  if (text === '' || before?.metadata.annotations?.[rangesAnnotation] === annotation) return found
  return [...found, ...text.split(',').flatMap((one) => cidrCauses(field, one.trim()))]
}

function trafficCauses(spec: ServiceSpec): Cause[] {
  const found: Cause[] = []
  if (isExternal(spec)) {
    found.push(...enumCauses('spec.externalTrafficPolicy', spec.externalTrafficPolicy,
      serviceExternalTrafficPolicyValues))
  } else if (spec.externalTrafficPolicy) {
    found.push(cause.invalid('spec.externalTrafficPolicy', spec.externalTrafficPolicy,
      'may only be set for externally-accessible services'))
  }
  const health = spec.healthCheckNodePort ?? 0
  if (needsHealthCheckPort(spec)) {
    if (health === 0) found.push(cause.required('spec.healthCheckNodePort'))
    else {
      found.push(...portNumberFaults(health)
        .map((fault) => cause.invalid('spec.healthCheckNodePort', health, fault)))
    }
  } else if (health !== 0) {
    found.push(cause.invalid('spec.healthCheckNodePort', health, 'may only be set when `type` is '
      + '\'LoadBalancer\' and `externalTrafficPolicy` is \'Local\''))
  }
  if (spec.internalTrafficPolicy === undefined) {
    if (['ClusterIP', 'NodePort', 'LoadBalancer'].includes(spec.type ?? '')) {
      found.push(cause.required('spec.internalTrafficPolicy'))
    }
  } else {
    found.push(...optionalEnumCauses('spec.internalTrafficPolicy', spec.internalTrafficPolicy,
      serviceInternalTrafficPolicyValues))
  }
  const wanted = spec.trafficDistribution
  return wanted === undefined
    ? found : [...found, ...listedEnumCauses('spec.trafficDistribution', wanted, distributions)]
}

function clusterIPChanges(next: Service, before: Stored<Service>): Cause[] {
  if (next.spec?.type === 'ExternalName' || before.spec?.type === 'ExternalName') return []
  if (isHeadless(next) && isHeadless(before)) return []
  const now = clusterIPsOf(next)
  const old = clusterIPsOf(before)
  const refuse = (index: number, detail: string): Cause =>
    cause.invalid(`spec.clusterIPs[${index}]`, now, detail)
  if (now.length === old.length) {
    return old.flatMap((ip, index) => (ip === now[index] ? [] : [refuse(index, changed)]))
  }
  const found: Cause[] = []
  if (now.length === 0) found.push(refuse(0, 'primary clusterIP can not be unset'))
  else if (old.length > 0 && now[0] !== old[0]) found.push(refuse(0, changed))
  if (now.length === 1 && old.length > 1 && next.spec?.ipFamilyPolicy !== 'SingleStack') {
    found.push(cause.invalid('spec.ipFamilyPolicy', next.spec?.ipFamilyPolicy ?? null,
      'must be set to \'SingleStack\' when releasing the secondary clusterIP'))
  }
  return found
}

function familyChanges(next: Service, before: Stored<Service>): Cause[] {
  if (next.spec?.type === 'ExternalName' || before.spec?.type === 'ExternalName') return []
  if (isHeadless(next) || isHeadless(before)) return []
  const now = familiesOf(next)
  const old = familiesOf(before)
  const refuse = (value: readonly string[], detail: string): Cause =>
    cause.invalid('spec.ipFamilies[0]', value, detail)
  if (now.length === old.length) {
    return old.flatMap((family, index) => (family === now[index] ? [] : [refuse(now, changed)]))
  }
  const found: Cause[] = []
  if (now.length < old.length && clusterIPsOf(next).length === 0) {
    found.push(refuse(now, 'primary ipFamily can not be unset'))
  }
  if (now.length > 0 && old.length > 0 && now[0] !== old[0]) {
    found.push(refuse(clusterIPsOf(next), changed))
  }
  if (now.length === 1 && old.length > 1 && next.spec?.ipFamilyPolicy !== 'SingleStack') {
    found.push(cause.invalid('spec.ipFamilyPolicy', next.spec?.ipFamilyPolicy ?? null,
      'must be set to \'SingleStack\' when releasing the secondary ipFamily'))
  }
  return found
}

export function validateServiceStatusUpdate(next: Service, before: Stored<Service>): Cause[] {
  const field = 'status.loadBalancer.ingress'
  const ingress = next.status?.loadBalancer?.ingress ?? []
  if (next.spec?.type !== 'LoadBalancer' && ingress.length > 0) {
    return [cause.forbidden(field, 'may only be used when `spec.type` is \'LoadBalancer\'')]
  }
  const known = (before.status?.loadBalancer?.ingress ?? []).map((one) => one.ip ?? '')
  return ingress.flatMap((one, index) => {
    const at = `${field}[${index}]`
    const found = one.ip ? ipCauses(`${at}.ip`, one.ip, known) : []
    if (one.ipMode === undefined) {
      if (one.ip) found.push(cause.required(`${at}.ipMode`, 'must be specified when `ip` is set'))
    } else if (!one.ip) {
      found.push(cause.forbidden(`${at}.ipMode`, 'may not be specified when `ip` is not set'))
    } else {
      found.push(...optionalEnumCauses(`${at}.ipMode`, one.ipMode, ['Proxy', 'VIP']))
    }
    if (one.hostname) {
      found.push(...subdomainCauses(`${at}.hostname`, one.hostname))
      if (parseIp(one.hostname, true) !== undefined) {
        found.push(cause.invalid(`${at}.hostname`, one.hostname,
          'must be a DNS name, not an IP address'))
      }
    }
    return found
  })
}

export function serviceWarnings(service: Service): string[] {
  const spec = service.spec ?? {}
  const found: string[] = []
  const external = spec.externalIPs?.length ?? 0
  if (service.metadata?.annotations?.[hintsAnnotation] !== undefined) {
    found.push(`annotation ${hintsAnnotation} is deprecated, please use ${modeAnnotation} instead`)
  }
  const headless = isHeadless(service)
  if (headless) {
    if (spec.loadBalancerIP) found.push('spec.loadBalancerIP is ignored for headless services')
    if (external > 0) found.push('spec.externalIPs is ignored for headless services')
    if (spec.sessionAffinity !== 'None') {
      found.push('spec.SessionAffinity is ignored for headless services')
    }
  } else {
    found.push(...clusterIPsOf(service).flatMap((ip, index) =>
      ipWarnings(`spec.clusterIPs[${index}]`, ip)))
  }
  found.push(...(spec.externalIPs ?? []).flatMap((ip, index) =>
    ipWarnings(`spec.externalIPs[${index}]`, ip)))
  if (external > 0 && !headless && spec.type !== 'ExternalName') {
    found.push('spec.externalIPs is deprecated and may no longer be implemented in some clusters')
  }
  if (spec.loadBalancerIP) found.push(...ipWarnings('spec.loadBalancerIP', spec.loadBalancerIP))
  found.push(...(spec.loadBalancerSourceRanges ?? []).flatMap((one, index) =>
    cidrWarnings(`spec.loadBalancerSourceRanges[${index}]`, one)))
  if (spec.type === 'ExternalName' && external > 0) {
    found.push('spec.externalIPs is ignored when spec.type is "ExternalName"')
  }
  if (spec.type !== 'ExternalName' && spec.externalName) {
    found.push('spec.externalName is ignored when spec.type is not "ExternalName"')
  }
  if (spec.trafficDistribution === 'PreferClose') {
    found.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"')
  }
  return found
}
