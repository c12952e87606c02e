import { sameJson } from '@slicewise/base'
import {
  type Cause, type ObjectMeta, type ResourceSpec, type SpecPart, type Stored, cause, invalid,
  validateObjectMetaUpdate,
} from '@slicewise/kube'
import type { Attempt, Behaviour } from './behaviour.ts'
import { behaviourOf } from './behaviours.ts'
import { type Cached, looseObject } from './cached.ts'
import { type Write, Lost, commit } from './commit.ts'
import type { Answer, CachedObject } from './contract.ts'
import { placeOf, storedRow } from './core.ts'
import { insert, invalidObject } from './create.ts'
import type { Draft } from './decode.ts'
import { limits } from './limits.ts'
import { keepManagedTimes } from './managed.ts'
import { carryMetadata } from './metadata.ts'
import { modified, notFound } from './refusals.ts'
import { copyJson } from './copy-json.ts'
import { causesOf } from './validation.ts'

/** Which part of an object a write may touch. */
export interface Part {
  /** Puts back everything that the write may not change, and applies the kind's own rules. */
  prepare(attempt: Attempt, next: Draft, before: Stored): void
  validate(attempt: Attempt, next: Draft, before: Stored): Cause[]
}

export interface Modification {
  readonly attempt: Attempt
  readonly name: string
  readonly part: Part
  /** A missing object is created from `make(undefined)`. */
  readonly mayCreate: boolean
  /** A new object each time: it is called again when another write came first. */
  make(before: Stored | undefined): Draft
}

/**
 * The way of every write to an existing object: read the newest, make the next state from it,
 * commit on condition that nobody wrote meanwhile, else start over.
 */
export async function modify(change: Modification): Promise<Answer> {
  const { attempt, name } = change
  const { core, spec, namespace } = attempt
  for (let n = 1; ; n++) {
    await core.cache.latest()
    const { collection, view } = placeOf(core, spec)
    const before = collection.get(collection.keyOf(namespace, name))
    if (before === undefined) {
      if (!change.mayCreate) throw notFound(spec, name)
      const draft = change.make(undefined)
      delete draft.metadata.resourceVersion
      return { code: 201, object: view.show(await insert(attempt, draft)) }
    }
    const old = view.show(before).object()
    const next = change.make(old)
    checkRevision(change, next, before)
    const reserved = settle(change, next, old)
    try {
      const object = await write(change, next, before, old, reserved)
      return { code: 200, object: view.show(object) }
    } catch (error) {
      if (!(error instanceof Lost)) throw error
      if (n >= limits.updateAttempts) throw modified(spec, name)
    }
  }
}

/** A given revision must be the stored one; some kinds insist on one. */
function checkRevision({ attempt, name }: Modification, next: Draft, before: Cached): void {
  const { spec } = attempt
  const revision = next.metadata.resourceVersion ?? ''
  if (revision === '' || revision === '0') {
    if (spec.conditionalUpdateOnly !== true) return
    // The reference names the resource where the kind should stand.
    throw invalid(spec.resource, spec.group, name, [
      cause.invalid('metadata.resourceVersion', 0, 'must be specified for an update'),
    ])
  }
  if (revision !== String(before.revision)) throw modified(spec, name)
}

/** Lets every rule see the next state; gives what must be written with it. */
function settle(
  { attempt, part, name }: Modification, next: Draft, before: Stored,
): readonly Write[] {
  const { core, spec, caller } = attempt
  const behaviour = behaviourOf(storedRow(core, spec))
  behaviour.admitUpdate?.(attempt, next, before)
  carryMetadata(next.metadata, before.metadata)
  const reserved = part === mainPart ? behaviour.reserve?.(attempt, next, before) : undefined
  part.prepare(attempt, next, before)
  next.metadata.resourceVersion = before.metadata.resourceVersion
  const causes = causesOf(() => [
    ...(metadataChanged(next.metadata, before.metadata)
      ? validateObjectMetaUpdate(next.metadata, before.metadata, spec) : []),
    ...part.validate(attempt, next, before),
  ])
  if (causes.length > 0) throw invalidObject(attempt, name, causes)
  if (part === mainPart) {
    for (const text of spec.warnings?.(next, before) ?? []) caller.warn(text)
  }
  delete next.kind
  delete next.apiVersion
  reserved?.complete?.(next)
  keepManagedTimes(next, before)
  return reserved?.writes ?? []
}

/** What was valid when it was written need not be looked at again; managedFields are our own. */
function metadataChanged(next: ObjectMeta, before: ObjectMeta): boolean {
  const own = { managedFields: undefined, resourceVersion: undefined }
  return !sameJson({ ...next, ...own }, { ...before, ...own })
}

