import { type Infer, always, bool, field, list, map, message, string } from '../schema.ts'
import { fieldSelectorRequirement, labelSelectorRequirement, objectMeta } from './meta.ts'

const pkg = 'io.k8s.api.authorization.v1.'

export const fieldSelectorAttributes = message(`${pkg}FieldSelectorAttributes`, {
  rawSelector: field(1, string),
  requirements: field(2, list(fieldSelectorRequirement), { list: 'atomic' }),
})
export interface FieldSelectorAttributes extends Infer<typeof fieldSelectorAttributes> {}

export const labelSelectorAttributes = message(`${pkg}LabelSelectorAttributes`, {
  rawSelector: field(1, string),
  requirements: field(2, list(labelSelectorRequirement), { list: 'atomic' }),
})
export interface LabelSelectorAttributes extends Infer<typeof labelSelectorAttributes> {}

export const resourceAttributes = message(`${pkg}ResourceAttributes`, {
  namespace: field(1, string),
  verb: field(2, string),
  group: field(3, string),
  version: field(4, string),
  resource: field(5, string),
  subresource: field(6, string),
  name: field(7, string),
  fieldSelector: field(8, fieldSelectorAttributes, { pointer: true }),
  labelSelector: field(9, labelSelectorAttributes, { pointer: true }),
})
export interface ResourceAttributes extends Infer<typeof resourceAttributes> {}

export const nonResourceAttributes = message(`${pkg}NonResourceAttributes`, {
  path: field(1, string),
  verb: field(2, string),
})
export interface NonResourceAttributes extends Infer<typeof nonResourceAttributes> {}

export const subjectAccessReviewStatus = message(`${pkg}SubjectAccessReviewStatus`, {
  allowed: always(1, bool, { required: true }),
  denied: field(4, bool),
  reason: field(2, string),
  evaluationError: field(3, string),
})
export interface SubjectAccessReviewStatus extends Infer<typeof subjectAccessReviewStatus> {}

export const subjectAccessReviewSpec = message(`${pkg}SubjectAccessReviewSpec`, {
  resourceAttributes: field(1, resourceAttributes, { pointer: true }),
  nonResourceAttributes: field(2, nonResourceAttributes, { pointer: true }),
  user: field(3, string),
  groups: field(4, list(string), { list: 'atomic' }),
  extra: field(5, map(list(string))),
  uid: field(6, string),
})
export interface SubjectAccessReviewSpec extends Infer<typeof subjectAccessReviewSpec> {}

export const selfSubjectAccessReviewSpec = message(`${pkg}SelfSubjectAccessReviewSpec`, {
  resourceAttributes: field(1, resourceAttributes, { pointer: true }),
  nonResourceAttributes: field(2, nonResourceAttributes, { pointer: true }),
})
export interface SelfSubjectAccessReviewSpec extends Infer<typeof selfSubjectAccessReviewSpec> {}

export const subjectAccessReview = message(`${pkg}SubjectAccessReview`, {
  metadata: field(1, objectMeta),
  spec: always(2, subjectAccessReviewSpec, { required: true }),
  status: field(3, subjectAccessReviewStatus),
}, { doc: 'Asks whether somebody may do something.' })
export interface SubjectAccessReview extends Infer<typeof subjectAccessReview> {}

export const selfSubjectAccessReview = message(`${pkg}SelfSubjectAccessReview`, {
  metadata: field(1, objectMeta),
  spec: always(2, selfSubjectAccessReviewSpec, { required: true }),
  status: field(3, subjectAccessReviewStatus),
}, { doc: 'Asks whether the caller may do something.' })
export interface SelfSubjectAccessReview extends Infer<typeof selfSubjectAccessReview> {}

export const localSubjectAccessReview = message(`${pkg}LocalSubjectAccessReview`, {
  metadata: field(1, objectMeta),
  spec: always(2, subjectAccessReviewSpec, { required: true }),
  status: field(3, subjectAccessReviewStatus),
}, { doc: 'Asks whether somebody may do something in one namespace.' })
export interface LocalSubjectAccessReview extends Infer<typeof localSubjectAccessReview> {}

export const selfSubjectRulesReviewSpec = message(`${pkg}SelfSubjectRulesReviewSpec`, {
  namespace: field(1, string),
})
export interface SelfSubjectRulesReviewSpec extends Infer<typeof selfSubjectRulesReviewSpec> {}

export const resourceRule = message(`${pkg}ResourceRule`, {
  verbs: always(1, list(string), { required: true, list: 'atomic' }),
  apiGroups: field(2, list(string), { list: 'atomic' }),
  resources: field(3, list(string), { list: 'atomic' }),
  resourceNames: field(4, list(string), { list: 'atomic' }),
})
export interface ResourceRule extends Infer<typeof resourceRule> {}

export const nonResourceRule = message(`${pkg}NonResourceRule`, {
  verbs: always(1, list(string), { required: true, list: 'atomic' }),
  nonResourceURLs: field(2, list(string), { list: 'atomic' }),
})
export interface NonResourceRule extends Infer<typeof nonResourceRule> {}

export const subjectRulesReviewStatus = message(`${pkg}SubjectRulesReviewStatus`, {
  resourceRules: always(1, list(resourceRule), { required: true, list: 'atomic' }),
  nonResourceRules: always(2, list(nonResourceRule), { required: true, list: 'atomic' }),
  incomplete: always(3, bool, { required: true }),
  evaluationError: field(4, string),
})
export interface SubjectRulesReviewStatus extends Infer<typeof subjectRulesReviewStatus> {}

export const selfSubjectRulesReview = message(`${pkg}SelfSubjectRulesReview`, {
  metadata: field(1, objectMeta),
  spec: always(2, selfSubjectRulesReviewSpec, { required: true }),
  status: field(3, subjectRulesReviewStatus),
}, { doc: 'Asks for all that the caller may do in a namespace.' })
export interface SelfSubjectRulesReview extends Infer<typeof selfSubjectRulesReview> {}
