import { sameJson } from '@slicewise/base'
import type { DeleteOptions, ObjectMeta, Status, Stored } from '@slicewise/kube'
import type { Attempt, Behaviour } from './behaviour.ts'
import { behaviourOf } from './behaviours.ts'
import { type Cached, looseObject } from './cached.ts'
import { Lost, commit, keyOf, revisionOf } from './commit.ts'
import type { Answer, DeleteRequest } from './contract.ts'
import { type Core, placeOf, storedRow } from './core.ts'
import type { Draft } from './decode.ts'
import { limits } from './limits.ts'
import { bumpGeneration } from './modify.ts'
import { conflict, modified, notFound } from './refusals.ts'
import { copyJson } from './copy-json.ts'
import { timeMs, timeText } from './times.ts'
import { type Propagation, checkDeleteOptions } from './write-options.ts'

/** What has to be done to an object that is to be deleted. */
type Step =
  /** Nothing: its deletion is under way. */
  | { readonly do: 'wait' }
  /** Write `next`; it stays, or goes right after. */
  | { readonly do: 'mark'; readonly next: Draft; readonly stays: boolean }
  | { readonly do: 'remove' }

/** DELETE of one object: at once, or by and by when finalizers or a grace period hold it. */
export async function deleteObject(core: Core, request: DeleteRequest): Promise<Answer> {
  const { spec, namespace, name, options, caller } = request
  const { dryRun, propagation } = checkDeleteOptions(options)
  const attempt: Attempt = { core, caller, spec, namespace, subresource: undefined, dryRun }
  const behaviour = behaviourOf(storedRow(core, spec))
  const { collection, view } = placeOf(core, spec)
  let marked: Cached | undefined
  for (let n = 1; n <= limits.updateAttempts; n++) {
    await core.cache.latest()
    const before = marked ?? collection.get(collection.keyOf(namespace, name))
    if (before === undefined) throw notFound(spec, name)
    const old = before.object()
    behaviour.admitDelete?.(attempt, old)
    if (marked === undefined) checkPreconditions(request, old.metadata)
    const step: Step = marked === undefined
      ? deletionStep(attempt, behaviour, old, { options, propagation }) : { do: 'remove' }
    try {
      if (step.do === 'wait') return { code: 200, object: view.show(before) }
      if (step.do === 'mark') {
        const object = await mark(attempt, before, step.next)
        if (step.stays) return { code: stayingCode(options), object: view.show(object) }
        marked = object
        if (dryRun) return deleted(attempt, object)
        continue
      }
      return deleted(attempt, await remove(attempt, behaviour, before, old))
    } catch (error) {
      if (!(error instanceof Lost)) throw error
      marked = undefined
    }
  }
  throw modified(spec, name)
}

const stayingCode = (options: DeleteOptions): number =>
  options.orphanDependents === false ? 202 : 200

function checkPreconditions(
  { spec, options, name }: DeleteRequest, meta: Stored['metadata'],
): void {
  const { uid, resourceVersion } = options.preconditions ?? {}
  const ref = { group: spec.group, resource: spec.kind }
  if (uid !== undefined && uid !== meta.uid) {
    throw conflict(ref, name, `the UID in the precondition (${uid}) does not match the UID in `
      + `record (${meta.uid}). The object might have been deleted and then recreated`)
  }
  if (resourceVersion !== undefined && resourceVersion !== meta.resourceVersion) {
    throw conflict(ref, name, `the ResourceVersion in the precondition (${resourceVersion}) does `
      + `not match the ResourceVersion in record (${meta.resourceVersion}). The object might have `
      + 'been modified')
  }
}

interface Asked {
  readonly options: DeleteOptions
  readonly propagation: Propagation | undefined
}

function deletionStep(
  { core, spec }: Attempt, behaviour: Behaviour, before: Stored, { options, propagation }: Asked,
): Step {
  const grace = graceOf(behaviour, before, options)
  if (grace === 'pending') return { do: 'wait' }
  const next = copyJson(before) as Draft
  const { metadata } = next
  const nowMs = core.env.nowMs()
  if (typeof grace === 'object') setGrace(next, before.metadata, grace.seconds, nowMs)
  const finalizers = deletionFinalizers(spec.resource, metadata.finalizers ?? [], propagation)
  if (finalizers.length > 0) metadata.finalizers = finalizers
  else delete metadata.finalizers
  if (grace === 'none' && behaviour.startDelete !== undefined) {
    if (metadata.deletionTimestamp != null) {
      const held = finalizers.length > 0 || behaviour.mayVanish?.(before) === false
      return held ? { do: 'wait' } : { do: 'remove' }
    }
    metadata.deletionTimestamp = timeText(nowMs)
    behaviour.startDelete(next)
    return { do: 'mark', next, stays: true }
  }
  if (grace === 'none' && finalizers.length === 0) return { do: 'remove' }
  if (grace === 'none') setDeleting(next, nowMs)
  const stays = finalizers.length > 0 || (typeof grace === 'object' && grace.seconds > 0)
  return { do: 'mark', next, stays }
}

