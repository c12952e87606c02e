import { type Cause, StatusError, invalid, validateObjectMeta } from '@slicewise/kube'
import type { Attempt, Behaviour } from './behaviour.ts'
import { behaviourOf } from './behaviours.ts'
import { type Cached, looseObject } from './cached.ts'
import { type Write, Lost, commit, keyOf } from './commit.ts'
import type { Answer, CreateRequest } from './contract.ts'
import { type Core, storedRow } from './core.ts'
import { type Draft, decodeBody } from './decode.ts'
import { limits } from './limits.ts'
import { startManagedFields } from './managed.ts'
import { checkKind, generatedName, setNamespace, startMetadata } from './metadata.ts'
import { namespaceGuard } from './namespaces.ts'
import { alreadyExists, badRequest } from './refusals.ts'
import { copyJson } from './same-json.ts'
import { checkWriteOptions } from './write-options.ts'

/** POST on a collection. */
export async function createObject(core: Core, request: CreateRequest): Promise<Answer> {
  const options = checkWriteOptions(request, 'CreateOptions')
  const { spec, caller, namespace } = request
  const { validation } = options
  const draft = decodeBody(spec.schema, request.body, { caller, validation })
  checkKind(draft, spec)
  if (draft.metadata.resourceVersion) {
    throw badRequest('resourceVersion should not be set on objects to be created')
  }
  const attempt: Attempt = {
    core, caller, spec, namespace, subresource: undefined, dryRun: options.dryRun,
  }
  setNamespace(draft, { spec, namespace, name: '' })
  spec.defaults?.(draft)
  startManagedFields(core, { spec, next: draft, manager: options.manager })
  return { code: 201, object: await insert(attempt, draft) }
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
  let prepared = false
  for (let n = 1; ; n++) {
    await core.cache.latest()
    const key = keyOf(core, spec, attempt.namespace, draft.metadata.name ?? '')
    const guard = namespaceGuard(attempt, draft.metadata.name ?? '')
    if (!prepared) prepare(attempt, behaviour, draft)
    prepared = true
    const present = existing(attempt, draft)
    if (present !== undefined) throw alreadyExists(spec, draft.metadata.name ?? '')
    const next = behaviour.reserve === undefined ? draft : copyJson(draft)
    const writes = [
      ...guard,
      { do: 'put', spec, object: next, before: undefined } satisfies Write,
      ...(behaviour.reserve?.(attempt, next, undefined) ?? []),
      ...companionWrites(attempt, behaviour, next),
    ]
    if (attempt.dryRun) return dryCreated(attempt, next)
    try {
      const { objects } = await commit(core, writes)
      return objects[0] as Cached
    } catch (error) {
      if (!(error instanceof Lost) || n >= limits.allocateAttempts) throw error
      if (error.key === key) throw alreadyExists(spec, draft.metadata.name ?? '')
    }
  }
}

function existing({ core, spec }: Attempt, { metadata }: Draft): Cached | undefined {
  const { collection } = core.cache.of(spec)
  return collection.get(collection.keyOf(metadata.namespace ?? '', metadata.name ?? ''))
}

/** Everything from admission to validation; only once, also when the commit is tried again. */
function prepare(attempt: Attempt, behaviour: Behaviour, draft: Draft): void {
  const { core, spec, caller } = attempt
  startMetadata(core.env, draft)
  behaviour.admitCreate?.(attempt, draft)
  if (spec.generationChanged !== undefined) draft.metadata.generation = 1
  spec.prepareCreate?.(draft, core.facts)
  const causes: Cause[] = [
    ...validateObjectMeta(draft.metadata, spec),
    ...(spec.validate?.(draft, core.facts) ?? []),
  ]
  if (causes.length > 0) throw invalid(spec.kind, spec.group, draft.metadata.name ?? '', causes)
  for (const text of spec.warnings?.(draft, undefined) ?? []) caller.warn(text)
}

function companionWrites(attempt: Attempt, behaviour: Behaviour, object: Draft): Write[] {
  const companions = behaviour.companions?.(attempt, object) ?? []
  return companions.map(one => ({ do: 'put', ...one, before: undefined }))
}

function dryCreated({ core, spec }: Attempt, draft: Draft): Cached {
  return looseObject(draft, 0, core.cache.of(spec).collection.context)
}
