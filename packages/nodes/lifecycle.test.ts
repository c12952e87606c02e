import type { Container, Pod, Stored } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { type Life, type Moment, momentOf, probedReadyMs } from './lifecycle.ts'
import { annotations, steeringOf } from './steering.ts'

const bornMs = Date.UTC(2026, 0, 1)

function podWith(
  spec: object,
  found: Record<string, string> = {},
  metadata: object = {},
): Stored<Pod> {
  return {
    metadata: {
      name: 'a',
      namespace: 'default',
      uid: 'u',
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
      annotations: found,
      ...metadata,
    },
    spec: { containers: [{ name: 'web', image: 'web:1' }], ...spec },
  } as Stored<Pod>
}

/** The states in order, each with the second at which it begins: what a person would see. */
function story(
  pod: Stored<Pod>,
  options: { life?: Partial<Life>; seconds: number; speed?: number },
): string[] {
  const life: Life = { bornMs, sandboxMs: bornMs, ...options.life }
  const told: string[] = []
  let atMs = bornMs
  while (atMs <= bornMs + options.seconds * 1_000) {
    const moment = momentOf(pod, life, steeringOf(pod), options.speed ?? 1, atMs)
    told.push(`${(atMs - bornMs) / 1_000} ${describe(moment)}`)
    if (moment.nextMs === Infinity) break
    expect(moment.nextMs).toBeGreaterThan(atMs)
    atMs = moment.nextMs
  }
  return told
}

function describe(moment: Moment): string {
  const { containers, phase, restarts, over, exitCode } = moment
  const state =
    containers.at === 'running'
      ? containers.ready
        ? 'ready'
        : 'unready'
      : containers.at === 'waiting'
        ? containers.reason
        : containers.at
  return [
    phase,
    state,
    ...(restarts > 0 ? [`restarts ${restarts}`] : []),
    ...(phase === 'Failed' ? [`code ${exitCode}`] : []),
    ...(over ? ['over'] : []),
  ].join(' ')
}

const probed = (probe: object): object => ({
  containers: [{ name: 'web', image: 'web:1', readinessProbe: probe }],
})

test.each<[string, Stored<Pod>, string[]]>([
  ['plain', podWith({}), ['0 Pending ContainerCreating', '1.05 Running ready']],
  [
    'init containers',
    podWith({ initContainers: [{ name: 'i' }, { name: 'j' }] }),
    ['0 Pending PodInitializing', '1.05 Pending ContainerCreating', '2.05 Running ready'],
  ],
  [
    'sidecars take no turn',
    podWith({ initContainers: [{ name: 'i', restartPolicy: 'Always' }] }),
    ['0 Pending ContainerCreating', '1.05 Running ready'],
  ],
  [
    'readiness delay',
    podWith(probed({ initialDelaySeconds: 5 })),
    ['0 Pending ContainerCreating', '1.05 Running unready', '6.05 Running ready'],
  ],
  [
    'readiness threshold',
    podWith(probed({ successThreshold: 3, periodSeconds: 2 })),
    ['0 Pending ContainerCreating', '1.05 Running unready', '6.05 Running ready'],
  ],
  [
    'start-after',
    podWith({}, { [annotations.startAfter]: '4s' }),
    ['0 Pending ContainerCreating', '4.05 Running ready'],
  ],
  [
    'ready-after instead of the probe',
    podWith(probed({ initialDelaySeconds: 5 }), { [annotations.readyAfter]: '2s' }),
    ['0 Pending ContainerCreating', '1.05 Running unready', '3.05 Running ready'],
  ],
  [
    'never ready',
    podWith({}, { [annotations.ready]: 'false' }),
    ['0 Pending ContainerCreating', '1.05 Running unready'],
  ],
  [
    'flapping',
    podWith({}, { [annotations.flap]: '3s/2s' }),
    [
      '0 Pending ContainerCreating',
      '1.05 Running ready',
      '4.05 Running unready',
      '6.05 Running ready',
      '9.05 Running unready',
    ],
  ],
  [
    'an exit without restart',
    podWith({ restartPolicy: 'Never' }, { [annotations.exitAfter]: '3s' }),
    ['0 Pending ContainerCreating', '1.05 Running ready', '4.05 Succeeded ended'],
  ],
  [
    'a failure without restart',
    podWith(
      { restartPolicy: 'Never' },
      { [annotations.exitAfter]: '3s', [annotations.exitCode]: '2' },
    ),
    ['0 Pending ContainerCreating', '1.05 Running ready', '4.05 Failed ended code 2'],
  ],
  [
    'OnFailure ends well',
    podWith({ restartPolicy: 'OnFailure' }, { [annotations.exitAfter]: '3s' }),
    ['0 Pending ContainerCreating', '1.05 Running ready', '4.05 Succeeded ended'],
  ],
])('%s', (_, pod, expected) => {
  expect(story(pod, { seconds: 10 })).toEqual(expected)
})

