import type { Pod, PodStatus, Stored } from '@slicewise/kube'
import { expect, test } from 'vitest'
import type { ContainerPhase, Moment } from './lifecycle.ts'
import { statusOf } from './status.ts'

const bornMs = Date.UTC(2026, 0, 1)
const nowMs = bornMs + 60_000
const addresses = { pod: ['10.0.0.1', 'fd00::1'], node: ['198.18.0.1', 'fd00:198:18::1'] }

function podOf(spec: object = {}, status: object = {}): Stored<Pod> {
  const containers = [{ name: 'web', image: 'web:1' }]
  return {
    metadata: {
      name: 'a', namespace: 'default', uid: 'u', resourceVersion: '1', generation: 4,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: { containers, ...spec }, status,
  } as unknown as Stored<Pod>
}

const moments = {
  initializing: moment('Pending', { at: 'waiting', reason: 'PodInitializing' },
    { initialized: false, networked: false }),
  creating: moment('Pending', { at: 'waiting', reason: 'ContainerCreating' }, { networked: false }),
  unready: moment('Running', { at: 'running', sinceMs: bornMs + 1_000, ready: false }),
  ready: moment('Running', { at: 'running', sinceMs: bornMs + 1_000, ready: true }),
  crashed: moment('Running', { at: 'crashed', sinceMs: nowMs, startedMs: bornMs },
    { restarts: 2, exitCode: 1 }),
  succeeded: moment('Succeeded', { at: 'ended', sinceMs: nowMs, startedMs: bornMs }),
  failed: moment('Failed', { at: 'ended', sinceMs: nowMs, startedMs: bornMs }, { exitCode: 3 }),
} as const

function moment(
  phase: Moment['phase'], containers: ContainerPhase, more: Partial<Moment> = {},
): Moment {
  return {
    phase, containers, initialized: true, networked: true, restarts: 0, exitCode: 0, over: false,
    nextMs: Infinity, ...more,
  }
}

const status = (at: keyof typeof moments, pod = podOf()): PodStatus =>
  statusOf(pod, moments[at], addresses, bornMs, nowMs)

/** Conditions that hold, then those that do not with their reasons; then the container's state. */
function text({ conditions = [], containerStatuses = [], podIPs = [] }: PodStatus): string {
  const short: Readonly<Record<string, string>> = {
    PodReadyToStartContainers: 'Sandbox', Initialized: 'Init', ContainersReady: 'Containers',
  }
  const told = conditions.filter((one) => one.type !== 'PodScheduled')
    .map((one) => `${one.status === 'True' ? '' : '!'}${short[one.type] ?? one.type}` +
      (one.reason ? `:${one.reason}` : ''))
  const [container] = containerStatuses
  const [state, detail] = Object.entries(container?.state ?? {})[0] ?? []
  const { reason = '', exitCode = '' } = detail as { reason?: string; exitCode?: number }
  return [...told, `| ${state} ${reason}${exitCode} x${container?.restartCount}`,
    `ips=${podIPs.length}`].join(' ')
}

const unready = '!Ready:ContainersNotReady !Containers:ContainersNotReady'

test.each<[keyof typeof moments, string]>([
  ['initializing', `!Sandbox !Init:ContainersNotInitialized ${unready} ` +
    '| waiting PodInitializing x0 ips=0'],
  ['creating', `!Sandbox Init ${unready} | waiting ContainerCreating x0 ips=0`],
  ['unready', `Sandbox Init ${unready} | running  x0 ips=2`],
  ['ready', 'Sandbox Init Ready Containers | running  x0 ips=2'],
  ['crashed', `Sandbox Init ${unready} | waiting CrashLoopBackOff x2 ips=2`],
  ['succeeded', '!Sandbox Init:PodCompleted !Ready:PodCompleted !Containers:PodCompleted ' +
    '| terminated Completed0 x0 ips=2'],
  ['failed', '!Sandbox Init !Ready:PodFailed !Containers:PodFailed | terminated Error3 x0 ips=2'],
])('a Pod that is %s', (at, expected) => {
  const shown = status(at)
  expect(text(shown)).toBe(expected)
  expect(shown).toMatchObject({
    phase: moments[at].phase, observedGeneration: 4, startTime: '2026-01-01T00:00:00Z',
    hostIP: '198.18.0.1', hostIPs: [{ ip: '198.18.0.1' }, { ip: 'fd00:198:18::1' }],
  })
})

test('a condition keeps its time while its status stays', () => {
  const earlier = '2026-01-01T00:00:30Z'
  const known = ['Ready', 'Initialized'].map((type) =>
    ({ type, status: 'True', lastTransitionTime: earlier }))
  const times = (at: keyof typeof moments): unknown[] =>
    ['Ready', 'Initialized'].map((type) => status(at, podOf({}, { conditions: known })).conditions
      ?.find((one) => one.type === type)?.lastTransitionTime)
  expect(times('ready')).toEqual([earlier, earlier])
  expect(times('unready')).toEqual(['2026-01-01T00:01:00Z', earlier])
})

test.each<[string, object[], string]>([
  ['no gate status', [], 'False ReadinessGatesNotReady'],
  ['a gate that is False', [{ type: 'gate', status: 'False' }], 'False ReadinessGatesNotReady'],
  ['a gate that is True', [{ type: 'gate', status: 'True' }], 'True undefined'],
])('readiness gates: %s', (_, conditions, expected) => {
  const pod = podOf({ readinessGates: [{ conditionType: 'gate' }] }, { conditions })
  const ready = status('ready', pod).conditions?.find((one) => one.type === 'Ready')
  expect(`${ready?.status} ${ready?.reason}`).toBe(expected)
})

test('init containers wait, end one after the other, and sidecars run on', () => {
  const pod = podOf({
    initContainers: [
      { name: 'once', image: 'i:1' }, { name: 'side', image: 's:1', restartPolicy: 'Always' },
    ],
  })
  const states = (at: keyof typeof moments): string[] =>
    (status(at, pod).initContainerStatuses ?? [])
      .map((one) => `${one.name} ${Object.keys(one.state ?? {})[0]} ${one.ready}`)
  expect(states('initializing')).toEqual(['once waiting false', 'side waiting false'])
  expect(states('ready')).toEqual(['once terminated true', 'side running true'])
})

test('what others reported stays: start time, QoS class and the last state', () => {
  const lastState = { terminated: { exitCode: 1, reason: 'Error' } }
  const pod = podOf({}, {
    startTime: '2025-01-01T00:00:00Z', qosClass: 'BestEffort',
    containerStatuses: [{ name: 'web', lastState }],
  })
  expect(status('ready', pod)).toMatchObject({
    startTime: '2025-01-01T00:00:00Z', qosClass: 'BestEffort', containerStatuses: [{ lastState }],
  })
  expect(status('crashed', podOf()).containerStatuses?.[0]?.lastState?.terminated)
    .toMatchObject({ exitCode: 1, reason: 'Error', finishedAt: '2026-01-01T00:01:00Z' })
})

const asked = { limits: { cpu: '1' }, requests: { cpu: '500m' } }

test.each<[keyof typeof moments, object | undefined, unknown]>([
  ['creating', asked, { resources: undefined, allocatedResources: undefined }],
  ['unready', asked, { resources: asked, allocatedResources: asked.requests }],
  ['ready', { limits: asked.limits },
    { resources: { limits: asked.limits }, allocatedResources: undefined }],
  ['ready', undefined, { resources: {}, allocatedResources: undefined }],
  ['crashed', asked, { resources: asked, allocatedResources: asked.requests }],
  ['succeeded', asked, { resources: asked, allocatedResources: asked.requests }],
])('what a container has while its Pod is %s', (at, resources, expected) => {
  const container = { name: 'web', image: 'web:1', ...(resources && { resources }) }
  const pod = podOf({ containers: [container], initContainers: [container] })
  const { containerStatuses, initContainerStatuses } = status(at, pod)
  const had = (one: object | undefined): unknown => {
    const { resources, allocatedResources } = one as Record<string, unknown>
    return { resources, allocatedResources }
  }
  expect(had(containerStatuses?.[0])).toEqual(expected)
  // Init containers have ended by then.
  if (at !== 'creating') expect(had(initContainerStatuses?.[0])).toEqual(expected)
})
