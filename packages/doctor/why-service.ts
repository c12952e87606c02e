import {
  type Difference, type Exclusion, familiesOf, resolvePorts, selects, whySelectsNothing,
} from '@slicewise/discovery'
import type { Service, Stored } from '@slicewise/kube'
import { type Finding, makeFinding } from './findings.ts'
import { type Member, expectedOf, isPassing, judgeMember, serviceAbout, soften } from './members.ts'
import { nearFindings } from './near.ts'
import {
  type Standing, type StandingEndpoints, type StandingSlice, standingOf,
} from './standing.ts'
import { idleWorkloads } from './workloads.ts'
import { type Unread, type World, nodeOf } from './world.ts'

export interface ItemName {
  readonly namespace: string
  readonly name: string
}

/** `unknown`: what could not be read might hold the answer. */
export type Verdict = 'as it should' | 'lacks endpoints' | 'not there' | 'unknown'

/** What one selected Pod is to the Service. */
export interface PodSummary {
  readonly name: string
  readonly state: Member['state']
  readonly addresses: readonly string[]
  /** By family: `endpoint`, or why it is none. */
  readonly families: Readonly<Record<string, 'endpoint' | Exclusion>>
  /** The number in the Pod behind each port of the Service; null for a name that it lacks. */
  readonly ports: Readonly<Record<string, number | null>>
  /** Ids of findings about it. */
  readonly findings: readonly string[]
}

/** Why a Service has the endpoints it has. Plain data, fit for JSON. */
export interface ServiceReport {
  readonly kind: 'Service'
  readonly namespace: string
  readonly name: string
  readonly verdict: Verdict
  /** Pods that the selector takes and that have not ended, and those of them that are ready. */
  readonly wanted: number
  readonly ready: number
  readonly type: string
  readonly selector: Readonly<Record<string, string>> | undefined
  readonly families: readonly string[]
  readonly ports: readonly string[]
  readonly findings: readonly Finding[]
  readonly pods: readonly PodSummary[]
  readonly slices: readonly StandingSlice[]
  readonly endpoints: StandingEndpoints | undefined
  /** Where slices differ from what should stand in them, layout too. */
  readonly differences: readonly Difference[]
  readonly unread: readonly Unread[]
}

/** Explains one Service from what was read. */
export function whyService(world: World, item: ItemName): ServiceReport {
  const service = world.services.find(({ metadata }) =>
    metadata.namespace === item.namespace && metadata.name === item.name)
  if (service === undefined) return missingService(world, item)
  const unselective = whySelectsNothing(service)
  if (unselective !== undefined) {
    const standing = standingOf(world, service, [], undefined)
    const about = serviceAbout(service)
    const first = unselective === 'ExternalName'
      ? makeFinding('ExternalName', about, `it is an alias of ${service.spec?.externalName ?? ''}`)
      : makeFinding('NoSelector', about, 'it has no selector, its endpoints are kept by hand')
    return reportOf({ world, service, members: [], standing, findings: [first] })
  }
  if (world.pods === undefined) {
    const standing = standingOf(world, service, [], undefined)
    const first = makeFinding('PodsUnread', serviceAbout(service),
      'the Pods of its namespace could not be read')
    const known = { ...standing, findings: [] }
    return reportOf({ world, service, members: [], standing: known, findings: [first] })
  }
  const members = membersOf(world, service)
  const expected = expectedOf(service, members)
  const standing = standingOf(world, service, members, expected)
  const findings = members.length > 0
    ? somebody(world, service, members) : nobody(world, service)
  return reportOf({ world, service, members, standing, findings })
}

/** The Pods that the selector takes, by name, judged. */
export function membersOf(world: World, service: Stored<Service>): Member[] {
  return (world.pods ?? []).filter(({ metadata }) =>
    metadata.namespace === service.metadata.namespace
    && selects(service.spec?.selector, metadata.labels))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .map((pod) => judgeMember(pod, service, nodeOf(world, pod)))
}

/**
 * Pods are selected. Where all of them end because nothing more is wanted, nothing is at fault;
 * Pods that are nearly selected are worth a notice.
 */
function somebody(
  world: World, service: Stored<Service>, members: readonly Member[],
): Finding[] {
  const found = soften(members, service)
  const { namespace = '' } = service.metadata
  const zero = idleWorkloads(world.workloads, namespace, service.spec?.selector ?? {})
    .filter(({ id }) => id === 'ScaledToZero')
  const ending = zero.length > 0 && members.every(({ findings }) => findings.some(isPassing))
  const own = ending ? found.map((one): Finding => ({ ...one, severity: 'notice' })) : found
  const near = nearFindings(world, service).map((one): Finding => ({ ...one, severity: 'notice' }))
  return [...own, ...(ending ? zero : []), ...near]
}

