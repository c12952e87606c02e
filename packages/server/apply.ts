import type { Answer, PatchRequest } from './contract.ts'
import type { Core } from './core.ts'
import type { Part } from './modify.ts'
import { notAllowed } from './refusals.ts'
import type { WriteOptions } from './write-options.ts'

/** Server-side apply: PATCH with a configuration whose fields the manager owns. */
export async function applyObject(
  _core: Core, _request: PatchRequest, _options: WriteOptions, _part: Part,
): Promise<Answer> {
  throw notAllowed()
}
