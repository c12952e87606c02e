import { ageColumn, nameColumn, textColumn } from '../../cells.ts'
import type { KubeObject } from '../../object.ts'
import type { Column } from '../../resource.ts'
import { printSelector, selectorFrom } from '../../selector.ts'
import { loadBalancerCell } from '../service-row.ts'
import type { IngressClass } from './ingress-class.ts'
import type { Ingress } from './ingress.ts'
import type { IPAddress } from './ip-address.ts'
import type { NetworkPolicy } from './network-policy.ts'
import type { ServiceCIDR } from './service-cidr.ts'

/** The first three host names; the count of what is left out counts rules. */
function hostsCell({ spec }: Ingress): string {
  const rules = spec?.rules ?? []
  const hosts: string[] = []
  let more = false
  for (const { host } of rules) {
    if (hosts.length === 3) more = true
    else if (host !== undefined && host !== '') hosts.push(host)
  }
  if (hosts.length === 0) return '*'
  return hosts.join(',') + (more ? ` + ${rules.length - 3} more...` : '')
}

export const ingressColumns: readonly Column<Ingress>[] = [
  nameColumn,
  textColumn('Class', 'Who serves it.', ({ spec }) => spec?.ingressClassName ?? '<none>'),
  textColumn('Hosts', 'Host names of its rules.', hostsCell),
  textColumn('Address', 'Where it is reached.',
    ({ status }) => loadBalancerCell(status?.loadBalancer?.ingress ?? [])),
  textColumn('Ports', 'Ports it listens on.', ({ spec }) => (spec?.tls?.length ? '80, 443' : '80')),
  ageColumn,
]

/** A name column that marks the object that is taken when none is named. */
export const markedNameColumn = (...annotations: readonly string[]): Column<KubeObject> => ({
  ...nameColumn,
  cell: ({ metadata }) => (annotations.some((one) => metadata.annotations?.[one] === 'true')
    ? `${metadata.name} (default)` : metadata.name),
})

function parametersCell({ spec }: IngressClass): string {
  const parameters = spec?.parameters
  if (parameters === undefined) return '<none>'
  const { kind, apiGroup, name } = parameters
  return `${apiGroup === undefined ? kind : `${kind}.${apiGroup}`}/${name}`
}

export const ingressClassColumns: readonly Column<IngressClass>[] = [
  markedNameColumn('ingressclass.kubernetes.io/is-default-class'),
  textColumn('Controller', 'The controller that serves the class.',
    ({ spec }) => spec?.controller ?? ''),
  textColumn('Parameters', 'The object with more configuration.', parametersCell),
  ageColumn,
]

export const networkPolicyColumns: readonly Column<NetworkPolicy>[] = [
  nameColumn,
  textColumn('Pod-Selector', 'Which Pods it is about.', ({ spec }) =>
    printSelector(selectorFrom(spec?.podSelector ?? {})) || '<none>'),
  ageColumn,
]

function parentCell({ spec }: IPAddress): string {
  const parent = spec?.parentRef
  if (parent === undefined) return '<none>'
  const { group = '', resource = '', namespace = '', name = '' } = parent
  const owner = (group === '' ? resource : `${resource}.${group}`).toLowerCase()
  return namespace === '' ? `${owner}/${name}` : `${owner}/${namespace}/${name}`
}

export const ipAddressColumns: readonly Column<IPAddress>[] = [
  nameColumn,
  textColumn('ParentRef', 'Who has the address.', parentCell),
]

export const serviceCidrColumns: readonly Column<ServiceCIDR>[] = [
  nameColumn,
  textColumn('CIDRs', 'Its ranges.', ({ spec }) => (spec?.cidrs ?? []).join(',')),
  ageColumn,
]
