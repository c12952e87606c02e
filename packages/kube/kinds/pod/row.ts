import { labelsText, nameColumn, textColumn } from '../../cells.ts'
import type { ResourceSpec } from '../../resource.ts'
import { eviction } from '../eviction.ts'
import { createOnly, everyVerb, statusSubresource } from '../verbs.ts'
import { podColumns, podRowConditions } from './columns.ts'
import { defaultPod, defaultPodTemplate } from './defaults.ts'
import { keepAllButEphemeral } from './ephemeral-rules.ts'
import { type Binding, type Pod, type PodTemplate, binding, pod, podTemplate } from './pod.ts'
import { keepAllButResources } from './resize-rules.ts'
import {
  podGenerationChanged, preparePodCreate, preparePodStatusUpdate, preparePodUpdate, syncPodIPs,
  validateBinding, validateEphemeralUpdate, validateNewPod, validatePodStatusUpdate,
  validatePodUpdate, validateResize,
} from './rules.ts'
import { templateCauses } from './spec-rules.ts'
import { podWarnings, templateWarnings } from './warnings.ts'

const partVerbs = statusSubresource.verbs

export const pods: ResourceSpec<Pod> = {
  group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true,
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  verbs: everyVerb,
  schema: pod,
  subresources: [
    { name: 'binding', kind: 'Binding', schema: binding, verbs: ['create'] },
    {
      name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', schema: eviction,
      verbs: ['create'],
    },
    {
      name: 'ephemeralcontainers', verbs: partVerbs,
      part: { keep: keepAllButEphemeral, validateUpdate: validateEphemeralUpdate },
    },
    {
      name: 'resize', verbs: partVerbs,
      part: { keep: keepAllButResources, validateUpdate: validateResize },
    },
    statusSubresource,
  ],
  nameRule: 'subdomain',
  deleteReturnsObject: true,
  generationChanged: podGenerationChanged,
  defaults(object) {
    defaultPod(object)
    if (object.status !== undefined) syncPodIPs(object.status)
  },
  defaultsStatus({ status }) {
    if (status !== undefined) syncPodIPs(status)
  },
  prepareCreate: preparePodCreate,
  prepareUpdate: preparePodUpdate,
  prepareStatusUpdate: preparePodStatusUpdate,
  validate: validateNewPod,
  validateUpdate: validatePodUpdate,
  validateStatusUpdate: validatePodStatusUpdate,
  warnings: podWarnings,
  columns: podColumns,
  rowConditions: podRowConditions,
  fieldSelectors: {
    'spec.nodeName': ({ spec }) => spec?.nodeName ?? '',
    'spec.host': ({ spec }) => spec?.nodeName ?? '',
    'spec.restartPolicy': ({ spec }) => spec?.restartPolicy ?? '',
    'spec.schedulerName': ({ spec }) => spec?.schedulerName ?? '',
    'spec.serviceAccountName': ({ spec }) => spec?.serviceAccountName ?? '',
    'spec.hostNetwork': ({ spec }) => String(spec?.hostNetwork ?? false),
    'status.phase': ({ status }) => status?.phase ?? '',
    'status.podIP': ({ status }) => status?.podIPs?.[0]?.ip ?? '',
    'status.podIPs': ({ status }) => status?.podIPs?.[0]?.ip ?? '',
    'status.nominatedNodeName': ({ status }) => status?.nominatedNodeName ?? '',
  },
}

export const podtemplates: ResourceSpec<PodTemplate> = {
  group: '', version: 'v1', resource: 'podtemplates', kind: 'PodTemplate', namespaced: true,
  singular: 'podtemplate',
  verbs: everyVerb,
  schema: podTemplate,
  nameRule: 'subdomain',
  deleteReturnsObject: true,
  defaults: defaultPodTemplate,
  generationChanged: (next, before) =>
    JSON.stringify(next.template) !== JSON.stringify(before.template),
  validate: (object) => templateCauses(object.template, 'template'),
  validateUpdate: (object) => templateCauses(object.template, 'template'),
  warnings: (object, before) => templateWarnings(object.template, 'template', object, before),
  columns: [
    nameColumn,
    textColumn('Containers', 'Names of the containers.',
      ({ template }) => (template?.spec?.containers ?? []).map((one) => one.name).join(',')),
    textColumn('Images', 'Images of the containers.',
      ({ template }) => (template?.spec?.containers ?? []).map((one) => one.image).join(',')),
    textColumn('Pod Labels', 'Labels the Pods get.',
      ({ template }) => labelsText(template?.metadata?.labels)),
  ],
}

export const bindings: ResourceSpec<Binding> = {
  group: '', version: 'v1', resource: 'bindings', kind: 'Binding', namespaced: true,
  singular: 'binding',
  verbs: createOnly,
  virtual: true,
  schema: binding,
  nameRule: 'subdomain',
  validate: validateBinding,
}
