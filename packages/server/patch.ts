import {
  type KubeObject, type MessageType, type Scale, StatusError, type Stored, applyJsonPatch, cause,
  decodePatched, mergePatch, readJsonPatch, strategicMergePatch,
} from '@slicewise/kube'
import type { Attempt } from './behaviour.ts'
import type { Answer, PatchRequest } from './contract.ts'
import type { Core } from './core.ts'
import type { Draft } from './decode.ts'
import { applyObject, applyScale } from './apply.ts'
import { apiVersionOf, forgetsOwners, trackWrite } from './managed.ts'
import { setNamespace } from './metadata.ts'
import { type Part, carryAllBut, modify, same } from './modify.ts'
import { badRequest, notFound } from './refusals.ts'
import { copyJson } from './copy-json.ts'
import { scaleSchema, trackScale, writeScale } from './subresources/scale.ts'
import { type WriteOptions, checkWriteOptions } from './write-options.ts'

/** PATCH on an object, or on a subresource that has the object's own form. */
export async function patchObject(core: Core, request: PatchRequest, part: Part): Promise<Answer> {
  const options = checkPatchOptions(request)
  const { spec, caller, namespace, name, subresource } = request
  if (request.type === 'apply') return await applyObject(core, request, options, part)
  const attempt: Attempt = {
    core, caller, spec, namespace, subresource, dryRun: options.dryRun,
  }
  return await modify({
    attempt, name, part, mayCreate: false,
    make(before) {
      if (before === undefined) throw notFound(spec, name)
      const { next, reset } = patched(spec.schema, typed(spec, before), request, options)
      checkSame(next, spec)
      checkName(next, name)
      setNamespace(next, { spec, namespace, name })
      if (subresource === 'status') completeStatus(spec, next, before)
      else spec.defaults?.(next)
      trackWrite(core, { spec, before, next, manager: options.manager, subresource, reset })
      return next
    },
  })
}

/** The status alone is written: what stands beside it is the same, not only equal. */
function completeStatus(spec: PatchRequest['spec'], next: Draft, before: Stored): void {
  if (spec.defaultsStatus !== undefined) spec.defaultsStatus(next)
  else if (spec.defaults !== undefined) {
    carryAllBut(['metadata', 'status'], next, before)
    spec.defaults(next)
  }
  carryAllBut(['metadata', 'status'], next, before, same)
}

/** PATCH on a scale: the patch is made for the scale, not for the workload behind it. */
export async function patchScale(core: Core, request: PatchRequest): Promise<Answer> {
  const options = checkPatchOptions(request)
  if (request.type === 'apply') return await applyScale(core, request, options)
  const schema = scaleSchema(request.spec)
  const { manager } = options
  return await writeScale(core, request, 'PatchOptions', present => {
    const { next, reset } = patched<Scale>(schema, present, request, options)
    checkName(next, request.name)
    trackScale(core, present, next, { schema, manager, reset })
    return next
  })
}

function checkPatchOptions(request: PatchRequest): WriteOptions {
  const { type, force, fieldManager } = request
  const causes = []
  if (type !== 'apply' && force !== undefined) {
    causes.push(cause.forbidden('force', 'may not be specified for non-apply patch'))
  }
  if (type === 'apply' && !fieldManager) {
    causes.push(cause.required('fieldManager', 'is required for apply patch'))
  }
  return checkWriteOptions(request, 'PatchOptions', causes)
}

/** The present object with the patch on it, read again by its schema. */
function patched<T extends KubeObject>(
  schema: MessageType<T>, present: T, request: PatchRequest, { validation }: WriteOptions,
): { readonly next: T & Draft; readonly reset: boolean } {
  const sharesOwners = leavesOwners(request)
  const document = copyJson(touched(present, request, sharesOwners)) as Record<string, unknown>
  // Parts of the patch end up in the object, and a lost race needs the patch again.
  const patch = copyJson(request.body.value)
  const findings = [...(request.body.findings ?? [])]
  let result: Record<string, unknown>
  switch (request.type) {
    case 'json': {
      const read = readJsonPatch(patch)
      findings.push(...read.findings)
      result = applyJsonPatch(document, read)
      break
    }
    case 'strategic':
      result = strategicMergePatch(schema as MessageType<unknown>, document, patch)
      break
    default:
      result = mergePatch(document, patch)
  }
  const reset = forgetsOwners(result)
  const decoded = decodePatched(schema, result, validation, findings)
  for (const finding of decoded.findings) request.caller.warn(finding)
  const next = decoded.value as T & Draft
  next.metadata ??= {}
  const owners = present.metadata?.managedFields
  if (sharesOwners && owners !== undefined) next.metadata.managedFields = owners
  return { next, reset }
}

/**
 * Whether the patch, whatever it does, leaves managedFields alone: they are half of an object, and
 * stay out of the document then.
 */
function leavesOwners({ type, body }: PatchRequest): boolean {
  if (type === 'json' || typeof body.value !== 'object' || body.value === null) return false
  const { metadata = {} } = body.value as { metadata?: unknown }
  if (typeof metadata !== 'object' || metadata === null) return false
  const directed = (name: string): boolean => name.startsWith('$')
  return !('managedFields' in metadata) && !Object.keys(metadata).some(directed)
    && !Object.keys(body.value).some(directed)
}

/**
 * The members a patch can change. A status patch leaves the others as they are, and they are the
 * greater part; a JSON patch may test them.
 */
function touched(
  present: KubeObject, { subresource, type }: PatchRequest, sharesOwners: boolean,
): KubeObject {
  const metadata = sharesOwners
    ? { ...present.metadata, managedFields: undefined } : present.metadata
  if (subresource !== 'status' || type === 'json') return { ...present, metadata } as KubeObject
  const { kind, apiVersion, status } = present as KubeObject & { status?: unknown }
  return { kind, apiVersion, metadata, ...(status === undefined ? {} : { status }) } as KubeObject
}

function typed(spec: PatchRequest['spec'], object: Stored): KubeObject {
  return { kind: spec.kind, apiVersion: apiVersionOf(spec), ...object }
}

/** A patch cannot make another kind of it. */
function checkSame(next: Draft, spec: PatchRequest['spec']): void {
  const expected = apiVersionOf(spec)
  if (next.kind === spec.kind && next.apiVersion === expected) return
  const why = `unable to decode ${next.kind ?? ''} in version "${next.apiVersion ?? ''}" `
    + `into ${spec.kind} in version "${expected}"`
  const fault = cause.invalid('patch', '', why)
  throw new StatusError('Invalid', ` "" is invalid: patch: ${fault.message}`,
    { details: { causes: [fault] } })
}

function checkName({ metadata }: Draft, name: string): void {
  if (metadata.name === name) return
  throw badRequest(`the name of the object (${metadata.name ?? ''}) does not match the name on the `
    + `URL (${name})`)
}
