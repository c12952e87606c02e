import { type Cause, StatusError, invalid, validateObjectMeta } from '@slicewise/kube'
import type { Attempt, Behaviour } from './behaviour.ts'
import { behaviourOf } from './behaviours.ts'
import { type Cached, looseObject } from './cached.ts'
import { type Write, Lost, commit, keyOf } from './commit.ts'
import type { Answer, CreateRequest } from './contract.ts'
import { type Core, storedRow, viewOf } from './core.ts'
import { type Draft, decodeBody } from './decode.ts'
import { limits } from './limits.ts'
import { trackWrite } from './managed.ts'
import { generatedName, setNamespace, startMetadata, wipeMetadata } from './metadata.ts'
import { namespaceGuard } from './namespaces.ts'
import { alreadyExists, badRequest } from './refusals.ts'
import { copyJson } from './copy-json.ts'
import { causesOf } from './validation.ts'
import { checkWriteOptions } from './write-options.ts'

/** POST on a collection. */
export async function createObject(core: Core, request: CreateRequest): Promise<Answer> {
  const options = checkWriteOptions(request, 'CreateOptions')
  const { spec, caller, namespace } = request
  const { validation } = options
  const draft = decodeBody(spec.schema, request.body, { kind: spec, caller, validation })
  if (draft.metadata.resourceVersion) {
    throw badRequest('resourceVersion should not be set on objects to be created')
  }
  const attempt: Attempt = {
    core, caller, spec, namespace, subresource: undefined, dryRun: options.dryRun,
  }
  setNamespace(draft, { spec, namespace, name: '' })
  wipeMetadata(draft)
  spec.defaults?.(draft)
  const { manager } = options
  trackWrite(core, { spec, before: undefined, next: draft, manager, subresource: undefined })
  return { code: 201, object: viewOf(spec).show(await insert(attempt, draft)) }
}

/**
 * The second half of every create, also by PUT and by apply: admission, the kind's rules,
 * allocation, commit. `draft` has its defaults and its managed fields.
 */
export async function insert(attempt: Attempt, draft: Draft): Promise<Cached> {
  const { generateName = '' } = draft.metadata
  const generates = !draft.metadata.name && generateName !== ''
  const tries = generates ? limits.generateNameAttempts : 1
  for (let n = 1; ; n++) {
    const next = generates && n < tries ? copyJson(draft) : draft
    if (generates) next.metadata.name = generatedName(attempt.core.env, generateName)
    try {
      return await insertNamed(attempt, next)
    } catch (error) {
      const taken = error instanceof StatusError && error.reason === 'AlreadyExists'
      if (!taken || n >= tries) throw error
    }
  }
}

async function insertNamed(attempt: Attempt, draft: Draft): Promise<Cached> {
  const { core, spec } = attempt
  const behaviour = behaviourOf(storedRow(core, spec))
  const name = draft.metadata.name ?? ''
  let ready: Ready | undefined
  for (let n = 1; ; n++) {
    await core.cache.latest()
    const guard = namespaceGuard(attempt, name)
    if (n === 1) admit(attempt, behaviour, draft)
    // What was taken may be gone by the next attempt; without that, once is enough.
    if (ready === undefined || behaviour.reserve !== undefined) {
      ready = prepare(attempt, behaviour, draft)
    }
    if (existing(attempt, draft) !== undefined) throw alreadyExists(spec, name)
    if (attempt.dryRun) return dryCreated(attempt, ready.next)
    try {
      const put: Write = { do: 'put', spec, object: ready.next, before: undefined }
      const { objects } = await commit(core, [put, ...guard, ...ready.writes])
      return objects[0] as Cached
    } catch (error) {
      if (!(error instanceof Lost) || n >= limits.allocateAttempts) throw error
      if (error.key === keyOf(core, spec, attempt.namespace, name)) throw alreadyExists(spec, name)
    }
  }
}

/** A new object that has passed every rule, and what is written with it. */
interface Ready {
  readonly next: Draft
  readonly writes: readonly Write[]
}

function admit(attempt: Attempt, behaviour: Behaviour, draft: Draft): void {
  startMetadata(attempt.core.env, draft)
  behaviour.admitCreate?.(attempt, draft)
}

function prepare(attempt: Attempt, behaviour: Behaviour, draft: Draft): Ready {
  const { core, spec, caller } = attempt
  const next = behaviour.reserve === undefined ? draft : copyJson(draft)
  const reserved = behaviour.reserve?.(attempt, next, undefined)
  if (spec.generationChanged !== undefined) next.metadata.generation = 1
  spec.prepareCreate?.(next, core.facts)
  const causes = causesOf(() => [
    ...validateObjectMeta(next.metadata, spec),
    ...(spec.validate?.(next, core.facts) ?? []),
  ])
  if (causes.length > 0) throw invalidObject(attempt, next.metadata.name ?? '', causes)
  for (const text of spec.warnings?.(next, undefined) ?? []) caller.warn(text)
  reserved?.complete?.(next)
  const more = companionWrites(attempt, behaviour, next)
  return { next, writes: [...(reserved?.writes ?? []), ...more] }
}

function existing({ core, spec }: Attempt, { metadata }: Draft): Cached | undefined {
  const { collection } = core.cache.of(spec)
  return collection.get(collection.keyOf(metadata.namespace ?? '', metadata.name ?? ''))
}

/** A view is refused in the name of what it is stored as. */
export function invalidObject(
  { core, spec }: Attempt, name: string, causes: readonly Cause[],
): StatusError {
  return invalid(spec.kind, storedRow(core, spec).group, name, causes)
}

function companionWrites(attempt: Attempt, behaviour: Behaviour, object: Draft): Write[] {
  const companions = behaviour.companions?.(attempt, object) ?? []
  return companions.map(one => ({ do: 'put', ...one, before: undefined }))
}

function dryCreated({ core, spec }: Attempt, draft: Draft): Cached {
  return looseObject(draft, 0, core.cache.of(spec).collection.context)
}
