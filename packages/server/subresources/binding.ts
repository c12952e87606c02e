import {
  type Binding, type MessageType, type Pod, type PodSpec, type Status, type Stored,
  invalid,
} from '@slicewise/kube'
import type { Attempt } from '../behaviour.ts'
import type { Answer, CreateRequest } from '../contract.ts'
import type { Core } from '../core.ts'
import { type Draft, decodeBody } from '../decode.ts'
import { type Part, modify } from '../modify.ts'
import { badRequest, conflict } from '../refusals.ts'
import { copyJson } from '../copy-json.ts'
import { timeText } from '../times.ts'
import { checkWriteOptions } from '../write-options.ts'

/** A write by the server itself that nobody's rules restrict. */
export const wholePart: Part = { prepare() {}, validate: () => [] }

export function done(code = 201): Answer {
  const status: Status = {
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code,
  }
  return { code, plain: status as Answer['plain'] & object }
}

/** `POST pods/{name}/binding`, and `POST bindings`, which names the Pod in the body. */
export async function bindPod(core: Core, request: CreateRequest): Promise<Answer> {
  const { validation, dryRun } = checkWriteOptions(request, 'CreateOptions')
  const { caller, namespace } = request
  const pods = core.rows.get('', 'pods')
  const row = core.rows.get('', 'bindings')
  const binding = decodeBody(row.schema as MessageType<Binding>, request.body, {
    kind: row, caller, validation,
  })
  const name = request.name || (binding.metadata.name ?? '')
  if (binding.metadata.name !== name) {
    throw badRequest('name in URL does not match name in Binding object')
  }
  const causes = row.validate?.(binding, core.facts) ?? []
  if (causes.length > 0) throw invalid('Binding', '', name, causes)
  const attempt: Attempt = { core, caller, spec: pods, namespace, subresource: 'binding', dryRun }
  await modify({
    attempt, name, part: wholePart, mayCreate: false,
    make: before => bound(core, before as Stored<Pod>, binding),
  })
  return done()
}

function bound(core: Core, before: Stored<Pod>, binding: Binding & Draft): Draft {
  const pod = copyJson(before) as Pod & Draft & { spec: PodSpec }
  const { name } = before.metadata
  const { uid, resourceVersion, annotations, labels } = binding.metadata
  const why = refusal(before)
  if (why !== undefined) throw conflict({ group: '', resource: 'pods/binding' }, name, why)
  if (uid && uid !== before.metadata.uid) {
    throw conflict({ group: '', resource: 'pods' }, name, `Precondition failed: UID in `
      + `precondition: ${uid}, UID in object meta: ${before.metadata.uid}`)
  }
  if (resourceVersion) pod.metadata.resourceVersion = resourceVersion
  const target = binding.target?.name ?? ''
  pod.spec.nodeName = target
  pod.metadata.annotations = { ...pod.metadata.annotations, ...annotations }
  if (Object.keys(pod.metadata.annotations).length === 0) delete pod.metadata.annotations
  const topology = topologyLabels(core, target)
  if (labels !== undefined || Object.keys(topology).length > 0) {
    pod.metadata.labels = { ...pod.metadata.labels, ...labels, ...topology }
  }
  delete pod.status?.nominatedNodeName
  setCondition(pod, { type: 'PodScheduled', status: 'True' }, core.env.nowMs())
  return pod
}

function refusal({ metadata, spec }: Stored<Pod>): string | undefined {
  const { name } = metadata
  if (metadata.deletionTimestamp != null) {
    return `pod ${name} is being deleted, cannot be assigned to a host`
  }
  if (spec?.nodeName) return `pod ${name} is already assigned to node "${spec.nodeName}"`
  if (spec?.schedulingGates?.length) return `pod ${name} has non-empty .spec.schedulingGates`
  return undefined
}

const topologyKeys = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']

function topologyLabels(core: Core, node: string): Record<string, string> {
  const { collection } = core.cache.of(core.rows.get('', 'nodes'))
  const labels = collection.get(collection.keyOf('', node))?.labels ?? {}
  const found = topologyKeys.flatMap(key => (labels[key] === undefined ? [] : [[key, labels[key]]]))
  return Object.fromEntries(found)
}

/** Sets one condition of a Pod; its time moves only with its status. */
export function setCondition(
  pod: Pod, condition: { type: string; status: string; reason?: string; message?: string },
  nowMs: number,
): void {
  const status = pod.status ??= {}
  const conditions = status.conditions ?? []
  const old = conditions.find(({ type }) => type === condition.type)
  const lastTransitionTime = old?.status === condition.status
    ? old.lastTransitionTime : timeText(nowMs)
  type Condition = typeof conditions[number]
  const next = { ...condition, lastProbeTime: null, lastTransitionTime } as Condition
  status.conditions = old === undefined
    ? [...conditions, next] : conditions.map(one => (one === old ? next : one))
}

