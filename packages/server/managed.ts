import type { ResourceSpec } from '@slicewise/kube'
import type { Core } from './core.ts'
import type { Draft } from './decode.ts'

/** Records who owns the fields of a new object. */
export function startManagedFields(
  _core: Core, _write: { readonly spec: ResourceSpec; readonly next: Draft; readonly manager: string },
): void {}