test('a crash is followed by longer and longer pauses', () => {
  const pod = podWith({}, { [annotations.exitAfter]: '5s', [annotations.exitCode]: '1' })
  expect(story(pod, { seconds: 50 })).toEqual([
    '0 Pending ContainerCreating',
    '1.05 Running ready',
    '6.05 Running crashed',
    '16.05 Running ready restarts 1',
    '21.05 Running crashed restarts 1',
    '41.05 Running ready restarts 2',
    '46.05 Running crashed restarts 2',
  ])
})

test('speed divides every time', () => {
  const pod = podWith(probed({ initialDelaySeconds: 5 }))
  expect(story(pod, { seconds: 10, speed: 10 })).toEqual([
    '0 Pending ContainerCreating',
    '0.105 Running unready',
    '0.605 Running ready',
  ])
})

const ending = { deletionTimestamp: '2026-01-01T00:00:05Z' }

test.each<[string, Stored<Pod>, string[]]>([
  [
    'usual end',
    podWith({}, {}, { ...ending, deletionGracePeriodSeconds: 30 }),
    ['5 Running ready', '6 Succeeded ended over'],
  ],
  [
    'slow end',
    podWith({}, { [annotations.endAfter]: '20s' }, { ...ending, deletionGracePeriodSeconds: 30 }),
    ['5 Running ready', '25 Succeeded ended over'],
  ],
  [
    'cut at the grace',
    podWith({}, { [annotations.endAfter]: '20s' }, { ...ending, deletionGracePeriodSeconds: 3 }),
    ['5 Running ready', '8 Succeeded ended over'],
  ],
  [
    'no grace',
    podWith({}, {}, { ...ending, deletionGracePeriodSeconds: 0 }),
    ['5 Succeeded ended over'],
  ],
])('termination: %s', (_, pod, expected) => {
  const endingMs = bornMs + 5_000
  const life: Life = { bornMs, sandboxMs: bornMs, endingMs }
  const told: string[] = []
  for (let atMs = endingMs; atMs < Infinity;) {
    const moment = momentOf(pod, life, steeringOf(pod), 1, atMs)
    told.push(`${(atMs - bornMs) / 1_000} ${describe(moment)}`)
    atMs = moment.nextMs
  }
  expect(told).toEqual(expected)
})

test.each<[string, Partial<Container>, number]>([
  ['none', {}, 0],
  ['readiness alone', { readinessProbe: {} }, 1_000],
  ['startup alone', { startupProbe: {} }, 10_000],
  [
    'both',
    {
      startupProbe: { initialDelaySeconds: 2, periodSeconds: 3 },
      readinessProbe: { initialDelaySeconds: 4 },
    },
    9_000,
  ],
])('probes: %s', (_, container, ms) => {
  expect(probedReadyMs(podWith({ containers: [{ name: 'web', ...container }] }))).toBe(ms)
})
