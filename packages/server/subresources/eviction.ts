import type { DeleteOptions, Eviction, MessageType, Pod, Stored } from '@slicewise/kube'
import type { Attempt } from '../behaviour.ts'
import type { Answer, CreateRequest } from '../contract.ts'
import type { Core } from '../core.ts'
import { type Draft, decodeBody } from '../decode.ts'
import { deleteObject } from '../delete.ts'
import { modify } from '../modify.ts'
import { badRequest, conflict, notAllowed } from '../refusals.ts'
import { copyJson } from '../same-json.ts'
import { checkDeleteOptions, checkWriteOptions } from '../write-options.ts'
import { done, setCondition, wholePart } from './binding.ts'

/**
 * `POST pods/{name}/eviction`: says why in a condition, then deletes with grace. Disruption budgets
 * are not consulted, because nothing keeps their status.
 */
export async function evictPod(core: Core, request: CreateRequest): Promise<Answer> {
  const options = checkWriteOptions(request, 'CreateOptions')
  const { caller, namespace, name, spec } = request
  const schema = spec.subresources?.find(one => one.name === 'eviction')?.schema
  if (schema === undefined) throw notAllowed()
  const { validation } = options
  const eviction = decodeBody(schema as MessageType<Eviction>, request.body, {
    kind: evictionKind(request.body.value), caller, validation,
  })
  if (eviction.metadata.name !== name) {
    throw badRequest('name in URL does not match name in Eviction object')
  }
  const deleteOptions: DeleteOptions = eviction.deleteOptions ?? {}
  const dryRun = options.dryRun || checkDeleteOptions(deleteOptions).dryRun
  if (dryRun) deleteOptions.dryRun = ['All']
  const attempt: Attempt = { core, caller, spec, namespace, subresource: 'eviction', dryRun }
  const answer = await modify({
    attempt, name, part: wholePart, mayCreate: false,
    make: before => disrupted(core, before as Stored<Pod>, deleteOptions),
  })
  const asked = deleteOptions.preconditions
  if (asked?.resourceVersion !== undefined && !dryRun) {
    asked.resourceVersion = String(answer.object?.revision ?? 0)
  }
  await deleteObject(core, { caller, spec, namespace, name, options: deleteOptions })
  return done()
}

/** Old clients still say v1beta1. */
function evictionKind(body: unknown): { group: string; version: string; kind: string } {
  const { apiVersion } = (body ?? {}) as { apiVersion?: unknown }
  const version = apiVersion === 'policy/v1beta1' ? 'v1beta1' : 'v1'
  return { group: 'policy', version, kind: 'Eviction' }
}

function disrupted(core: Core, before: Stored<Pod>, { preconditions }: DeleteOptions): Draft {
  const { name, uid, resourceVersion } = before.metadata
  const ref = { group: '', resource: 'Pod' }
  if (preconditions?.uid && preconditions.uid !== uid) {
    throw conflict(ref, name, `the UID in the precondition (${preconditions.uid}) does not match `
      + `the UID in record (${uid}). The object might have been deleted and then recreated`)
  }
  if (preconditions?.resourceVersion && preconditions.resourceVersion !== resourceVersion) {
    throw conflict(ref, name, `the ResourceVersion in the precondition `
      + `(${preconditions.resourceVersion}) does not match the ResourceVersion in record `
      + `(${resourceVersion}). The object might have been modified`)
  }
  const pod = copyJson(before) as Pod & Draft
  setCondition(pod, {
    type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  }, core.env.nowMs())
  return pod
}
