import {
  labelCauses, listedEnumCauses, optionalEnumCauses, qualifiedNameCauses, subdomainCauses,
} from '../../causes.ts'
import { ipCauses } from '../../ip-rules.ts'
import { annotationsCauses, labelsCauses } from '../../metadata-rules.ts'
import { type Cause, cause } from '../../status.ts'
import { preemptionPolicyValues } from '../core-enums.ts'
import { containerCauses, resourcesCauses, runningCauses } from './container-rules.ts'
import type { Container } from './container.ts'
import { ephemeralCauses } from './ephemeral-rules.ts'
import type { PodTemplateSpec } from './pod.ts'
import { affinityCauses, spreadCauses, tolerationsCauses } from './scheduling-rules.ts'
import type { PodDNSConfig, PodSpec } from './spec.ts'
import { volumesCauses } from './volume-rules.ts'

const restartPolicies = ['Always', 'OnFailure', 'Never']
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']
const secondsMax = 2 ** 31 - 1
const nameserversMax = 3
const searchesMax = 32
const searchBytesMax = 2048

/** A Pod's spec, or the one in a template (`field` ends in `spec`). */
export function podSpecCauses(spec: PodSpec, field: string, template = false): Cause[] {
  const grace = spec.terminationGracePeriodSeconds ?? 0
  const { causes, names } = volumesCauses(spec.volumes ?? [], `${field}.volumes`)
  return [
    ...causes,
    ...containersCauses(spec, names, grace, `${field}.containers`),
    ...initCauses(spec, names, grace, `${field}.initContainers`),
    ...ephemeralCauses(spec, names, `${field}.ephemeralContainers`),
    ...resourcesCauses(spec.resources, `${field}.resources`),
    // Host ports of a template are filled in when its Pods are made.
    ...(template ? [] : hostNetworkCauses(spec, field)),
    ...listedEnumCauses(`${field}.restartPolicy`, spec.restartPolicy, restartPolicies),
    ...listedEnumCauses(`${field}.dnsPolicy`, spec.dnsPolicy, dnsPolicies),
    ...labelsCauses(spec.nodeSelector, `${field}.nodeSelector`),
    ...affinityCauses(spec.affinity, `${field}.affinity`),
    ...dnsCauses(spec.dnsConfig, spec.dnsPolicy, `${field}.dnsConfig`),
    ...gatesCauses(spec, field),
    ...spreadCauses(spec.topologySpreadConstraints ?? [], `${field}.topologySpreadConstraints`),
    ...nameCauses(spec, field),
    ...tolerationsCauses(spec.tolerations ?? [], `${field}.tolerations`),
    ...aliasCauses(spec, `${field}.hostAliases`),
    ...optionalEnumCauses(`${field}.preemptionPolicy`, spec.preemptionPolicy,
      preemptionPolicyValues),
    ...osCauses(spec, field),
    ...securityContextCauses(spec.securityContext, `${field}.securityContext`),
  ]
}

/** A template: labels, annotations and spec; workloads add their own rules. */
export function templateCauses(template: PodTemplateSpec | undefined, field: string): Cause[] {
  const found = [
    ...labelsCauses(template?.metadata?.labels, `${field}.labels`),
    ...annotationsCauses(template?.metadata?.annotations, `${field}.annotations`),
    ...podSpecCauses(template?.spec ?? { containers: [] }, `${field}.spec`, true),
  ]
  if (template?.spec?.ephemeralContainers?.length) {
    found.push(cause.forbidden(`${field}.spec.ephemeralContainers`,
      'ephemeral containers not allowed in pod template'))
  }
  return found
}

function containersCauses(
  spec: PodSpec, volumes: ReadonlySet<string>, grace: number, field: string,
): Cause[] {
  const containers = spec.containers ?? []
  if (containers.length === 0) return [cause.required(field)]
  const names = new Set<string>()
  const found = containers.flatMap((container, index) => {
    const at = `${field}[${index}]`
    const wrong = containerCauses(container, volumes, at)
    if (names.has(container.name)) wrong.push(cause.duplicate(`${at}.name`, container.name))
    names.add(container.name)
    wrong.push(...runningCauses(container, grace, at))
    if (container.restartPolicy !== undefined) {
      wrong.push(...optionalEnumCauses(`${at}.restartPolicy`, container.restartPolicy,
        restartPolicies))
    }
    return wrong
  })
  return [...found, ...hostPortCauses(containers, field)]
}

function initCauses(
  spec: PodSpec, volumes: ReadonlySet<string>, grace: number, field: string,
): Cause[] {
  const names = new Set((spec.containers ?? []).map((container) => container.name))
  return (spec.initContainers ?? []).flatMap((container, index) => {
    const at = `${field}[${index}]`
    const found = containerCauses(container, volumes, at)
    if (names.has(container.name)) found.push(cause.duplicate(`${at}.name`, container.name))
    names.add(container.name)
    found.push(...hostPortCauses([container], field))
    if (container.restartPolicy === 'Always') {
      return [...found, ...runningCauses(container, grace, at)]
    }
    for (const name of [
      'lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe',
    ] as const) {
      if (container[name] === undefined) continue
      found.push(cause.forbidden(`${at}.${name}`,
        'may not be set for init containers without restartPolicy=Always'))
    }
    return found
  })
}

