/** What slices and Endpoints of a namespace say, without names, times, and what chance decides. */
import { hintModeOf, serviceNameLabel } from '@slicewise/discovery'
import type { Endpoint, Endpoints, EndpointSlice, Stored } from '@slicewise/kube'
import type { Side } from './side.ts'

/** Text by the place it is about. */
export type Snapshot = Readonly<Record<string, string>>

const triggerTime = 'endpoints.kubernetes.io/last-change-trigger-time'

/**
 * Endpoints are compared over all slices of the same Service, keeper, family and ports together:
 * which slice holds which is chance in the reference. When all fit into one, the number of slices
 * is compared too (`countSlices`).
 */
export function snapshotOf(side: Side, namespace: string, countSlices: boolean): Snapshot {
  const shown: Record<string, string> = {}
  const groups = new Map<string, Stored<EndpointSlice>[]>()
  for (const slice of side.slices(namespace)) {
    const group = groups.get(groupOf(slice)) ?? []
    groups.set(groupOf(slice), [...group, slice])
  }
  for (const [group, slices] of groups) {
    const mode = hintMode(side, namespace, slices)
    const shownOf = (one: Endpoint): string => textOf(mode === 'auto' ? someHint(one) : one)
    const endpoints = slices.flatMap(({ endpoints: held }) => (held ?? []).map(shownOf)).sort()
    shown[`${group} endpoints`] = endpoints.join('\n')
    shown[`${group} metadata`] = [...new Set(slices.map(metadataOf))].sort().join('\n')
    if (countSlices) shown[`${group} slices`] = String(slices.length)
  }
  for (const one of side.endpoints(namespace)) {
    shown[`endpoints ${one.metadata.name}`] = endpointsText(one)
  }
  return shown
}

function hintMode(side: Side, namespace: string, [slice]: Stored<EndpointSlice>[]): string {
  const name = slice?.metadata.labels?.[serviceNameLabel] ?? ''
  return hintModeOf(side.service(namespace, name) ?? {}).kind
}

/** Which endpoint is hinted to which zone by topology is chance; that it is hinted is not. */
function someHint(endpoint: Endpoint): object {
  return { ...endpoint, hints: endpoint.hints?.forZones?.length }
}

function groupOf({ metadata, addressType, ports }: EndpointSlice): string {
  const labels = metadata?.labels ?? {}
  const keeper = labels['endpointslice.kubernetes.io/managed-by'] ?? ''
  const list = (ports ?? []).map(textOf).sort().join()
  return `${labels['kubernetes.io/service-name']} ${keeper.split('.')[0]} ${addressType} ${list}`
}

function metadataOf({ metadata }: Stored<EndpointSlice>): string {
  const owners = metadata.ownerReferences?.map(({ uid: _, ...owner }) => owner)
  const { [triggerTime]: __, ...annotations } = metadata.annotations ?? {}
  return textOf({ labels: metadata.labels, annotations, owners, prefix: metadata.generateName })
}

function endpointsText({ metadata, subsets }: Stored<Endpoints>): string {
  const { [triggerTime]: _, ...annotations } = metadata.annotations ?? {}
  const { labels, ownerReferences } = metadata
  const lists = (subsets ?? []).map(({ addresses, notReadyAddresses, ports }) => textOf({
    ready: (addresses ?? []).map(textOf).sort(),
    notReady: (notReadyAddresses ?? []).map(textOf).sort(),
    ports: (ports ?? []).map(textOf).sort(),
  }))
  return [textOf({ labels, annotations, owners: ownerReferences }), ...lists.sort()].join('\n')
}

/** JSON with sorted members, without uids and without what is empty. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (key, member: unknown) => {
    if (key === 'uid' || key === 'resourceVersion') return undefined
    if (member === null || typeof member !== 'object' || Array.isArray(member)) return member
    const entries = Object.entries(member).filter(([, one]) => !isEmpty(one))
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined
    || (typeof value === 'object' && Object.keys(value).length === 0)
}

export interface Difference {
  readonly place: string
  readonly left: string | undefined
  readonly right: string | undefined
}

export function differencesOf(left: Snapshot, right: Snapshot): Difference[] {
  const places = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()
  return places.filter((place) => left[place] !== right[place])
    .map((place) => ({ place, left: left[place], right: right[place] }))
}
