import type { Attempt } from './behaviour.ts'
import type { Answer, UpdateRequest } from './contract.ts'
import type { Core } from './core.ts'
import { decodeBody } from './decode.ts'
import { forgetsOwners, trackWrite } from './managed.ts'
import { checkUpdateIdentity } from './metadata.ts'
import { type Part, modify } from './modify.ts'
import { copyJson } from './copy-json.ts'
import { checkWriteOptions } from './write-options.ts'

/** PUT on an object, or on a subresource that has the object's own form. */
export async function updateObject(
  core: Core, request: UpdateRequest, part: Part,
): Promise<Answer> {
  const options = checkWriteOptions(request, 'UpdateOptions')
  const { spec, caller, namespace, name, subresource } = request
  const { validation, manager, dryRun } = options
  const reset = forgetsOwners(request.body.value)
  const sent = decodeBody(spec.schema, request.body, { kind: spec, caller, validation })
  const attempt: Attempt = { core, caller, spec, namespace, subresource, dryRun }
  // With a revision given, a second attempt can only end in a conflict.
  const once = (sent.metadata.resourceVersion ?? '') !== ''
  return await modify({
    attempt, name, part,
    mayCreate: subresource === undefined && spec.createOnUpdate === true,
    make(before) {
      const next = once && before !== undefined ? sent : copyJson(sent)
      checkUpdateIdentity(next, { spec, namespace, name }, before?.metadata)
      spec.defaults?.(next)
      trackWrite(core, { spec, before, next, manager, subresource, reset })
      return next
    },
  })
}
