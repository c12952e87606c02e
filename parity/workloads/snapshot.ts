/** What is compared of one namespace: counts, conditions, annotations, Events; no chosen names. */
import type { ControllerRevision, KubeObject, Pod, ReplicaSet, Stored } from '@slicewise/kube'
import type { CoreEvent, Side, View } from './side.ts'

export type Snapshot = { readonly [section: string]: { readonly [name: string]: unknown } }

export function snapshotOf(
  side: Side,
  { name: namespace, anyNode }: { readonly name: string; readonly anyNode?: true },
): Snapshot {
  const view = side.view(namespace)
  const masked = masking(view)
  const owned = (one: Stored<KubeObject>): string[] =>
    (one.metadata.ownerReferences ?? []).map((owner) =>
      masked(
        `${owner.kind}/${owner.name}${owner.blockOwnerDeletion === true ? ' blocking' : ''}`,
      ),
    )
  const row = (one: Stored<KubeObject & { spec?: object; status?: object }>): object => ({
    ...lifeOf(one),
    generation: one.metadata.generation,
    annotations: masked(one.metadata.annotations ?? {}),
    owners: owned(one),
    replicas: (one.spec as { replicas?: number } | undefined)?.replicas,
    status: masked(statusOf(one.status)),
  })
  const byName = <T extends KubeObject>(
    list: readonly Stored<T>[],
    cell: (one: Stored<T>) => unknown,
  ) => Object.fromEntries(list.map((one) => [masked((one as Stored).metadata.name), cell(one)]))
  return {
    namespace:
      view.namespace === undefined
        ? {}
        : {
            [namespace]: {
              ...lifeOf(view.namespace),
              conditions: conditionsOf(view.namespace.status?.conditions),
            },
          },
    deployments: byName(view.deployments, row),
    replicaSets: byName(view.replicaSets, (set) => ({
      ...row(set),
      minReadySeconds: set.spec?.minReadySeconds ?? 0,
    })),
    statefulSets: byName(view.statefulSets, row),
    daemonSets: byName(view.daemonSets, row),
    revisions: byName(view.revisions, (one) => ({ revision: one.revision, owners: owned(one) })),
    configMaps: byName(
      view.configMaps.filter((one) => one.metadata.name !== 'kube-root-ca.crt'),
      (one) => ({ ...lifeOf(one), owners: owned(one) }),
    ),
    pods: counted(view.pods.map((pod) => masked(podText(pod, owned(pod), anyNode === true)))),
    spread: anyNode === true ? {} : spreadOf(view.pods, (pod) => masked(owned(pod).join(' '))),
    events: summed(view.events.map((event) => [masked(eventText(event)), event.count ?? 1])),
    nodes: Object.fromEntries(
      view.nodes
        .filter((node) => node.metadata.labels?.['history'] === namespace)
        .map((node) => [
          node.metadata.name,
          {
            conditions: conditionsOf(node.status?.conditions),
            taints: (node.spec?.taints ?? [])
              .map((one) => `${one.key}=${one.value ?? ''}:${one.effect}`)
              .sort(),
          },
        ]),
    ),
  }
}

function lifeOf(one: Stored<KubeObject>): object {
  const { deletionTimestamp, finalizers } = one.metadata
  return {
    ...(deletionTimestamp ? { deleting: true } : {}),
    ...(finalizers ? { finalizers } : {}),
  }
}

function statusOf(status: object | undefined): object {
  const { conditions, ...counts } = (status ?? {}) as { conditions?: Condition[] }
  return conditions === undefined ? counts : { ...counts, conditions: conditionsOf(conditions) }
}

interface Condition {
  type: string
  status: string
  reason?: string
  message?: string
}

function conditionsOf(conditions: readonly Condition[] | undefined): object {
  return Object.fromEntries(
    [...(conditions ?? [])]
      .sort((a, b) => (a.type < b.type ? -1 : 1))
      .map(({ type, status, reason = '', message = '' }) => [
        type,
        `${status} ${reason} ${message}`,
      ]),
  )
}

