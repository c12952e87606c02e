import { ageColumn, labelsText, nameColumn, textColumn, wideColumn } from '../cells.ts'
import type { Column, ResourceSpec } from '../resource.ts'
import {
  defaultService, prepareServiceCreate, prepareServiceStatusUpdate, prepareServiceUpdate,
} from './service-rules.ts'
import {
  serviceWarnings, validateService, validateServiceStatusUpdate, validateServiceUpdate,
} from './service-validation.ts'
import { type Service, type ServiceSpec, service } from './service.ts'
import { everyVerb, statusSubresource } from './verbs.ts'

const columns: readonly Column<Service>[] = [
  nameColumn,
  textColumn('Type', 'How the Service is exposed.', ({ spec }) => spec?.type ?? ''),
  textColumn('Cluster-IP', 'First virtual address, `None` when headless.',
    ({ spec }) => spec?.clusterIPs?.[0] ?? '<none>'),
  textColumn('External-IP', 'Addresses outside the cluster.', externalIPCell),
  textColumn('Port(s)', 'Ports, with node ports behind a colon.', ({ spec }) => portsCell(spec)),
  ageColumn,
  wideColumn('Selector', 'Labels of the Pods behind it.', ({ spec }) => labelsText(spec?.selector)),
]

export function externalIPCell({ spec, status }: Service): string {
  const external = spec?.externalIPs ?? []
  switch (spec?.type) {
    case 'ClusterIP':
    case 'NodePort':
      return external.length > 0 ? external.join(',') : '<none>'
    case 'LoadBalancer': {
      const ingress = loadBalancerCell(status?.loadBalancer?.ingress ?? [])
      const all = [...(ingress === '' ? [] : [ingress]), ...external]
      return all.length > 0 ? all.join(',') : '<pending>'
    }
    case 'ExternalName': return spec.externalName ?? ''
    default: return '<unknown>'
  }
}

/** Addresses or host names of a load balancer, sorted; shared with Ingress. */
export function loadBalancerCell(
  ingress: readonly { readonly ip?: string; readonly hostname?: string }[],
): string {
  const all = new Set(ingress.map((one) => one.ip || one.hostname || '').filter(Boolean))
  return [...all].sort().join(',')
}

function portsCell(spec: ServiceSpec | undefined): string {
  const ports = spec?.ports ?? []
  if (ports.length === 0) return '<none>'
  return ports.map((port) => (port.nodePort
    ? `${port.port}:${port.nodePort}/${port.protocol}` : `${port.port}/${port.protocol}`)).join(',')
}

export const services: ResourceSpec<Service> = {
  group: '', version: 'v1', resource: 'services', kind: 'Service', namespaced: true,
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  verbs: everyVerb,
  schema: service,
  subresources: [statusSubresource],
  nameRule: 'serviceLabel',
  createOnUpdate: true,
  deleteReturnsObject: true,
  defaults: defaultService,
  prepareCreate: prepareServiceCreate,
  prepareUpdate: prepareServiceUpdate,
  prepareStatusUpdate: prepareServiceStatusUpdate,
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  validateStatusUpdate: validateServiceStatusUpdate,
  warnings: serviceWarnings,
  columns,
  fieldSelectors: {
    'spec.clusterIP': ({ spec }) => spec?.clusterIP ?? '',
    'spec.type': ({ spec }) => spec?.type ?? '',
  },
}
