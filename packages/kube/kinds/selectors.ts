import {
  type Infer, always, bool, field, inline, list, message, oneOf, quantity, string,
} from '../schema.ts'
import { nodeSelectorOperatorValues } from './core-enums.ts'
import { localObjectReference } from './reference.ts'

const pkg = 'io.k8s.api.core.v1.'

export const nodeSelectorRequirement = message(`${pkg}NodeSelectorRequirement`, {
  key: always(1, string, { required: true }),
  operator: always(2, oneOf(...nodeSelectorOperatorValues), {
    required: true, enum: nodeSelectorOperatorValues,
  }),
  values: field(3, list(string), { list: 'atomic' }),
})
export interface NodeSelectorRequirement extends Infer<typeof nodeSelectorRequirement> {}

export const nodeSelectorTerm = message(`${pkg}NodeSelectorTerm`, {
  matchExpressions: field(1, list(nodeSelectorRequirement), { list: 'atomic' }),
  matchFields: field(2, list(nodeSelectorRequirement), { list: 'atomic' }),
}, { atomic: true })
export interface NodeSelectorTerm extends Infer<typeof nodeSelectorTerm> {}

export const nodeSelector = message(`${pkg}NodeSelector`, {
  nodeSelectorTerms: always(1, list(nodeSelectorTerm), { required: true, list: 'atomic' }),
}, { atomic: true })
export interface NodeSelector extends Infer<typeof nodeSelector> {}

export const configMapKeySelector = message(`${pkg}ConfigMapKeySelector`, {
  localObjectReference: inline(1, localObjectReference),
  key: always(2, string, { required: true }),
  optional: field(3, bool, { pointer: true }),
}, { atomic: true })
export interface ConfigMapKeySelector extends Infer<typeof configMapKeySelector> {}

export const secretKeySelector = message(`${pkg}SecretKeySelector`, {
  localObjectReference: inline(1, localObjectReference),
  key: always(2, string, { required: true }),
  optional: field(3, bool, { pointer: true }),
}, { atomic: true })
export interface SecretKeySelector extends Infer<typeof secretKeySelector> {}

export const fileKeySelector = message(`${pkg}FileKeySelector`, {
  volumeName: always(1, string, { required: true }),
  path: always(2, string, { required: true }),
  key: always(3, string, { required: true }),
  optional: field(4, bool, { pointer: true, default: false }),
}, { atomic: true })
export interface FileKeySelector extends Infer<typeof fileKeySelector> {}

export const objectFieldSelector = message(`${pkg}ObjectFieldSelector`, {
  apiVersion: field(1, string),
  fieldPath: always(2, string, { required: true }),
}, { atomic: true })
export interface ObjectFieldSelector extends Infer<typeof objectFieldSelector> {}

export const resourceFieldSelector = message(`${pkg}ResourceFieldSelector`, {
  containerName: field(1, string),
  resource: always(2, string, { required: true }),
  divisor: always(3, quantity),
}, { atomic: true })
export interface ResourceFieldSelector extends Infer<typeof resourceFieldSelector> {}

export const topologySelectorLabelRequirement = message(`${pkg}TopologySelectorLabelRequirement`, {
  key: always(1, string, { required: true }),
  values: always(2, list(string), { required: true, list: 'atomic' }),
})
export interface TopologySelectorLabelRequirement
  extends Infer<typeof topologySelectorLabelRequirement> {}

export const topologySelectorTerm = message(`${pkg}TopologySelectorTerm`, {
  matchLabelExpressions: field(1, list(topologySelectorLabelRequirement), { list: 'atomic' }),
}, { atomic: true })
export interface TopologySelectorTerm extends Infer<typeof topologySelectorTerm> {}
