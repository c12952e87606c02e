import { ipWarnings } from '../../ip-rules.ts'
import { labelFaults, labelValueFaults } from '../../names.ts'
import { LastClean } from '../../last-clean.ts'
import { limits } from '../../limits.ts'
import type { KubeObject, Stored } from '../../object.ts'
import type { Container, ContainerPort, EnvVar } from './container.ts'
import type { Pod, PodTemplateSpec } from './pod.ts'
import type { Affinity } from './scheduling.ts'
import type { PodSpec } from './spec.ts'
import { fractions, volumeWarnings } from './volume-warnings.ts'

type NodeSelectorTerm = NonNullable<NonNullable<Affinity['nodeAffinity']>[
  'preferredDuringSchedulingIgnoredDuringExecution']>[number]['preference']

/** Labels of Nodes that have other names by now, as the reference words it. */
const oldLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region':
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone':
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type':
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'app.kubernetes.io/created-by': 'deprecated since v1.9',
  'scheduler.alpha.kubernetes.io/preferAvoidPods':
    'deprecated since v1.22; use Taints and Tolerations instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
}

const sysctls = 'non-functional in v1.11+; use the "sysctls" field instead'
const oldAnnotations: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod':
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': sysctls,
  'security.alpha.kubernetes.io/unsafe-sysctls': sysctls,
}
const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod'
const seccompContainer = 'container.seccomp.security.alpha.kubernetes.io/'
const appArmor = 'container.apparmor.security.beta.kubernetes.io/'
const seccompText = 'non-functional in v1.27+; use the "seccompProfile" field instead'

/** Only a create warns: nobody reads what a controller is told. */
export function podWarnings(pod: Pod, before: Stored<Pod> | undefined): string[] {
  if (before !== undefined) return []
  const faults = labelFaults(pod.metadata?.name ?? '')
  const name = faults.length === 0 ? [] : ['metadata.name: this is used in the Pod\'s hostname, '
    + 'which can result in surprising behavior; a DNS label is recommended: '
    + `[${faults.join(' ')}]`]
  const { annotations = {} } = pod.metadata ?? {}
  const read = { metadata: { annotations }, spec: pod.spec ?? { containers: [] } }
  return [...name, ...lastPod.findings(read, one => warningsOf(one, ''))]
}

const lastPod = new LastClean<Pick<Pod, 'metadata' | 'spec'>>()

/** For kinds with a template at `path`; an update warns when it changed the generation. */
export function templateWarnings(
  template: PodTemplateSpec | undefined, path: string,
  object: KubeObject, before: Stored | undefined,
): string[] {
  if (template === undefined) return []
  const changed = before === undefined
    || object.metadata?.generation !== before.metadata.generation
  return changed ? warningsOf(template, `${path}.`) : []
}

function warningsOf({ metadata, spec }: Pod | PodTemplateSpec, path: string): string[] {
  const annotations = metadata?.annotations ?? {}
  const pod = spec ?? { containers: [] }
  const containers = containersOf(pod, `${path}spec`)
  return [
    ...placementWarnings(pod, `${path}spec`),
    ...annotationWarnings(annotations, pod, path),
    ...volumeWarnings(pod.volumes ?? [], `${path}spec.volumes`),
    ...listWarnings(pod, `${path}spec`),
    ...fractions(pod.overhead, `${path}spec.overhead`),
    ...containers.flatMap(one => containerWarnings(one, annotations, path)),
    ...portWarnings(containers), ...portNameWarnings(containers),
    ...affinityWarnings(pod.affinity, `${path}spec.affinity`),
  ]
}

interface Placed {
  readonly container: Container
  readonly at: string
}

