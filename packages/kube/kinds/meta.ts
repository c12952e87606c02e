import {
  type Infer, always, bool, field, fieldsV1, int32, int64, list, map, message, string, time,
} from '../schema.ts'

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1.'

export const ownerReference = message(`${meta}OwnerReference`, {
  kind: always(1, string, { required: true, doc: 'Kind of the owner.' }),
  name: always(3, string, { required: true, doc: 'Name of the owner.' }),
  uid: always(4, string, {
    required: true, doc: 'Identity of the owner: one of the same name made later is another.',
  }),
  apiVersion: always(5, string, { required: true, doc: 'Group and version of the owner.' }),
  controller: field(6, bool, { pointer: true, doc: 'This owner manages the object; one at most.' }),
  blockOwnerDeletion: field(7, bool, {
    pointer: true, doc: 'A foreground deletion of the owner waits for this object.',
  }),
}, { atomic: true })
export interface OwnerReference extends Infer<typeof ownerReference> {}

export const managedFieldsEntry = message(`${meta}ManagedFieldsEntry`, {
  manager: field(1, string, { doc: 'Name of who wrote.' }),
  operation: field(2, string, { doc: 'Apply, or Update for all other writes.' }),
  apiVersion: field(3, string, { doc: 'Version in which the fields are named.' }),
  time: field(4, time, { doc: 'When the entry changed last.' }),
  fieldsType: field(6, string, { doc: 'How fieldsV1 is to be read; always FieldsV1.' }),
  fieldsV1: field(7, fieldsV1, { pointer: true, doc: 'The fields, as a tree of their names.' }),
  subresource: field(8, string, {
    doc: 'Through which subresource it was written; empty for the object itself.',
  }),
})
export interface ManagedFieldsEntry extends Infer<typeof managedFieldsEntry> {}

export const objectMeta = message(`${meta}ObjectMeta`, {
  name: field(1, string, { doc: 'Unique among the objects of its kind in a namespace.' }),
  generateName: field(2, string, { doc: 'Beginning of a name that the server completes.' }),
  namespace: field(3, string, { doc: 'Namespace the object lives in.' }),
  selfLink: field(4, string, { doc: 'Not filled in any more.' }),
  uid: field(5, string, { doc: 'Tells this object from others of the same name over time.' }),
  resourceVersion: field(6, string, { doc: 'Changes with every write; compare only if equal.' }),
  generation: field(7, int64, { doc: 'Counts the changes of what is wanted.' }),
  creationTimestamp: field(8, time, { doc: 'When the object was created.' }),
  deletionTimestamp: field(9, time, {
    pointer: true, doc: 'When the object is to be gone; set by a deletion that has to wait.',
  }),
  deletionGracePeriodSeconds: field(10, int64, {
    pointer: true, doc: 'Seconds that the object has left to end once its deletion was asked for.',
  }),
  labels: field(11, map(string), { doc: 'Keys and values by which objects are selected.' }),
  annotations: field(12, map(string), { doc: 'Keys and values that nothing selects by.' }),
  ownerReferences: field(13, list(ownerReference), {
    merge: true, mergeKey: 'uid', list: 'map', keys: ['uid'],
    doc: 'Objects this one belongs to; it goes when all of them are gone.',
  }),
  finalizers: field(14, list(string), {
    merge: true, list: 'set', doc: 'Parties that must agree before the object is removed.',
  }),
  managedFields: field(17, list(managedFieldsEntry), {
    list: 'atomic', doc: 'Who set which fields, by which request; kept by the server.',
  }),
})
export interface ObjectMeta extends Infer<typeof objectMeta> {}

export const labelSelectorRequirement = message(`${meta}LabelSelectorRequirement`, {
  key: always(1, string, { required: true, doc: 'The label.' }),
  operator: always(2, string, { required: true, doc: 'In, NotIn, Exists or DoesNotExist.' }),
  values: field(3, list(string), { list: 'atomic', doc: 'Values for In and NotIn.' }),
})
export interface LabelSelectorRequirement extends Infer<typeof labelSelectorRequirement> {}

export const labelSelector = message(`${meta}LabelSelector`, {
  matchLabels: field(1, map(string), { doc: 'Labels that must have exactly these values.' }),
  matchExpressions: field(2, list(labelSelectorRequirement), {
    list: 'atomic', doc: 'More requirements; all of them must hold.',
  }),
}, { atomic: true })
export interface LabelSelector extends Infer<typeof labelSelector> {}

export const fieldSelectorRequirement = message(`${meta}FieldSelectorRequirement`, {
  key: always(1, string, { required: true }),
  operator: always(2, string, { required: true }),
  values: field(3, list(string), { list: 'atomic' }),
})
export interface FieldSelectorRequirement extends Infer<typeof fieldSelectorRequirement> {}

export const condition = message(`${meta}Condition`, {
  type: always(1, string, { required: true, doc: 'What the condition is about.' }),
  status: always(2, string, { required: true, doc: 'True, False or Unknown.' }),
  observedGeneration: field(3, int64, { doc: 'Generation of the object that was looked at.' }),
  lastTransitionTime: always(4, time, { required: true, doc: 'When the status changed last.' }),
  reason: always(5, string, { required: true, doc: 'Why, in one word for programs.' }),
  message: always(6, string, { required: true, doc: 'Why, in a sentence for people.' }),
})
export interface Condition extends Infer<typeof condition> {}

export const preconditions = message(`${meta}Preconditions`, {
  uid: field(1, string, { pointer: true }),
  resourceVersion: field(2, string, { pointer: true }),
})
export const deleteOptions = message(`${meta}DeleteOptions`, {
  gracePeriodSeconds: field(1, int64, { pointer: true }),
  preconditions: field(2, preconditions, { pointer: true }),
  orphanDependents: field(3, bool, { pointer: true }),
  propagationPolicy: field(4, string, { pointer: true }),
  dryRun: field(5, list(string), { list: 'atomic' }),
  ignoreStoreReadErrorWithClusterBreakingPotential: field(6, bool, { pointer: true }),
})
export interface DeleteOptions extends Infer<typeof deleteOptions> {}

export const shardInfo = message(`${meta}ShardInfo`, {
  selector: always(1, string, { required: true }),
})
export const listMeta = message(`${meta}ListMeta`, {
  selfLink: field(1, string),
  resourceVersion: field(2, string),
  continue: field(3, string),
  remainingItemCount: field(4, int64, { pointer: true }),
  shardInfo: field(5, shardInfo, { pointer: true }),
})
export interface ListMeta extends Infer<typeof listMeta> {}

export const statusCause = message(`${meta}StatusCause`, {
  reason: field(1, string),
  message: field(2, string),
  field: field(3, string),
})
export interface StatusCause extends Infer<typeof statusCause> {}

export const statusDetails = message(`${meta}StatusDetails`, {
  name: field(1, string),
  group: field(2, string),
  kind: field(3, string),
  causes: field(4, list(statusCause), { list: 'atomic' }),
  retryAfterSeconds: field(5, int32),
  uid: field(6, string),
})
export interface StatusDetails extends Infer<typeof statusDetails> {}
