import {
  type Exclusion, type ExpectedFamily, type Family, addressesOf, endpointOf, exclusions,
  familiesOf, membership, portResolver, publishesNotReady,
} from '@slicewise/discovery'
import type { Endpoint, Node, Pod, Service, Stored } from '@slicewise/kube'
import { type Finding, makeFinding } from './findings.ts'
import { whyUnready } from './readiness.ts'
import { podAbout, portFindings } from './target-ports.ts'

/** What one Pod is to a Service in one family. */
export interface FamilyPlace {
  readonly family: Family
  readonly endpoint: Endpoint | undefined
  /** Why it is none. */
  readonly why: Exclusion | undefined
}

/** A Pod that the selector takes, judged. */
export interface Member {
  readonly pod: Stored<Pod>
  readonly places: readonly FamilyPlace[]
  readonly state: 'ready' | 'not ready' | 'terminating' | 'no endpoint'
  readonly findings: readonly Finding[]
}

/** Says what a Pod is to a Service, and why it is not a ready endpoint in every family. */
export function judgeMember(
  pod: Stored<Pod>, service: Service, node: Node | undefined,
): Member {
  const places = familiesOf(service).map((family): FamilyPlace => {
    const verdict = membership(pod, service, family, node)
    if (!verdict.in) return { family, endpoint: undefined, why: verdict.why }
    const endpoint = endpointOf(pod, service, family, addressesOf(pod), node)
    return { family, endpoint, why: undefined }
  })
  return { pod, places, state: stateOf(places), findings: findingsOf(pod, service, places) }
}

function stateOf(places: readonly FamilyPlace[]): Member['state'] {
  const conditions = places.flatMap(({ endpoint }) => (endpoint ? [endpoint.conditions] : []))
  if (conditions.length === 0) return 'no endpoint'
  if (conditions.some((one) => one?.ready === true)) return 'ready'
  return conditions.some((one) => one?.terminating === true) ? 'terminating' : 'not ready'
}

function findingsOf(
  pod: Pod, service: Service, places: readonly FamilyPlace[],
): Finding[] {
  const about = podAbout(pod)
  const found: Finding[] = []
  const reasons = new Map<Exclusion, Family[]>()
  for (const { family, why } of places) {
    if (why !== undefined) reasons.set(why, [...(reasons.get(why) ?? []), family])
  }
  for (const [why, families] of reasons) found.push(excluded(pod, about, why, families))
  const endpoint = places.find((place) => place.endpoint !== undefined)?.endpoint
  if (endpoint !== undefined && endpoint.conditions?.ready !== true) {
    found.push(endpoint.conditions?.terminating === true ? terminating(pod) : unready(pod))
  }
  const portless = reasons.has('PodFinished') || endpoint?.conditions?.terminating === true
  if (!portless) found.push(...portFindings(service, pod))
  return found
}

function excluded(
  pod: Pod, about: string, why: Exclusion, families: readonly Family[],
): Finding {
  if (why === 'NoPodIP') return withoutAddress(pod)
  if (why === 'PodFinished') {
    const { phase, reason, message } = pod.status ?? {}
    const told = message || reason
    return makeFinding(why, about, `it has run to its end, ${phase}${told ? `: ${told}` : ''}`)
  }
  if (why === 'NoAddressOfFamily') {
    const has = (pod.status?.podIPs ?? []).map(({ ip }) => ip).join(', ')
    return makeFinding(why, about, `it has no ${families.join(' or ')} address, only ${
      has || `status.podIP ${pod.status?.podIP ?? ''} and no podIPs`}`)
  }
  if (why === 'NodeMissing') {
    const node = pod.spec?.nodeName
    return makeFinding(why, about, node ? `its Node ${node} does not exist` : 'it names no Node')
  }
  return makeFinding(why, about, exclusions[why].why)
}

/** The reason why it has no address tells more than that it has none. */
function withoutAddress(pod: Pod): Finding {
  if (pod.metadata?.deletionTimestamp) return terminating(pod)
  const { id, text, since } = whyUnready(pod)
  const known = id !== 'PodNotReady' && id !== 'ReadinessGateUnmet'
  return makeFinding(known ? id : 'NoPodIP', podAbout(pod),
    known ? `it has no address yet, ${text}` : 'it has no address yet',
    since === undefined ? {} : { since })
}

function terminating(pod: Pod): Finding {
  const since = pod.metadata?.deletionTimestamp
  const finalizers = pod.metadata?.finalizers ?? []
  const held = finalizers.length > 0 ? `, held by ${finalizers.join(', ')}` : ''
  return makeFinding('PodTerminating', podAbout(pod), `it is being deleted${held}`,
    since ? { since } : {})
}

function unready(pod: Pod): Finding {
  const { id, text, since } = whyUnready(pod)
  return makeFinding(id, podAbout(pod), text, since === undefined ? {} : { since })
}

/** The endpoints that the members give, as `differencesOf` takes them. */
export function expectedOf(service: Service, members: readonly Member[]): ExpectedFamily[] {
  const portsOf = portResolver(service)
  return [...new Set(familiesOf(service))].map((family) => ({
    family,
    endpoints: members.flatMap(({ pod, places }) => {
      const endpoint = places.find((place) => place.family === family)?.endpoint
      return endpoint === undefined ? [] : [{ ports: portsOf(pod), endpoint }]
    }),
  }))
}

/** The Pod of such a finding has ended, or is on its way out. */
export const isPassing = ({ id }: Finding): boolean =>
  id === 'PodFinished' || id === 'PodTerminating'

/**
 * Pods that have ended or are on their way out are part of every life; they are faults only where
 * no other Pod is left to serve.
 */
export function soften(members: readonly Member[], service: Service): Finding[] {
  const alive = members.some(({ findings }) => !findings.some(isPassing))
  const notices = members.flatMap(({ findings }) => findings).map((one): Finding =>
    (alive && isPassing(one) ? { ...one, severity: 'notice' } : one))
  if (publishesNotReady(service)) {
    notices.push(makeFinding('PublishesNotReady', serviceAbout(service),
      'it counts Pods as ready whether they are or not (publishNotReadyAddresses)'))
  }
  return notices
}

export const serviceAbout = (service: Service): string =>
  `service/${service.metadata?.name ?? ''}`