/** `none`: without a grace period; `pending`: one is running and is not shortened. */
function graceOf(
  behaviour: Behaviour, before: Stored, options: DeleteOptions,
): 'none' | 'pending' | { readonly seconds: number } {
  if (behaviour.graceSeconds === undefined) return 'none'
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = before.metadata
  const asked = options.gracePeriodSeconds
  if (deletionTimestamp == null) return { seconds: behaviour.graceSeconds(before, options) }
  if (deletionGracePeriodSeconds === 0) return 'none'
  if (asked === undefined) return 'pending'
  const seconds = asked < 0 ? 1 : asked
  return seconds >= deletionGracePeriodSeconds ? 'pending' : { seconds }
}

/** Starts or shortens the grace period; the end never moves into the past. */
function setGrace(next: Draft, before: ObjectMeta, seconds: number, nowMs: number): void {
  const { metadata } = next
  if (before.deletionTimestamp == null) {
    metadata.deletionTimestamp = timeText(nowMs + seconds * 1000)
    metadata.deletionGracePeriodSeconds = seconds
    if ((metadata.generation ?? 0) > 0) bumpGeneration(next)
    return
  }
  const started = timeMs(before.deletionTimestamp) - (before.deletionGracePeriodSeconds ?? 0) * 1000
  const end = started + seconds * 1000
  metadata.deletionTimestamp = timeText(Math.max(end, nowMs))
  metadata.deletionGracePeriodSeconds = end < nowMs && seconds !== 0 ? 1 : seconds
}

/** The mark of an object that waits for its finalizers. */
function setDeleting(next: Draft, nowMs: number): void {
  const { metadata } = next
  if (metadata.deletionTimestamp == null && (metadata.generation ?? 0) > 0) bumpGeneration(next)
  if (metadata.deletionTimestamp == null || timeMs(metadata.deletionTimestamp) > nowMs) {
    metadata.deletionTimestamp = timeText(nowMs)
  }
  metadata.deletionGracePeriodSeconds = 0
}

/** Finalizers with the garbage collector's two set as the policy asks. */
export function deletionFinalizers(
  resource: string, present: readonly string[], propagation: Propagation | undefined,
): string[] {
  if (resource === 'events') return [...present]
  const standing: Propagation | undefined = present.includes('orphan') ? 'Orphan'
    : present.includes('foregroundDeletion') ? 'Foreground' : undefined
  const byDefault = resource === 'replicationcontrollers' ? 'Orphan' : 'Background'
  const policy = propagation ?? standing ?? byDefault
  const kept = present.filter(one => one !== 'orphan' && one !== 'foregroundDeletion')
  if (policy === 'Orphan') kept.push('orphan')
  if (policy === 'Foreground') kept.push('foregroundDeletion')
  return sameSet(kept, present) ? [...present] : kept
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every(one => b.includes(one))

async function mark({ core, spec, dryRun }: Attempt, before: Cached, next: Draft): Promise<Cached> {
  if (sameJson(next, before.object())) return before
  if (dryRun) return looseObject(next, before.revision, core.cache.of(spec).collection.context)
  const row = storedRow(core, spec)
  const { objects } = await commit(core, [{ do: 'put', spec: row, object: next, before }])
  return objects[0] ?? before
}

async function remove(
  attempt: Attempt, behaviour: Behaviour, before: Cached, old: Stored,
): Promise<Cached> {
  if (attempt.dryRun) return before
  const release = behaviour.release?.(attempt, old) ?? []
  const writes = [{ do: 'remove', spec: attempt.spec, object: before } as const, ...release]
  const { changes } = await commit(attempt.core, writes)
  const key = keyOf(attempt.core, attempt.spec, before.namespace, before.name)
  return before.at(revisionOf(changes, key))
}

/** Some kinds answer with what was deleted, the others with a Status. */
function deleted({ core, spec }: Attempt, object: Cached): Answer {
  if (spec.deleteReturnsObject === true) {
    return { code: 200, object: placeOf(core, spec).view.show(object) }
  }
  const { name, uid } = object
  const group = spec.group === '' ? {} : { group: spec.group }
  const status: Status = {
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success',
    details: { name, ...group, kind: spec.resource, uid },
  }
  return { code: 200, plain: status as Answer['plain'] & object }
}
