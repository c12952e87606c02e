import { type Infer, always, field, int64, message, raw } from '../../schema.ts'
import { objectMeta } from '../meta.ts'

export const controllerRevision = message('io.k8s.api.apps.v1.ControllerRevision', {
  metadata: field(1, objectMeta),
  data: field(2, raw, { pointer: true, doc: 'The saved state; immutable.' }),
  revision: always(3, int64, { required: true }),
}, { doc: 'One saved state of a StatefulSet or DaemonSet, for undo.' })
export interface ControllerRevision extends Infer<typeof controllerRevision> {}
