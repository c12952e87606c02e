import type { Env } from '@slicewise/base'
import type { KubeObject, ObjectMeta, ResourceSpec } from '@slicewise/kube'
import { limits } from './limits.ts'
import { badRequest, conflict } from './refusals.ts'
import { timeText } from './times.ts'

/** Where a request puts an object. */
export interface Place {
  readonly spec: ResourceSpec
  readonly namespace: string
  /** '' when the object itself names it. */
  readonly name: string
}

type Named = KubeObject & { metadata: ObjectMeta }

/** Letters that make no words (k8s.io/apimachinery/pkg/util/rand). */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

export function randomSuffix(env: Env, length = 5): string {
  let text = ''
  for (let n = 0; n < length; n++) text += alphabet[Math.floor(env.random() * alphabet.length)]
  return text
}

export function generatedName(env: Env, prefix: string): string {
  return prefix.slice(0, limits.generateNamePrefixMax) + randomSuffix(env)
}

/** Throws `BadRequest` when kind or version are given and are not what is expected. */
export function checkKind(
  body: unknown, ref: { group: string; version: string; kind: string },
): void {
  if (typeof body !== 'object' || body === null) return
  const { kind, apiVersion } = body as { kind?: unknown; apiVersion?: unknown }
  const expected = ref.group === '' ? ref.version : `${ref.group}/${ref.version}`
  if (typeof kind === 'string' && kind !== '' && kind !== ref.kind) {
    const version = JSON.stringify(apiVersion ?? '')
    throw badRequest(`${kind} in version ${version} cannot be handled as a ${ref.kind}`)
  }
  if (typeof apiVersion === 'string' && apiVersion !== '' && apiVersion !== expected) {
    throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API `
      + `version (${expected})`)
  }
}

/** Takes the namespace from the path; throws `BadRequest` when the object names another. */
export function setNamespace(object: Named, { spec, namespace }: Place): void {
  const { metadata } = object
  if (!spec.namespaced) return
  if (metadata.namespace === undefined || metadata.namespace === '') metadata.namespace = namespace
  if (metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on '
      + 'the request')
  }
}

export function startMetadata(env: Env, { metadata }: Named): void {
  metadata.uid = env.uid()
  metadata.creationTimestamp = timeText(env.nowMs())
  wipeMetadata({ metadata })
}

/** Removes what a client may not set on a new object. */
export function wipeMetadata({ metadata }: Named): void {
  delete metadata.deletionTimestamp
  delete metadata.deletionGracePeriodSeconds
  delete metadata.selfLink
  delete metadata.resourceVersion
}

/** Throws for names that are not the path's, and for another uid than the stored object's. */
export function checkUpdateIdentity(object: Named, place: Place, before: ObjectMeta | undefined):
void {
  const { name = '', uid = '' } = object.metadata
  if (name === '') throw badRequest('name must be provided')
  if (name !== place.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL `
      + `(${place.name})`)
  }
  setNamespace(object, place)
  if (uid === '' || before === undefined) return
  if (uid !== before.uid) {
    throw conflict(place.spec, place.name, `Precondition failed: UID in precondition: ${uid}, `
      + `UID in object meta: ${before.uid}`)
  }
}

/** Restores what an update can never change, before the kind's own rules run. */
export function carryMetadata(next: ObjectMeta, before: ObjectMeta): void {
  if (!next.uid) next.uid = before.uid as string
  next.creationTimestamp = before.creationTimestamp ?? null
  if (before.generation === undefined) delete next.generation
  else next.generation = before.generation
  if (before.deletionTimestamp != null) next.deletionTimestamp = before.deletionTimestamp
  else if (next.deletionTimestamp == null) delete next.deletionTimestamp
  if (before.deletionGracePeriodSeconds !== undefined) {
    next.deletionGracePeriodSeconds ??= before.deletionGracePeriodSeconds
  }
  delete next.selfLink
  dedupeOwners(next)
}

function dedupeOwners(meta: ObjectMeta): void {
  const owners = meta.ownerReferences
  if (owners === undefined || owners.length < 2) return
  const seen = new Set<string>()
  meta.ownerReferences = owners.filter(owner => {
    const text = JSON.stringify([owner.uid, owner.kind, owner.name, owner.apiVersion,
      owner.controller ?? null, owner.blockOwnerDeletion ?? null])
    return !seen.has(text) && seen.add(text)
  })
}
