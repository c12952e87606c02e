import { ageColumn, nameColumn, textColumn, wideColumn } from '../cells.ts'
import type { Column, ResourceSpec } from '../resource.ts'
import {
  defaultNode, prepareNodeStatusUpdate, prepareNodeUpdate, validateNode, validateNodeUpdate,
} from './node-rules.ts'
import { type Node, node } from './node.ts'
import { everyVerb, statusSubresource } from './verbs.ts'

const rolePrefix = 'node-role.kubernetes.io/'
const unknown = '<unknown>'

function statusCell({ spec, status }: Node): string {
  const ready = status?.conditions?.find((condition) => condition.type === 'Ready')
  const text = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  return spec?.unschedulable ? `${text},SchedulingDisabled` : text
}

function rolesCell({ metadata }: Node): string {
  const roles = new Set<string>()
  for (const [key, value] of Object.entries(metadata?.labels ?? {})) {
    if (key.startsWith(rolePrefix) && key !== rolePrefix) roles.add(key.slice(rolePrefix.length))
    else if (key === 'kubernetes.io/role' && value !== '') roles.add(value)
  }
  return roles.size === 0 ? '<none>' : [...roles].sort().join(',')
}

const addressCell = (type: string) => ({ status }: Node): string =>
  status?.addresses?.find((address) => address.type === type)?.address ?? '<none>'

function kernelCell({ status }: Node): string {
  const { kernelVersion, architecture } = status?.nodeInfo ?? {}
  return (kernelVersion || unknown) + (architecture ? ` (${architecture})` : '')
}

const columns: readonly Column<Node>[] = [
  nameColumn,
  textColumn('Status', 'Readiness, and whether scheduling is off.', statusCell),
  textColumn('Roles', 'Roles told by labels.', rolesCell),
  ageColumn,
  textColumn('Version', 'Version of the kubelet.',
    ({ status }) => status?.nodeInfo?.kubeletVersion ?? ''),
  wideColumn('Internal-IP', 'Address inside the cluster.', addressCell('InternalIP')),
  wideColumn('External-IP', 'Address outside the cluster.', addressCell('ExternalIP')),
  wideColumn('OS-Image', 'Operating system.', ({ status }) => status?.nodeInfo?.osImage || unknown),
  wideColumn('Kernel-Version', 'Kernel and architecture.', kernelCell),
  wideColumn('Container-Runtime', 'Runtime and its version.',
    ({ status }) => status?.nodeInfo?.containerRuntimeVersion || unknown),
]

export const nodes: ResourceSpec<Node> = {
  group: '', version: 'v1', resource: 'nodes', kind: 'Node', namespaced: false,
  singular: 'node',
  shortNames: ['no'],
  verbs: everyVerb,
  schema: node,
  subresources: [statusSubresource],
  nameRule: 'subdomain',
  defaults: defaultNode,
  prepareUpdate: prepareNodeUpdate,
  prepareStatusUpdate: prepareNodeStatusUpdate,
  validate: validateNode,
  validateUpdate: validateNodeUpdate,
  validateStatusUpdate: validateNodeUpdate,
  columns,
  fieldSelectors: {
    'spec.unschedulable': ({ spec }) => String(spec?.unschedulable ?? false),
  },
}
