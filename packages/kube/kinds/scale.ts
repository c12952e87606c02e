import { type Infer, always, field, int32, message, string } from '../schema.ts'
import { objectMeta } from './meta.ts'

const pkg = 'io.k8s.api.autoscaling.v1.'

export const scaleSpec = message(`${pkg}ScaleSpec`, {
  replicas: field(1, int32, { default: 0, doc: 'How many are wanted.' }),
})
export interface ScaleSpec extends Infer<typeof scaleSpec> {}

export const scaleStatus = message(`${pkg}ScaleStatus`, {
  replicas: always(1, int32, { required: true }),
  selector: field(2, string),
})
export interface ScaleStatus extends Infer<typeof scaleStatus> {}

export const scale = message(`${pkg}Scale`, {
  metadata: field(1, objectMeta),
  spec: field(2, scaleSpec),
  status: field(3, scaleStatus),
}, { doc: 'How many replicas a workload has and shall have.' })
export interface Scale extends Infer<typeof scale> {}