/** No Pod is selected: because none is wanted, because none was made, or by a slip. */
function nobody(world: World, service: Stored<Service>): Finding[] {
  const selector = service.spec?.selector ?? {}
  const { namespace = '' } = service.metadata
  const idle = idleWorkloads(world.workloads, namespace, selector)
  if (idle.length > 0) {
    const made = idle.some(({ id }) => id === 'WorkloadMakesNoPods')
    return made ? idle.filter(({ id }) => id === 'WorkloadMakesNoPods') : idle
  }
  return [
    makeFinding('NoPodsMatch', serviceAbout(service),
      `no Pod of namespace ${namespace} has ${selectorText(selector)}`),
    ...nearFindings(world, service),
  ]
}

export function selectorText(selector: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(selector).sort().map((key) => `${key}=${selector[key]}`)
  return pairs.length === 0 ? 'any labels' : pairs.join(', ')
}

interface Parts {
  readonly world: World
  readonly service: Stored<Service>
  readonly members: readonly Member[]
  readonly standing: Standing
  readonly findings: readonly Finding[]
}

function reportOf({ world, service, members, standing, findings }: Parts): ServiceReport {
  const { name, namespace = '' } = service.metadata
  const { spec } = service
  const all = [...findings, ...lifeFindings(world, service), ...standing.findings]
  const living = members.filter(({ findings: own }) => !own.some(isPassing))
  return {
    kind: 'Service', namespace, name,
    verdict: verdictOf(all),
    wanted: living.length,
    ready: members.filter(({ state }) => state === 'ready').length,
    type: spec?.clusterIP === 'None' ? 'headless' : (spec?.type ?? 'ClusterIP'),
    selector: spec?.selector,
    families: spec?.type === 'ExternalName' ? [] : familiesOf(service),
    ports: (spec?.ports ?? []).map(({ name: portName, port, targetPort, protocol = 'TCP' }) =>
      `${portName ? `${portName} ` : ''}${port} -> ${targetPort ?? port}/${protocol}`),
    findings: inOrder(all),
    pods: members.map((member) => summaryOf(member, service)),
    slices: standing.slices,
    endpoints: standing.endpoints,
    differences: standing.differences,
    unread: world.unread,
  }
}

function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(({ id }) => id === 'PodsUnread')) return 'unknown'
  if (findings.some(({ severity }) => severity === 'fault')) return 'lacks endpoints'
  return findings.some(({ id }) => id === 'SlicesUnread') ? 'unknown' : 'as it should'
}

/** Faults first; else as they were found. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const of = (severity: Finding['severity']): Finding[] =>
    findings.filter((one) => one.severity === severity)
  return [...of('fault'), ...of('notice')]
}

function lifeFindings(world: World, service: Stored<Service>): Finding[] {
  const found: Finding[] = []
  const since = service.metadata.deletionTimestamp
  if (since) {
    found.push(makeFinding('ServiceTerminating', serviceAbout(service), 'it is being deleted',
      { since }))
  }
  const namespace = world.namespaces.find(({ metadata }) =>
    metadata.name === service.metadata.namespace)
  const ending = namespace?.metadata.deletionTimestamp
  if (ending) {
    found.push(makeFinding('NamespaceTerminating', `namespace/${namespace.metadata.name}`,
      'it is being deleted', { since: ending }))
  }
  return found
}

function summaryOf(
  { pod, state, places, findings }: Member, service: Stored<Service>,
): PodSummary {
  const ports = (service.spec?.ports ?? []).map((port) =>
    [port.name || String(port.port), resolvePorts([port], pod)[0]?.port ?? null] as const)
  return {
    name: pod.metadata.name, state,
    addresses: places.flatMap(({ endpoint }) => endpoint?.addresses ?? []),
    families: Object.fromEntries(places.map(({ family, why }) => [family, why ?? 'endpoint'])),
    ports: Object.fromEntries(ports),
    findings: findings.map(({ id }) => id),
  }
}

function missingService(world: World, { namespace, name }: ItemName): ServiceReport {
  const refused = world.unread.find(({ what }) => what === `services "${name}"`)
  const elsewhere = world.services.filter(({ metadata }) => metadata.name === name)
    .map(({ metadata }) => metadata.namespace ?? '')
  const here = world.services.filter(({ metadata }) => metadata.namespace === namespace)
    .map(({ metadata }) => metadata.name)
  const text = elsewhere.length > 0
    ? `there is none in namespace ${namespace}, but in ${elsewhere.sort().join(', ')}`
    : `there is none in namespace ${namespace}${
      here.length > 0 ? `, which has ${here.sort().slice(0, 8).join(', ')}` : ''}`
  const about = `service/${name}`
  const finding = refused === undefined ? makeFinding('ServiceMissing', about, text)
    : makeFinding('ServiceUnread', about, `it could not be read: ${refused.message}`)
  return {
    kind: 'Service', namespace, name, verdict: refused ? 'unknown' : 'not there',
    wanted: 0, ready: 0, type: '',
    selector: undefined, families: [], ports: [], pods: [], slices: [], endpoints: undefined,
    differences: [], findings: [finding],
    unread: world.unread,
  }
}