async function write(
  { attempt, part }: Modification, next: Draft, before: Cached, old: Stored,
  reserved: readonly Write[],
): Promise<CachedObject> {
  const { core, spec } = attempt
  const behaviour = behaviourOf(storedRow(core, spec))
  if (vanishes(behaviour, next, old)) {
    const { context } = core.cache.of(spec).collection
    const object = looseObject(copyJson(next), before.revision, context)
    if (!attempt.dryRun) {
      await commit(core, [
        { do: 'remove', spec, object: before }, ...(behaviour.release?.(attempt, old) ?? []),
      ])
    }
    return object
  }
  if (sameJson(next, old)) return before
  if (attempt.dryRun) {
    return looseObject(next, before.revision, core.cache.of(spec).collection.context)
  }
  const put: Write = spec.view === undefined ? { do: 'put', spec, object: next, before }
    : { do: 'put', spec: storedRow(core, spec), object: unviewed(spec, part, next, before), before }
  const { objects } = await commit(core, [put, ...reserved])
  return objects[0] ?? before
}

/** Through another version the half that a write leaves alone stays as it is stored. */
function unviewed(spec: ResourceSpec, part: Part, next: Draft, before: Cached): Draft {
  const object = spec.view?.toStored(next) as Draft
  if (!hasStatus(spec)) return object
  carry(part === statusPart ? 'spec' : 'status', object, before.object(), same)
  return object
}

/** The last finalizer of a deleted object is gone. */
function vanishes(behaviour: Behaviour, next: Draft, { metadata }: Stored): boolean {
  if ((next.metadata.finalizers?.length ?? 0) > 0 || metadata.deletionTimestamp == null) {
    return false
  }
  if ((metadata.deletionGracePeriodSeconds ?? 0) > 0) return false
  return behaviour.mayVanish?.(next) ?? true
}

/** The object itself: everything but its status. */
export const mainPart: Part = {
  prepare({ core, spec }, next, before) {
    if (hasStatus(spec)) carry('status', next, before)
    spec.prepareUpdate?.(next, before, core.facts)
    if (spec.generationChanged?.(next, before) === true) bumpGeneration(next)
  },
  validate({ core, spec }, next, before) {
    const validate = spec.validateUpdate ?? spec.validate
    return validate?.call(spec, next, before as never, core.facts) ?? []
  },
}

/** The status and, as far as the kind allows, metadata. */
export const statusPart: Part = {
  prepare({ spec }, next, before) {
    // By reference: nothing changes them any more.
    carryAllBut(['metadata', 'status'], next, before, same)
    spec.prepareStatusUpdate?.(next, before)
  },
  validate({ spec }, next, before) {
    return spec.validateStatusUpdate?.(next, before) ?? []
  },
}

/** A part of the spec that is written by itself; labels and the like stay, as with the status. */
export function specPart({ keep, validateUpdate }: SpecPart): Part {
  return {
    prepare({ spec }, next, before) {
      carryAllBut(['metadata', 'spec'], next, before, same)
      keepMetadata(next, before)
      keep(next, before)
      if (spec.generationChanged?.(next, before) === true) bumpGeneration(next)
    },
    validate: (_attempt, next, before) => validateUpdate(next, before),
  }
}

function keepMetadata({ metadata: next }: Draft, { metadata: before }: Stored): void {
  for (const name of ['labels', 'annotations', 'ownerReferences', 'finalizers'] as const) {
    carry(name, next, before)
  }
}

export function hasStatus(spec: Attempt['spec']): boolean {
  return spec.subresources?.some(({ name }) => name === 'status') === true
}

export function bumpGeneration(next: Draft): void {
  next.metadata.generation = (next.metadata.generation ?? 0) + 1
}

/** Puts every other top-level member back as it was. */
export function carryAllBut(
  kept: readonly string[], next: object, before: object, copy?: (value: unknown) => unknown,
): void {
  for (const name of new Set([...Object.keys(next), ...Object.keys(before)])) {
    if (!kept.includes(name)) carry(name, next, before, copy)
  }
}

/** A copy that is none: for what nobody changes any more. */
export const same = (value: unknown): unknown => value

/** Puts a top-level member back as it was. */
export function carry(
  name: string, next: object, before: object, copy: (value: unknown) => unknown = copyJson,
): void {
  const target = next as Record<string, unknown>
  const value = (before as Record<string, unknown>)[name]
  if (value === undefined) delete target[name]
  else target[name] = copy(value)
}
