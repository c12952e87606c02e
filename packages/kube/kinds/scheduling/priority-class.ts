import { type Infer, always, bool, field, int32, message, oneOf, string } from '../../schema.ts'
import { preemptionPolicyValues } from '../core-enums.ts'
import { objectMeta } from '../meta.ts'

const pkg = 'io.k8s.api.scheduling.v1.'

export const priorityClass = message(`${pkg}PriorityClass`, {
  metadata: field(1, objectMeta),
  value: always(2, int32, { doc: 'Higher is more important; immutable.' }),
  globalDefault: field(3, bool, { doc: 'Also for Pods that name no class.' }),
  description: field(4, string, { doc: 'For people.' }),
  preemptionPolicy: field(5, oneOf(...preemptionPolicyValues), {
    pointer: true, enum: preemptionPolicyValues, doc: 'Whether Pods may push others out.',
  }),
}, { doc: 'How important Pods are that name it.' })
export interface PriorityClass extends Infer<typeof priorityClass> {}