function containersOf(spec: PodSpec, path: string): Placed[] {
  return (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap(list =>
    (spec[list] ?? []).map((container, n) =>
      ({ container: container as Container, at: `${path}.${list}[${n}]` })))
}

function placementWarnings(spec: PodSpec, path: string): string[] {
  const found = Object.keys(spec.nodeSelector ?? {}).filter(key => key in oldLabels)
    .map(key => `${path}.nodeSelector[${key}]: ${oldLabels[key]}`)
  const { requiredDuringSchedulingIgnoredDuringExecution: required,
    preferredDuringSchedulingIgnoredDuringExecution: preferred } = spec.affinity?.nodeAffinity ?? {}
  const at = `${path}.affinity.nodeAffinity`
  for (const [n, term] of (required?.nodeSelectorTerms ?? []).entries()) {
    const field = `${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${n}]`
    found.push(...termWarnings(term, field, false))
  }
  for (const [n, { preference }] of (preferred ?? []).entries()) {
    const field = `${at}.preferredDuringSchedulingIgnoredDuringExecution[${n}].preference`
    found.push(...termWarnings(preference, field, true))
  }
  for (const [n, spread] of (spec.topologySpreadConstraints ?? []).entries()) {
    const field = `${path}.topologySpreadConstraints[${n}]`
    const old = oldLabels[spread.topologyKey]
    if (old !== undefined) found.push(`${field}.topologyKey: ${spread.topologyKey} is ${old}`)
    if (!spread.labelSelector) found.push(matchesNone(`${field}.labelSelector`))
  }
  return found
}

const matchesNone = (field: string): string =>
  `${field}: a null labelSelector results in matching no pod`

function termWarnings(term: NodeSelectorTerm, field: string, values: boolean): string[] {
  return (term.matchExpressions ?? []).flatMap(({ key, values: given = [] }, n) => {
    const at = `${field}.matchExpressions[${n}]`
    const found = key in oldLabels ? [`${at}.key: ${key} is ${oldLabels[key]}`] : []
    if (!values) return found
    return [...found, ...given.flatMap((value, i) => labelValueFaults(value)
      .map(fault => `${at}.values[${i}]: ${value} is invalid, ${fault}`))]
  })
}

function affinityWarnings(affinity: Affinity | undefined, path: string): string[] {
  const found: string[] = []
  for (const kind of ['podAffinity', 'podAntiAffinity'] as const) {
    const { requiredDuringSchedulingIgnoredDuringExecution: required = [],
      preferredDuringSchedulingIgnoredDuringExecution: preferred = [] } = affinity?.[kind] ?? {}
    for (const [n, term] of required.entries()) {
      if (term.labelSelector) continue
      found.push(matchesNone(
        `${path}.${kind}.requiredDuringSchedulingIgnoredDuringExecution[${n}].labelSelector`))
    }
    for (const [n, { podAffinityTerm }] of preferred.entries()) {
      if (podAffinityTerm.labelSelector) continue
      found.push(matchesNone(`${path}.${kind}.preferredDuringSchedulingIgnoredDuringExecution`
        + `[${n}].podAffinityTerm.labelSelector`))
    }
  }
  return found
}

function annotationWarnings(
  annotations: Readonly<Record<string, string>>, spec: PodSpec, path: string,
): string[] {
  const found = Object.entries(oldAnnotations).filter(([key]) => key in annotations)
    .map(([key, text]) => `${path}metadata.annotations[${key}]: ${text}`)
  if (spec.securityContext?.seccompProfile === undefined && seccompPod in annotations) {
    found.push(`${path}metadata.annotations[${seccompPod}]: ${seccompText}`)
  }
  return found
}

function listWarnings(spec: PodSpec, path: string): string[] {
  const found = [
    ...repeated(spec.hostAliases?.map(one => one.ip) ?? [], `${path}.hostAliases`, 'ip'),
    ...repeated(spec.imagePullSecrets?.map(one => one.name ?? '') ?? [],
      `${path}.imagePullSecrets`, 'name'),
  ]
  for (const [n, { name = '' }] of (spec.imagePullSecrets ?? []).entries()) {
    if (name === '') found.push(`${path}.imagePullSecrets[${n}].name: invalid empty name ""`)
  }
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    found.push(`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid `
      + 'and will be treated as 1')
  }
  for (const [n, server] of (spec.dnsConfig?.nameservers ?? []).entries()) {
    found.push(...ipWarnings(`${path}.dnsConfig.nameservers[${n}]`, server))
  }
  for (const [n, { ip }] of (spec.hostAliases ?? []).entries()) {
    found.push(...ipWarnings(`${path}.hostAliases[${n}].ip`, ip))
  }
  return found
}

