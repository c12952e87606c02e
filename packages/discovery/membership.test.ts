import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Node, Pod, Service } from '@slicewise/kube'
import { type Family } from './address.ts'
import { exclusions, membership, selects, whyUnfit } from './membership.ts'

const service: Service = {
  metadata: { namespace: 'shop', name: 'cart' },
  spec: { type: 'ClusterIP', selector: { app: 'cart' }, ipFamilies: ['IPv4'] },
}
const pod: Pod = {
  metadata: { namespace: 'shop', name: 'p', labels: { app: 'cart', tier: 'web' } },
  spec: { containers: [], nodeName: 'n1' },
  status: { phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }] },
}
const node: Node = { metadata: { name: 'n1' } }
const inIt = { in: true }
const out = (why: string) => ({ in: false, why })
const withSpec = (spec: Service['spec']): Service =>
  ({ ...service, spec: { ...service.spec, ...spec } })
const withStatus = (status: Pod['status']): Pod =>
  ({ ...pod, status: { ...pod.status, ...status } })
const elsewhere: Pod = { ...pod, metadata: { ...pod.metadata, namespace: 'x' } }

test.each<[string, Pod, Service, Family, Node | undefined, object]>([
  ['selected', pod, service, 'IPv4', node, inIt],
  ['another namespace', elsewhere, service, 'IPv4', node, out('OtherNamespace')],
  ['ExternalName', pod, withSpec({ type: 'ExternalName' }), 'IPv4', node, out('ExternalName')],
  ['no selector', pod, { ...service, spec: {} }, 'IPv4', node, out('NoSelector')],
  ['a label differs', pod, withSpec({ selector: { app: 'cart', tier: 'db' } }), 'IPv4', node,
    out('LabelsDiffer')],
  ['failed', withStatus({ phase: 'Failed' }), service, 'IPv4', node, out('PodFinished')],
  ['succeeded', withStatus({ phase: 'Succeeded' }), service, 'IPv4', node, out('PodFinished')],
  ['pending with an address', withStatus({ phase: 'Pending' }), service, 'IPv4', node, inIt],
  ['no address', withStatus({ podIP: '', podIPs: [] }), service, 'IPv4', node, out('NoPodIP')],
  ['podIP alone', withStatus({ podIPs: [] }), service, 'IPv4', node, out('NoAddressOfFamily')],
  ['other family', pod, service, 'IPv6', node, out('NoAddressOfFamily')],
  ['unknown Node', pod, service, 'IPv4', undefined, out('NodeMissing')],
  ['unknown Node, published anyway', pod, withSpec({ publishNotReadyAddresses: true }), 'IPv4',
    undefined, inIt],
  ['finished, published anyway', withStatus({ phase: 'Failed' }),
    withSpec({ publishNotReadyAddresses: true }), 'IPv4', node, out('PodFinished')],
])('%s', (_, onePod, oneService, family, oneNode, expected) => {
  expect(membership(onePod, oneService, family, oneNode)).toEqual(expected)
})

test('an empty selector takes all, a missing one none', () => {
  expect(selects({}, undefined)).toBe(true)
  expect(selects(undefined, { app: 'cart' })).toBe(false)
  expect(selects({ app: 'cart' }, undefined)).toBe(false)
})

test('only status decides whether a Pod is fit', () => {
  expect(whyUnfit({})).toBe('NoPodIP')
  expect(whyUnfit({ status: { podIP: '10.0.0.1' } })).toBeUndefined()
})

test('the manual lists every reason, and no other', () => {
  const manual = readFileSync(new URL('./README.md', import.meta.url), 'utf8')
  const listed = [...manual.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(([, name, why]) =>
    [name, why?.trim()])
  expect(Object.fromEntries(listed)).toEqual(
    Object.fromEntries(Object.entries(exclusions).map(([name, { why }]) => [name, why])),
  )
})
