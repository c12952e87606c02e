import {
  ElementError, type KubeObject, type Scale, type Stored, applyConfiguration, noFields,
} from '@slicewise/kube'
import type { Attempt } from './behaviour.ts'
import type { Answer, PatchRequest } from './contract.ts'
import type { Core } from './core.ts'
import { type Draft, report } from './decode.ts'
import { apiVersionOf, ignoredFields } from './managed.ts'
import { checkKind, setNamespace } from './metadata.ts'
import { type Part, modify } from './modify.ts'
import { badRequest, conflict } from './refusals.ts'
import { scaleSchema, writeScale } from './subresources/scale.ts'
import { timeText } from './times.ts'
import type { WriteOptions } from './write-options.ts'

/** Server-side apply: PATCH with a configuration whose fields the manager owns. */
export async function applyObject(
  core: Core, request: PatchRequest, options: WriteOptions, part: Part,
): Promise<Answer> {
  const { spec, caller, namespace, name, subresource } = request
  const config = checkConfiguration(request)
  report(request.body.findings ?? [], options.validation, caller)
  const attempt: Attempt = {
    core, caller, spec, namespace, subresource, dryRun: options.dryRun,
  }
  return await modify({
    attempt, name, part, mayCreate: subresource === undefined,
    make(before) {
      if (before === undefined && config.metadata?.uid) {
        throw conflict(spec, name, 'uid mismatch: the provided object specified uid '
          + `${config.metadata.uid}, and no existing object was found`)
      }
      const next = applied(core, request, options, config, before)
      checkKind(next, spec)
      setNamespace(next, { spec, namespace, name })
      spec.defaults?.(next)
      return next
    },
  })
}

/** Server-side apply of a scale: who applies it owns the replicas of the workload behind it. */
export async function applyScale(
  core: Core, request: PatchRequest, { manager, validation }: WriteOptions,
): Promise<Answer> {
  const { name, caller, force = false } = request
  const schema = scaleSchema(request.spec)
  const config = checkConfiguration(request, 'Scale')
  report(request.body.findings ?? [], validation, caller)
  return await writeScale(core, request, 'PatchOptions', live => {
    const next = orBadRequest(() => applyConfiguration({
      schema, live, config, manager, force, subresource: 'scale', apiVersion: 'autoscaling/v1',
      now: timeText(core.env.nowMs()), ignored: noFields,
    })) as Scale & Draft
    next.metadata.name ??= name
    return next
  })
}

function applied(
  core: Core, request: PatchRequest, { manager }: WriteOptions, config: KubeObject,
  live: Stored | undefined,
): Draft {
  const { spec, subresource = '', force = false } = request
  const next = orBadRequest(() => applyConfiguration({
    schema: spec.schema, live, config, manager, force, subresource,
    apiVersion: apiVersionOf(spec),
    now: timeText(core.env.nowMs()), ignored: ignoredFields(spec, subresource),
  })) as Draft
  next.metadata ??= {}
  return next
}

function orBadRequest<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof ElementError)) throw error
    throw badRequest(`failed to create typed live object: ${error.message}`)
  }
}

/** The configuration says what it is and which object it means. */
function checkConfiguration(
  { body, spec, name }: PatchRequest, expected = spec.kind,
): KubeObject {
  const config = body.value as KubeObject | null
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw badRequest('error decoding YAML: the patch is not an object')
  }
  const { kind, metadata } = config
  if (kind !== expected) {
    throw badRequest(kind === undefined || kind === ''
      ? 'invalid object type: kind is missing'
      : `${kind} in version "${config.apiVersion ?? ''}" cannot be handled as a ${expected}`)
  }
  if (typeof metadata !== 'object' || metadata === null || metadata.name !== name) {
    throw badRequest(`metadata.name must be "${name}", the name on the URL`)
  }
  return config
}
