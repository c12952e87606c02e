import { type Infer, always, field, message } from '../../schema.ts'
import { objectMeta } from '../meta.ts'
import { objectReference } from '../reference.ts'
import { podSpec } from './spec.ts'
import { podStatus } from './status.ts'

const pkg = 'io.k8s.api.core.v1.'

export const pod = message(`${pkg}Pod`, {
  metadata: field(1, objectMeta, { doc: 'Name, labels and what else identifies the object.' }),
  spec: field(2, podSpec, { doc: 'What shall run, and how.' }),
  status: field(3, podStatus, { doc: 'What has become of it, as last observed.' }),
}, { doc: 'One or more containers that run together on one Node.' })
export interface Pod extends Infer<typeof pod> {}

export const podTemplateSpec = message(`${pkg}PodTemplateSpec`, {
  metadata: field(1, objectMeta, { doc: 'Labels and annotations that the Pods get.' }),
  spec: field(2, podSpec, { doc: 'What the copies shall run.' }),
}, { doc: 'The Pod that a workload makes copies of.' })
export interface PodTemplateSpec extends Infer<typeof podTemplateSpec> {}

export const podTemplate = message(`${pkg}PodTemplate`, {
  metadata: field(1, objectMeta),
  template: field(2, podTemplateSpec),
}, { doc: 'A Pod to be copied, kept as an object of its own.' })
export interface PodTemplate extends Infer<typeof podTemplate> {}

export const binding = message(`${pkg}Binding`, {
  metadata: field(1, objectMeta),
  target: always(2, objectReference, { required: true, doc: 'The Node.' }),
}, { doc: 'Puts a Pod onto a Node.' })
export interface Binding extends Infer<typeof binding> {}
