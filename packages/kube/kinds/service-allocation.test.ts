import { silentLog } from '@slicewise/base'
import { expect, test } from 'vitest'
import type { Stored } from '../object.ts'
import type { ClusterFacts } from '../resource.ts'
import { serviceAllocation, serviceHoldings } from './service-allocation.ts'
import { externalIPCell } from './service-row.ts'
import { defaultService } from './service-rules.ts'
import type { Service, ServiceSpec } from './service.ts'

const facts = (...ipFamilies: ('IPv4' | 'IPv6')[]): ClusterFacts => ({
  ipFamilies,
  env: {
    nowMs: () => 0, elapsedMs: () => 0, after: () => () => undefined, random: () => 0,
    uid: () => '', log: silentLog,
    checked: true,
  },
})
const dual = facts('IPv4', 'IPv6')
const v4 = facts('IPv4')

function service(spec: ServiceSpec): Service {
  const made: Service = { metadata: { name: 's', namespace: 'd' }, spec }
  defaultService(made)
  return made
}
const port = (number: number, more: object = {}): NonNullable<ServiceSpec['ports']>[number] =>
  ({ port: number, targetPort: 0, name: `p${number}`, ...more })
const stored = (spec: ServiceSpec): Stored<Service> => service(spec) as Stored<Service>

test.each<[string, ServiceSpec, ClusterFacts, unknown, unknown]>([
  ['default', { ports: [port(80)] }, dual, ['IPv4'], [{ index: 0, family: 'IPv4' }]],
  ['v6 first', { ports: [port(80)] }, facts('IPv6', 'IPv4'), ['IPv6'],
    [{ index: 0, family: 'IPv6' }]],
  ['prefer dual', { ports: [port(80)], ipFamilyPolicy: 'PreferDualStack' }, dual, ['IPv4', 'IPv6'],
    [{ index: 0, family: 'IPv4' }, { index: 1, family: 'IPv6' }]],
  ['prefer dual on one family', { ports: [port(80)], ipFamilyPolicy: 'PreferDualStack' }, v4,
    ['IPv4'], [{ index: 0, family: 'IPv4' }]],
  ['requested', { ports: [port(80)], clusterIP: '10.0.0.9' }, dual, ['IPv4'],
    [{ index: 0, family: 'IPv4', requested: '10.0.0.9' }]],
  ['headless', { clusterIP: 'None', selector: { a: 'b' } }, dual, ['IPv4'], []],
  ['headless without selector on one family', { clusterIP: 'None' }, v4, ['IPv4', 'IPv6'], []],
  ['external name', { type: 'ExternalName', externalName: 'a.b' }, dual, undefined, []],
])('addresses of a Service: %s', (_name, spec, known, families, clusterIPs) => {
  const next = service(spec)
  const plan = serviceAllocation(next, undefined, known)
  expect(plan.causes).toEqual([])
  expect(next.spec?.ipFamilies).toEqual(families)
  expect(plan.clusterIPs).toEqual(clusterIPs)
})

test('two families cannot be had from a cluster of one', () => {
  const next = service({ ports: [port(80)], ipFamilyPolicy: 'RequireDualStack' })
  expect(serviceAllocation(next, undefined, v4).causes.map((one) => one.field))
    .toEqual(['spec.ipFamilyPolicy'])
})

test('node ports are taken once a number, and shared by the protocols of one port', () => {
  const next = service({ type: 'NodePort', ports: [
    port(53, { protocol: 'TCP' }), port(53, { protocol: 'UDP', name: 'u' }),
    port(80, { nodePort: 30080 }),
  ] })
  const plan = serviceAllocation(next, undefined, dual)
  expect(plan.nodePorts).toEqual([{ indexes: [2], requested: 30080 }, { indexes: [0, 1] }])
})

test('an update keeps what it does not name and takes nothing new', () => {
  const before = stored({
    type: 'NodePort', clusterIP: '10.0.0.9', clusterIPs: ['10.0.0.9'], ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack', ports: [port(80, { nodePort: 30080 })],
  })
  const next = service({ type: 'NodePort', ports: [port(80)] })
  const plan = serviceAllocation(next, before, dual)
  expect(plan).toMatchObject({
    causes: [], clusterIPs: [], nodePorts: [], releasedIPs: [], releasedNodePorts: [],
  })
  expect(next.spec).toMatchObject({ clusterIPs: ['10.0.0.9'], ports: [{ nodePort: 30080 }] })
})

test.each<[string, ServiceSpec, string[], number[]]>([
  ['external name', { type: 'ExternalName', externalName: 'a.b' }, ['10.0.0.9', 'fd00::9'],
    [30080, 30090]],
  ['cluster address', { type: 'ClusterIP', ports: [port(80)] }, [], [30080, 30090]],
  ['single stack', {
    type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports: [port(80)],
    ipFamilyPolicy: 'SingleStack',
  }, ['fd00::9'], []],
  ['another port', {
    type: 'LoadBalancer', externalTrafficPolicy: 'Local',
    ports: [port(80, { nodePort: 30081 })],
  }, [], [30080]],
])('a change to %s gives back', (_name, spec, ips, ports) => {
  const before = stored({
    type: 'LoadBalancer', externalTrafficPolicy: 'Local', clusterIP: '10.0.0.9',
    clusterIPs: ['10.0.0.9', 'fd00::9'], ipFamilies: ['IPv4', 'IPv6'],
    ipFamilyPolicy: 'RequireDualStack', healthCheckNodePort: 30090,
    ports: [port(80, { nodePort: 30080 })],
  })
  const plan = serviceAllocation(service(spec), before, dual)
  expect(plan.causes).toEqual([])
  expect([plan.releasedIPs, plan.releasedNodePorts]).toEqual([ips, ports])
})

test('a Service holds its addresses and ports until it is deleted', () => {
  expect(serviceHoldings(service({
    type: 'LoadBalancer', clusterIPs: ['10.0.0.9', 'fd00::9'], healthCheckNodePort: 30090,
    ports: [port(80, { nodePort: 30080 }), port(81, { nodePort: 30080 })],
  }))).toEqual({ ips: ['10.0.0.9', 'fd00::9'], nodePorts: [30080, 30090] })
  expect(serviceHoldings(service({ clusterIPs: ['None'] }))).toEqual({ ips: [], nodePorts: [] })
})

test.each<[ServiceSpec, Service['status'], string]>([
  [{ type: 'ClusterIP' }, {}, '<none>'],
  [{ type: 'NodePort', externalIPs: ['1.1.1.1', '1.1.1.2'] }, {}, '1.1.1.1,1.1.1.2'],
  [{ type: 'LoadBalancer' }, {}, '<pending>'],
  [{ type: 'LoadBalancer', externalIPs: ['9.9.9.9'] },
    { loadBalancer: { ingress: [{ ip: '2.2.2.2' }, { hostname: 'a.b' }, { ip: '1.1.1.1' }] } },
    '1.1.1.1,2.2.2.2,a.b,9.9.9.9'],
  [{ type: 'ExternalName', externalName: 'a.b' }, {}, 'a.b'],
])('external addresses of %j', (spec, status, cell) => {
  expect(externalIPCell({ spec, ...(status === undefined ? {} : { status }) })).toBe(cell)
})
