import {
  type Endpoint, type Node, type ObjectReference, type Pod, type Service, conditionOf,
} from '@slicewise/kube'
import { type PodAddresses, publishesNotReady } from './membership.ts'
import type { Family } from './address.ts'

const zoneLabel = 'topology.kubernetes.io/zone'

/** The zone a Node stands in; undefined when the label is missing or empty. */
export function zoneOf(node: Node | undefined): string | undefined {
  return node?.metadata?.labels?.[zoneLabel] || undefined
}

/** The Ready condition of the Pod is True. */
export function isPodReady(pod: Pod): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True'
}

/**
 * The endpoint that a Pod is to a Service. Only for Pods that `membership` lets in: `addresses` has
 * one of the family. All three conditions are always set.
 */
export function endpointOf(
  pod: Pod, service: Service, family: Family, addresses: PodAddresses, node: Node | undefined,
): Endpoint {
  const serving = isPodReady(pod)
  const terminating = Boolean(pod.metadata?.deletionTimestamp)
  const ready = publishesNotReady(service) || (serving && !terminating)
  const hostname = hostnameOf(pod, service)
  const zone = zoneOf(node)
  // In the order in which Kubernetes spells them, so that the echo of a write is told by its text.
  const endpoint: Endpoint = {
    addresses: [...addresses[family]],
    conditions: { ready, serving, terminating },
    ...(hostname === undefined ? {} : { hostname }),
    targetRef: podReference(pod),
  }
  if (pod.spec?.nodeName) endpoint.nodeName = pod.spec.nodeName
  if (zone !== undefined) endpoint.zone = zone
  return endpoint
}

export function podReference(pod: Pod): ObjectReference {
  const { namespace = '', name = '', uid = '' } = pod.metadata ?? {}
  return { kind: 'Pod', namespace, name, uid }
}

/** Pods of a StatefulSet have a name under their governing Service, and only under that one. */
export function hostnameOf(pod: Pod, service: Service): string | undefined {
  const hostname = pod.spec?.hostname
  if (!hostname || pod.spec?.subdomain !== service.metadata?.name) return undefined
  return pod.metadata?.namespace === service.metadata?.namespace ? hostname : undefined
}

/**
 * The same endpoint, if perhaps in another state: equal addresses (in any order), hostname and Pod
 * name. The Pod's uid is no part of it, so a Pod that returns under its name and address stays.
 */
export function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  // What comes back from the server is the very object that was wanted, as a rule.
  if (a === b) return true
  return a.targetRef?.name === b.targetRef?.name
    && a.targetRef?.namespace === b.targetRef?.namespace
    && orNull(a.hostname) === orNull(b.hostname)
    && sameSet(a.addresses, b.addresses)
}

/** State that consumers act on is equal. Hints are decided by a step of their own. */
export function isSameState(a: Endpoint, b: Endpoint): boolean {
  if (a === b) return true
  return orNull(a.nodeName) === orNull(b.nodeName)
    && orNull(a.zone) === orNull(b.zone)
    && orNull(a.conditions?.ready) === orNull(b.conditions?.ready)
    && orNull(a.conditions?.serving) === orNull(b.conditions?.serving)
    && orNull(a.conditions?.terminating) === orNull(b.conditions?.terminating)
    && sameReference(a.targetRef, b.targetRef)
}

/** Absent and null are one thing in the API; an empty text is another. */
const orNull = <T>(value: T | null | undefined): T | null => value ?? null

function sameReference(a: ObjectReference | undefined, b: ObjectReference | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.uid === b.uid && a.name === b.name && a.namespace === b.namespace && a.kind === b.kind
    && (a.apiVersion ?? '') === (b.apiVersion ?? '') && (a.fieldPath ?? '') === (b.fieldPath ?? '')
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  if (a.length === 1) return a[0] === b[0]
  const sorted = [...b].sort()
  return [...a].sort().every((address, index) => address === sorted[index])
}
