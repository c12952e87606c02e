import {
  type DeleteOptions, type Eviction, type MessageType, type Pod, type Status, type Stored,
  StatusError,
} from '@slicewise/kube'
import type { Attempt } from '../behaviour.ts'
import type { Answer, CreateRequest } from '../contract.ts'
import type { Core } from '../core.ts'
import { type Draft, decodeBody } from '../decode.ts'
import { deleteObject } from '../delete.ts'
import { limits } from '../limits.ts'
import { modify } from '../modify.ts'
import { badRequest, conflict, notAllowed, notFound } from '../refusals.ts'
import { copyJson } from '../copy-json.ts'
import { checkDeleteOptions, checkWriteOptions } from '../write-options.ts'
import { done, setCondition, wholePart } from './binding.ts'
import { type Ruling, SeveralBudgets, askBudgets, stillProcessed } from './disruption-budget.ts'

/**
 * `POST pods/{name}/eviction`: asks the disruption budgets, says why in a condition, then deletes
 * with grace.
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
  const asked = deleteOptions.preconditions?.resourceVersion
  for (let n = 1; ; n++) {
    const pod = await newest(core, request)
    let ruling: Ruling
    try {
      ruling = await askBudgets(attempt, pod)
    } catch (error) {
      if (error instanceof SeveralBudgets) return unsupported(error)
      throw error
    }
    try {
      const seen = ruling.asSeen && asked === undefined ? pod : undefined
      await evict(attempt, name, optionsFor(deleteOptions, seen))
      return done()
    } catch (error) {
      const changed = error instanceof StatusError && error.reason === 'Conflict'
      if (!changed || !ruling.asSeen || asked !== undefined) throw error
      if (ruling.budget !== undefined) throw stillProcessed(ruling.budget)
      if (n === limits.evictionAttempts) throw error
    }
  }
}

async function newest(core: Core, { spec, namespace, name }: CreateRequest): Promise<Stored<Pod>> {
  await core.cache.latest()
  const { collection } = core.cache.of(spec)
  const found = collection.get(collection.keyOf(namespace, name))
  if (found === undefined) throw notFound(spec, name)
  return found.object() as Stored<Pod>
}

/** A copy, with the Pod's revision as a precondition when it has to be as it was seen. */
function optionsFor(options: DeleteOptions, seen: Stored<Pod> | undefined): DeleteOptions {
  const copy = copyJson(options) as DeleteOptions
  if (seen === undefined) return copy
  const { resourceVersion } = seen.metadata
  return { ...copy, preconditions: { ...copy.preconditions, resourceVersion } }
}

async function evict(attempt: Attempt, name: string, options: DeleteOptions): Promise<void> {
  const { core, caller, spec, namespace, dryRun } = attempt
  if (!dryRun) {
    const answer = await modify({
      attempt, name, part: wholePart, mayCreate: false,
      make: before => disrupted(core, before as Stored<Pod>, options),
    })
    const asked = options.preconditions
    if (asked?.resourceVersion !== undefined) {
      asked.resourceVersion = String(answer.object?.revision ?? 0)
    }
  }
  await deleteObject(core, { caller, spec, namespace, name, options })
}

/** The reference answers with a Status that has no reason. */
function unsupported({ message }: SeveralBudgets): Answer {
  const status: Status = {
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 500,
  }
  return { code: 500, plain: status as Answer['plain'] & object }
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