function repeated(values: readonly string[], field: string, member: string): string[] {
  const known = new Set<string>()
  return values.flatMap((value, n) => {
    if (known.has(value)) {
      return [`${field}[${n}].${member}: duplicate ${member} ${JSON.stringify(value)}`]
    }
    known.add(value)
    return []
  })
}

function containerWarnings(
  { container, at }: Placed, annotations: Readonly<Record<string, string>>, path: string,
): string[] {
  const { name, securityContext, resources, env = [] } = container
  const found: string[] = []
  const seccomp = `${seccompContainer}${name}`
  if (securityContext?.seccompProfile === undefined && seccomp in annotations) {
    found.push(`${path}metadata.annotations[${seccomp}]: ${seccompText}`)
  }
  const armored = securityContext?.appArmorProfile !== undefined
  if (path !== '' && !armored && `${appArmor}${name}` in annotations) {
    found.push(`${path}metadata.annotations[${appArmor}${name}]: deprecated since v1.30; use the `
      + '"appArmorProfile" field instead')
  }
  return [
    ...found, ...fractions(resources?.limits, `${at}.resources.limits`),
    ...fractions(resources?.requests, `${at}.resources.requests`), ...envWarnings(env, `${at}.env`),
  ]
}

/** A later definition may build on an earlier one, and must not hide it. */
function envWarnings(env: readonly EnvVar[], field: string): string[] {
  const known = new Set<string>()
  return env.flatMap(({ name, value = '', valueFrom }, n) => {
    if (!known.has(name)) {
      known.add(name)
      return []
    }
    const reference = `$(${name})`
    const builds = valueFrom === undefined && value !== reference && value.includes(reference)
    return builds ? [] : [`${field}[${n}]: hides previous definition of "${name}", which may be `
      + 'dropped when using apply']
  })
}

interface PlacedPort {
  readonly port: ContainerPort
  readonly at: string
}

const portsOf = (containers: readonly Placed[]): PlacedPort[] =>
  containers.flatMap(({ container, at }) =>
    (container.ports ?? []).map((port, n) => ({ port, at: `${at}.ports[${n}]` })))

function portWarnings(containers: readonly Placed[]): string[] {
  const seen = new Map<string, PlacedPort[]>()
  let pairs = 0
  return portsOf(containers).flatMap(one => {
    const { port, at } = one
    const id = `${port.containerPort}/${port.protocol}`
    const others = seen.get(id) ?? []
    const found: string[] = []
    for (const other of others) {
      // Every pair is looked at, so that some are told at most.
      if (++pairs > limits.portPairsMax) break
      const how = overlap(port, other.port)
      if (how !== undefined) found.push(`${at}: ${how} port definition with ${other.at}`)
    }
    others.push(one)
    seen.set(id, others)
    if (port.hostIP && !port.hostPort) {
      found.push(`${at}: hostIP set without hostPort: {Name:${port.name ?? ''} HostPort:0 `
        + `ContainerPort:${port.containerPort} Protocol:${port.protocol} HostIP:${port.hostIP}}`)
    }
    return found
  })
}

function overlap(one: ContainerPort, other: ContainerPort): string | undefined {
  const [ip, otherIp] = [one.hostIP ?? '', other.hostIP ?? '']
  const [port, otherPort] = [one.hostPort ?? 0, other.hostPort ?? 0]
  if (ip === otherIp && port === otherPort) return 'duplicate'
  if (port === 0 || otherPort === 0) return 'overlapping'
  return port === otherPort && (ip === '') !== (otherIp === '')
    ? 'dangerously ambiguous' : undefined
}

function portNameWarnings(containers: readonly Placed[]): string[] {
  const known = new Map<string, string>()
  return portsOf(containers).flatMap(({ port: { name }, at }) => {
    if (!name) return []
    const other = known.get(name)
    if (other === undefined) {
      known.set(name, at)
      return []
    }
    return [`${at}: duplicate port name "${name}" with ${other}, services and probes that select `
      + `ports by name will use ${other}`]
  })
}
