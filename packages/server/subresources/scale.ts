import {
  type KubeObject, type LabelSelector, type MessageType, type ResourceSpec, type Scale,
  type Stored, cause, invalid, noFields, printSelector, scaleOwners, selectorFrom,
  selectorFromLabels, trackUpdate, workloadOwners,
} from '@slicewise/kube'
import type { Attempt } from '../behaviour.ts'
import type { Answer, CachedObject, UpdateRequest } from '../contract.ts'
import type { Core } from '../core.ts'
import { type Draft, decodeBody } from '../decode.ts'
import { apiVersionOf, forgetsOwners } from '../managed.ts'
import { checkUpdateIdentity } from '../metadata.ts'
import { mainPart, modify } from '../modify.ts'
import { notAllowed, notFound } from '../refusals.ts'
import { copyJson } from '../copy-json.ts'
import { timeText } from '../times.ts'
import { checkWriteOptions } from '../write-options.ts'

interface Scalable extends KubeObject {
  spec?: { replicas?: number; selector?: LabelSelector | Record<string, string> }
  status?: { replicas?: number }
}

/** The scale of a workload as autoscaling/v1 shows it. */
export function scaleOf(object: Stored): Scale & KubeObject {
  const { metadata, spec, status } = object as Stored<Scalable>
  const { name, namespace = '', uid, resourceVersion, creationTimestamp } = metadata
  const scale: Scale & KubeObject = {
    kind: 'Scale', apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: spec?.replicas ? { replicas: spec.replicas } : {},
    status: { replicas: status?.replicas ?? 0 },
  }
  const selector = selectorText(spec?.selector)
  if (selector !== '' && scale.status !== undefined) scale.status.selector = selector
  return scale
}

function selectorText(selector: NonNullable<Scalable['spec']>['selector']): string {
  if (selector === undefined) return ''
  const structured = 'matchLabels' in selector || 'matchExpressions' in selector
  return printSelector(structured ? selectorFrom(selector as LabelSelector)
    : selectorFromLabels(selector as Record<string, string>))
}

export const scaleAnswer = (code: number, object: CachedObject): Answer =>
  ({ code, plain: scaleOf(object.object()) })

export async function updateScale(core: Core, request: UpdateRequest): Promise<Answer> {
  const { validation, manager } = checkWriteOptions(request, 'UpdateOptions')
  const schema = scaleSchema(request.spec)
  const { caller } = request
  const kind = { group: 'autoscaling', version: 'v1', kind: 'Scale' }
  const sent: Scale & Draft = decodeBody(schema, request.body, { kind, caller, validation })
  return await writeScale(core, request, 'UpdateOptions', present => {
    const next = copyJson(sent) as Scale & Draft
    trackScale(core, present, next, { schema, manager, reset: forgetsOwners(request.body.value) })
    return next
  })
}

export function scaleSchema(spec: UpdateRequest['spec']): MessageType<Scale> {
  const schema = spec.subresources?.find(({ name }) => name === 'scale')?.schema
  if (schema === undefined) throw notAllowed()
  return schema as MessageType<Scale>
}

/** `make` gives the scale that the present one is to become, with its owners. */
export async function writeScale(
  core: Core, request: Omit<UpdateRequest, 'body'>, kind: 'UpdateOptions' | 'PatchOptions',
  make: (present: OwnedScale) => Scale & Draft,
): Promise<Answer> {
  const { dryRun } = checkWriteOptions(request, kind)
  const { caller, spec, namespace, name } = request
  const attempt: Attempt = { core, caller, spec, namespace, subresource: 'scale', dryRun }
  const answer = await modify({
    attempt, name, part: mainPart, mayCreate: false,
    make(before) {
      if (before === undefined) throw notFound(spec, name)
      const wanted = make(ownedScaleOf(spec, before))
      checkUpdateIdentity(wanted, { spec, namespace, name }, before.metadata)
      const replicas = wanted.spec?.replicas ?? 0
      if (replicas < 0) {
        throw invalid('Scale', 'autoscaling', name, [
          cause.invalid('spec.replicas', replicas, 'must be greater than or equal to 0'),
        ])
      }
      return scaled(spec, before, wanted)
    },
  })
  return scaleAnswer(answer.code, answer.object as CachedObject)
}

/** A scale with the managedFields that it has while it is written: nobody gets to read them. */
export type OwnedScale = Stored<Scale> & KubeObject

function ownedScaleOf(spec: ResourceSpec, object: Stored): OwnedScale {
  const scale = scaleOf(object) as OwnedScale
  const owners = scaleOwners(object.metadata.managedFields ?? [], apiVersionOf(spec))
  if (owners !== undefined) scale.metadata.managedFields = owners
  return scale
}

function scaled(spec: ResourceSpec, before: Stored, wanted: Scale & Draft): Draft {
  const next = copyJson(before) as Scalable & Draft
  next.spec = { ...next.spec, replicas: wanted.spec?.replicas ?? 0 }
  const { resourceVersion = '', managedFields = [] } = wanted.metadata
  next.metadata.resourceVersion = resourceVersion
  const owners = workloadOwners(
    before.metadata.managedFields ?? [], managedFields, apiVersionOf(spec))
  if (owners === undefined) delete next.metadata.managedFields
  else next.metadata.managedFields = owners
  return next
}

/** The owners of a scale after an update of it, which `next` then names. */
export function trackScale(
  core: Core, before: OwnedScale, next: Scale & Draft, { schema, manager, reset = false }: {
    readonly schema: MessageType<Scale>; readonly manager: string; readonly reset?: boolean
  },
): void {
  const entries = trackUpdate({
    schema, before, after: next, manager, subresource: 'scale', apiVersion: 'autoscaling/v1',
    now: timeText(core.env.nowMs()), ignored: noFields, reset,
  })
  if (entries === undefined) delete next.metadata.managedFields
  else next.metadata.managedFields = entries
}
