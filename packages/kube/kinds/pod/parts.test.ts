import { expect, test } from 'vitest'
import type { Stored } from '../../object.ts'
import type { Container } from './container.ts'
import type { EphemeralContainer } from './ephemeral-container.ts'
import type { Pod } from './pod.ts'
import { pods } from './row.ts'
import type { PodSpec } from './spec.ts'

const container = (name: string, resources: object = {}): Container =>
  ({ name, image: 'i', resources }) as Container
const ephemeral = (name: string, more: object = {}): EphemeralContainer =>
  ({ name, image: 'i', ...more }) as EphemeralContainer

function stored(spec: Partial<PodSpec>, status: object = {}): Stored<Pod> {
  const pod = {
    metadata: { name: 'p', namespace: 'n', uid: 'u', resourceVersion: '1' },
    spec: { containers: [container('c')], ...spec }, status,
  } as unknown as Stored<Pod>
  pods.defaults?.(pod)
  return pod
}

/** The causes' fields after a write through a part; what the Pod is then, where there are none. */
function written(name: string, before: Stored<Pod>, spec: Partial<PodSpec>): string[] | PodSpec {
  const part = pods.subresources?.find(one => one.name === name)?.part
  const next = structuredClone(before)
  next.spec = structuredClone({ ...before.spec as PodSpec, ...spec })
  pods.defaults?.(next)
  part?.keep(next, before)
  const causes = part?.validateUpdate(next, before) ?? []
  return causes.length > 0 ? causes.map(one => one.field ?? '') : next.spec as PodSpec
}

const path = 'spec.ephemeralContainers'
const withOne = stored({ ephemeralContainers: [ephemeral('d')] })

test.each<[string, Partial<PodSpec>, string[]]>([
  ['one more', { ephemeralContainers: [ephemeral('d'), ephemeral('e')] }, []],
  ['a target', { ephemeralContainers: [ephemeral('d'), ephemeral('e', {
    targetContainerName: 'c' })] }, []],
  ['another spec', { nodeName: 'x' }, []],
  ['one changed', { ephemeralContainers: [ephemeral('d', { image: 'j' })] }, [path]],
  ['one removed', { ephemeralContainers: [] }, [path]],
  ['a name twice', { ephemeralContainers: [ephemeral('d'), ephemeral('c')] }, [`${path}[1].name`]],
  ['no target', { ephemeralContainers: [ephemeral('d'), ephemeral('e', {
    targetContainerName: 'x' })] }, [`${path}[1].targetContainerName`]],
  ['ports', { ephemeralContainers: [ephemeral('d'), ephemeral('e', {
    ports: [{ containerPort: 1, protocol: 'TCP' }] })] }, [`${path}[1].ports`]],
])('ephemeral containers: %s', (_what, spec, fields) => {
  const found = written('ephemeralcontainers', withOne, spec)
  if (fields.length > 0) return expect(found).toEqual(fields)
  expect(found).toMatchObject({ containers: [{ name: 'c' }] })
  expect((found as PodSpec).nodeName).toBeUndefined()
})

const cpu = { requests: { cpu: '1' }, limits: { cpu: '2' } }
const resizable = stored({ containers: [container('c', cpu)] }, { qosClass: 'Burstable' })
const running = stored({ containers: [container('c', cpu)] }, {
  qosClass: 'Burstable', containerStatuses: [{ name: 'c', state: { running: {} } }],
})

test.each<[string, Stored<Pod>, Partial<PodSpec>, string[]]>([
  ['more', resizable, { containers: [container('c', { ...cpu, limits: { cpu: '3' } })] }, []],
  ['an image stays', resizable, { containers: [{ ...container('c', cpu), image: 'j' }] }, []],
  ['another class', resizable, {
    containers: [container('c', { limits: { cpu: '1', memory: '1' } })],
  }, ['spec']],
  ['a limit removed', resizable, { containers: [container('c', { requests: { cpu: '1' } })] },
    ['spec.containers[0].resources.limits']],
  ['a container more', resizable, { containers: [container('c', cpu), container('d')] },
    ['spec.containers']],
  ['another name', resizable, { containers: [container('d', cpu)] }, ['spec.containers[0].name']],
  ['storage', resizable, { containers: [container('c', {
    ...cpu, limits: { cpu: '2', 'ephemeral-storage': '1Gi' } })] }, ['spec']],
  ['a Node that cannot', running, {}, ['spec']],
])('resize: %s', (_what, before, spec, fields) => {
  const found = written('resize', before, spec)
  if (fields.length > 0) expect(found).toEqual(fields)
  else expect((found as PodSpec).containers?.[0]).toMatchObject({ name: 'c', image: 'i' })
})
