import type { KubeObject, ResourceSpec } from '@slicewise/kube'
import type { Core } from './core.ts'
import type { Draft } from './decode.ts'
import { trackWrite } from './managed.ts'
import { startMetadata } from './metadata.ts'
import { copyJson } from './copy-json.ts'

/** An object the server makes beside the one it was asked for: with defaults and metadata. */
export function newObject(
  core: Core, spec: ResourceSpec, object: KubeObject, manager?: string,
): Draft {
  const next = copyJson(object) as Draft
  next.metadata ??= {}
  spec.defaults?.(next)
  if (manager !== undefined) {
    trackWrite(core, { spec, before: undefined, next, manager, subresource: undefined })
  }
  startMetadata(core.env, next)
  if (spec.generationChanged !== undefined) next.metadata.generation = 1
  spec.prepareCreate?.(next, core.facts)
  return next
}