function hostPortCauses(containers: readonly Container[], field: string): Cause[] {
  const seen = new Set<string>()
  return containers.flatMap((container, index) =>
    (container.ports ?? []).flatMap((port, at) => {
      if (!port.hostPort) return []
      const key = `${port.protocol}/${port.hostIP ?? ''}/${port.hostPort}`
      if (seen.has(key)) return [cause.duplicate(`${field}[${index}].ports[${at}].hostPort`, key)]
      seen.add(key)
      return []
    }))
}

/** On the host's network a container port is the host port. */
function hostNetworkCauses(spec: PodSpec, field: string): Cause[] {
  if (!spec.hostNetwork) return []
  return (['containers', 'initContainers'] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap((container, index) =>
      (container.ports ?? []).flatMap((port, at) =>
        (port.hostPort === port.containerPort ? [] : [cause.invalid(
          `${field}.${list}[${index}].ports[${at}].hostPort`, port.hostPort ?? 0,
          'must match `containerPort` when `hostNetwork` is true')]))))
}

function nameCauses(spec: PodSpec, field: string): Cause[] {
  const found: Cause[] = []
  if (spec.serviceAccountName) {
    found.push(...subdomainCauses(`${field}.serviceAccountName`, spec.serviceAccountName))
  }
  if (spec.nodeName) found.push(...subdomainCauses(`${field}.nodeName`, spec.nodeName))
  const deadline = spec.activeDeadlineSeconds
  if (deadline !== undefined && (deadline < 1 || deadline > secondsMax)) {
    found.push(cause.invalid(`${field}.activeDeadlineSeconds`, deadline,
      `must be between 1 and ${secondsMax}, inclusive`))
  }
  for (const name of ['hostname', 'subdomain'] as const) {
    if (spec[name]) found.push(...labelCauses(`${field}.${name}`, spec[name]))
  }
  if (spec.priorityClassName) {
    found.push(...subdomainCauses(`${field}.priorityClassName`, spec.priorityClassName))
  }
  if (spec.runtimeClassName !== undefined) {
    found.push(...subdomainCauses(`${field}.runtimeClassName`, spec.runtimeClassName))
  }
  return found
}

function osCauses({ os }: PodSpec, field: string): Cause[] {
  if (os === undefined) return []
  if (!os.name) return [cause.required(`${field}.os.name`)]
  return optionalEnumCauses(`${field}.os`, os.name, ['linux', 'windows'])
}

function securityContextCauses(context: PodSpec['securityContext'], field: string): Cause[] {
  return (['runAsUser', 'runAsGroup', 'fsGroup'] as const).flatMap((name) => {
    const id = context?.[name]
    return id === undefined || (id >= 0 && id <= secondsMax) ? [] : [cause.invalid(
      `${field}.${name}`, id, `must be between 0 and ${secondsMax}, inclusive`)]
  })
}

function gatesCauses(spec: PodSpec, field: string): Cause[] {
  const names = new Set<string>()
  return [
    ...(spec.readinessGates ?? []).flatMap((gate, index) =>
      qualifiedNameCauses(`${field}.readinessGates[${index}].conditionType`, gate.conditionType)),
    ...(spec.schedulingGates ?? []).flatMap((gate, index) => {
      const at = `${field}.schedulingGates[${index}]`
      const found = qualifiedNameCauses(at, gate.name)
      if (names.has(gate.name)) found.push(cause.duplicate(at, gate.name))
      names.add(gate.name)
      return found
    }),
  ]
}

function aliasCauses(spec: PodSpec, field: string): Cause[] {
  return (spec.hostAliases ?? []).flatMap((alias, index) => [
    ...ipCauses(`${field}[${index}].ip`, alias.ip),
    ...(alias.hostnames ?? []).flatMap((name, at) =>
      subdomainCauses(`${field}[${index}].hostnames[${at}]`, name)),
  ])
}

function dnsCauses(
  config: PodDNSConfig | undefined, policy: string | undefined, field: string,
): Cause[] {
  const servers = config?.nameservers ?? []
  const searches = config?.searches ?? []
  if (policy === 'None' && (config === undefined || servers.length === 0)) {
    return [cause.required(config === undefined ? field : `${field}.nameservers`,
      config === undefined
        ? 'must provide `dnsConfig` when `dnsPolicy` is None'
        : 'must provide at least one DNS nameserver when `dnsPolicy` is None')]
  }
  const found: Cause[] = []
  if (servers.length > nameserversMax) {
    found.push(cause.invalid(`${field}.nameservers`, servers,
      `must not have more than ${nameserversMax} nameservers`))
  }
  found.push(...servers.flatMap((ip, index) => ipCauses(`${field}.nameservers[${index}]`, ip)))
  if (searches.length > searchesMax) {
    found.push(cause.invalid(`${field}.searches`, searches,
      `must not have more than ${searchesMax} search paths`))
  }
  if (searches.join(' ').length > searchBytesMax) {
    found.push(cause.invalid(`${field}.searches`, searches,
      `must not have more than ${searchBytesMax} characters (including spaces) in the search list`))
  }
  for (const [index, option] of (config?.options ?? []).entries()) {
    if (!option.name) found.push(cause.required(`${field}.options[${index}]`, 'must not be empty'))
  }
  return found
}