function podText(pod: Stored<Pod>, owners: readonly string[], anyNode: boolean): string {
  const ready = pod.status?.conditions?.find((one) => one.type === 'Ready')?.status ?? 'no'
  const named = pod.metadata.generateName === undefined ? pod.metadata.name : '*'
  const cost = pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost']
  return [
    named,
    ...owners,
    pod.spec?.containers[0]?.image,
    anyNode && pod.spec?.nodeName ? 'somewhere' : placeOf(pod),
    pod.status?.phase,
    `ready ${ready}`,
    pod.metadata.deletionTimestamp ? 'deleting' : 'wanted',
    ...(cost === undefined ? [] : [`cost ${cost}`]),
  ].join(' ')
}

/** Where a Pod stands, if that is decided and not a matter of ties. */
function placeOf(pod: Stored<Pod>): string {
  if (!pod.spec?.nodeName) return 'nowhere'
  const byName =
    pod.metadata.generateName === undefined ||
    pod.metadata.ownerReferences?.some((one) => one.kind === 'DaemonSet') === true
  return byName ? pod.spec.nodeName : 'somewhere'
}

/** How many wanted Pods of each owner stand together on a Node, largest number first. */
function spreadOf(
  pods: readonly Stored<Pod>[],
  ownerOf: (pod: Stored<Pod>) => string,
): Record<string, number[]> {
  const counts = new Map<string, Map<string, number>>()
  for (const pod of pods) {
    const node = pod.spec?.nodeName
    if (!node || pod.metadata.deletionTimestamp) continue
    const of = counts.get(ownerOf(pod)) ?? new Map<string, number>()
    of.set(node, (of.get(node) ?? 0) + 1)
    counts.set(ownerOf(pod), of)
  }
  return Object.fromEntries(
    [...counts].map(([owner, of]) => [owner, [...of.values()].sort((a, b) => b - a)]),
  )
}

function eventText({ involvedObject, type, reason, message }: CoreEvent): string {
  return `${involvedObject.kind}/${involvedObject.name} ${type} ${reason}: ${message}`
}

function counted(texts: readonly string[]): Record<string, number> {
  return summed(texts.map((text) => [text, 1]))
}

function summed(pairs: readonly (readonly [string, number])[]): Record<string, number> {
  const sums = new Map<string, number>()
  for (const [text, count] of pairs) sums.set(text, (sums.get(text) ?? 0) + count)
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Names that contain a hash become `owner{image}`, endings of generated names become `*`. */
function masking(view: View): <T>(value: T) => T {
  const aliases: [string, string][] = []
  for (const set of view.replicaSets) aliases.push([set.metadata.name, aliasOf(set)])
  for (const one of view.revisions) aliases.push([one.metadata.name, revisionAlias(one)])
  for (const { name } of [...view.daemonSets, ...view.replicaSets].map((one) => one.metadata)) {
    known.add(name)
  }
  for (const [name, alias] of aliases) remembered.set(name, alias)
  const pods = [...known].sort((a, b) => b.length - a.length)
  return (value) => JSON.parse(text(JSON.stringify(value), pods)) as typeof value
}

/** Also names of what is gone meanwhile: Events still tell of it. */
const remembered = new Map<string, string>()
const known = new Set<string>()

function text(json: string, generating: readonly string[]): string {
  let result = json
  for (const name of generating) {
    result = result.replaceAll(
      new RegExp(`\\b${name}-[bcdfghjklmnpqrstvwxz2456789]{5}\\b`, 'g'),
      `${name}-*`,
    )
  }
  for (const [name, alias] of remembered) result = result.replaceAll(name, alias)
  return result
}

function aliasOf(set: Stored<ReplicaSet>): string {
  const hash = set.metadata.labels?.['pod-template-hash']
  if (hash === undefined) return set.metadata.name
  const base = set.metadata.name.slice(0, -hash.length - 1)
  return `${base}{${set.spec?.template?.spec?.containers[0]?.image}}`
}

function revisionAlias(one: Stored<ControllerRevision>): string {
  const data = one.data as {
    spec?: { template?: { spec?: { containers?: { image: string }[] } } }
  }
  const base = one.metadata.name.slice(0, one.metadata.name.lastIndexOf('-'))
  return `${base}{${data.spec?.template?.spec?.containers?.[0]?.image}}`
}
