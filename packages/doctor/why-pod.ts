import { selects, whySelectsNothing } from '@slicewise/discovery'
import type { Pod, Service, Stored } from '@slicewise/kube'
import { type Finding, makeFinding } from './findings.ts'
import { limits } from './limits.ts'
import { type Member, judgeMember, serviceAbout } from './members.ts'
import { type NearMiss, missText, nearMiss } from './near-miss.ts'
import { podDifferences } from './standing.ts'
import { type ItemName, type Verdict, inOrder, selectorText } from './why-service.ts'
import { type Unread, type World, nodeOf } from './world.ts'

/** What the Pod is to one Service that selects it. */
export interface SelectingService {
  readonly name: string
  readonly state: Member['state']
  readonly addresses: readonly string[]
  readonly findings: readonly string[]
}

/** Which Services send traffic to a Pod, and why others do not. Plain data, fit for JSON. */
export interface PodReport {
  readonly kind: 'Pod'
  readonly namespace: string
  readonly name: string
  readonly verdict: Verdict
  readonly labels: Readonly<Record<string, string>>
  readonly addresses: readonly string[]
  readonly node: string
  readonly services: readonly SelectingService[]
  readonly findings: readonly Finding[]
  readonly unread: readonly Unread[]
}

/**
 * Explains one Pod. It is as it should be when at least one Service selects it and it is a ready
 * endpoint of all that do.
 */
export function whyPod(world: World, item: ItemName): PodReport {
  const pod = world.pods?.find(({ metadata }) =>
    metadata.namespace === item.namespace && metadata.name === item.name)
  if (pod === undefined) return missingPod(world, item)
  if (world.unread.some(({ what }) => what === 'services')) return withoutServices(world, pod, item)
  const selecting = servicesIn(world, item.namespace).filter((service) =>
    selects(service.spec?.selector, pod.metadata.labels))
  const judged = selecting.map((service) => ({
    service, member: judgeMember(pod, service, nodeOf(world, pod)),
  }))
  const findings = judged.length === 0 ? unselected(world, pod) : distinct([
    ...judged.flatMap(({ member }) => [...member.findings]),
    ...judged.flatMap(({ service, member }) => inSlices(world, service, member)),
    ...nearServices(world, pod).map((one): Finding => ({ ...one, severity: 'notice' })),
  ])
  return {
    kind: 'Pod', ...item,
    verdict: verdictOf(findings),
    ...factsOf(pod),
    services: judged.map(({ service, member }) => ({
      name: service.metadata.name, state: member.state,
      addresses: member.places.flatMap(({ endpoint }) => endpoint?.addresses ?? []),
      findings: member.findings.map(({ id }) => id),
    })),
    findings: inOrder(findings),
    unread: world.unread,
  }
}

function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(({ severity }) => severity === 'fault')) return 'lacks endpoints'
  return findings.some(({ id }) => id === 'SlicesUnread') ? 'unknown' : 'as it should'
}

function inSlices(world: World, service: Stored<Service>, member: Member): Finding[] {
  if (world.slices !== undefined) return podDifferences(world, service, member)
  return [makeFinding('SlicesUnread', serviceAbout(service),
    'its EndpointSlices could not be read')]
}

const factsOf = ({ metadata, status, spec }: Stored<Pod>) => ({
  labels: metadata.labels ?? {},
  addresses: (status?.podIPs ?? []).map(({ ip }) => ip),
  node: spec?.nodeName ?? '',
})

function withoutServices(world: World, pod: Stored<Pod>, item: ItemName): PodReport {
  const finding = makeFinding('ServiceUnread', 'services',
    'those of its namespace could not be read')
  return {
    kind: 'Pod', ...item, verdict: 'unknown', ...factsOf(pod), services: [],
    findings: [finding], unread: world.unread,
  }
}

const servicesIn = (world: World, namespace: string): Stored<Service>[] =>
  world.services.filter((service) => service.metadata.namespace === namespace
    && whySelectsNothing(service) === undefined)
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))

/** What is wrong with a Pod is wrong for every Service of it alike. */
function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>()
  for (const one of findings) seen.set(`${one.id} ${one.text}`, one)
  return [...seen.values()]
}

function unselected(world: World, pod: Stored<Pod>): Finding[] {
  const { name, namespace = '', labels } = pod.metadata
  const elsewhere = world.services.filter(({ metadata, spec }) => metadata.namespace !== namespace
    && Object.keys(spec?.selector ?? {}).length > 0 && selects(spec?.selector, labels))
  return [
    makeFinding('NoServiceSelects', `pod/${name}`,
      `no Service of namespace ${namespace} selects ${selectorText(labels ?? {})}`),
    ...elsewhere.map((service) => makeFinding('OtherNamespace', serviceAbout(service),
      `it would select the Pod, and is in namespace ${service.metadata.namespace}`)),
    ...nearServices(world, pod),
  ]
}

/** Services whose selector the Pod nearly meets, the nearest first. */
function nearServices(world: World, { metadata }: Stored<Pod>): Finding[] {
  return servicesIn(world, metadata.namespace ?? '').flatMap((service) => {
    const miss = nearMiss(service.spec?.selector ?? {}, metadata.labels)
    return miss === undefined ? [] : [{ service, miss }]
  }).sort((a, b) => b.miss.nearness - a.miss.nearness)
    .slice(0, limits.nearMissesMax).map(nearFinding)
}

function nearFinding({ service, miss }: { service: Service; miss: NearMiss }): Finding {
  const text = missText(miss).replaceAll('the selector asks', 'its selector asks')
    .replaceAll('it has no label', 'the Pod has no label')
    .replaceAll('its label', 'the label of the Pod')
  return makeFinding('LabelsDiffer', serviceAbout(service), text, {
    details: { met: miss.met, pairs: miss.pairs, key: miss.misses[0]?.key ?? '' },
  })
}

function missingPod(world: World, item: ItemName): PodReport {
  const unread = world.pods === undefined
  const finding = unread
    ? makeFinding('PodsUnread', `pod/${item.name}`, 'it could not be read')
    : makeFinding('PodMissing', `pod/${item.name}`,
      `there is none in namespace ${item.namespace}`)
  return {
    kind: 'Pod', ...item, verdict: unread ? 'unknown' : 'not there', labels: {}, addresses: [],
    node: '', services: [], findings: [finding], unread: world.unread,
  }
}
