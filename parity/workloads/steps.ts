/** The words in which histories are written. */
import {
  type DaemonSet,
  type DeleteOptions,
  type Deployment,
  type KubeObject,
  type PodTemplateSpec,
  type ReplicaSet,
  type ResourceRef,
  type StatefulSet,
  resources,
} from '@slicewise/kube'
import type { History, Place, Step } from './history.ts'
import { type StartOptions, endPods, failPods, startPods, turnPods } from './kubelet.ts'
import type { Snapshot } from './snapshot.ts'

/** For histories in which ties or chance decide where Pods stand. */
export const anywhere = (of: History): History => ({ ...of, anyNode: true })

type Until = (snapshot: Snapshot) => boolean

export function history(name: string, ...steps: (Step | readonly Step[])[]): History {
  const flat = steps.flat()
  const seen = new Map<string, number>()
  return {
    name,
    steps: flat.map((step) => {
      const count = (seen.get(step.title) ?? 0) + 1
      seen.set(step.title, count)
      return count === 1 ? step : { ...step, title: `${step.title} ${count}` }
    }),
  }
}

export function step(
  title: string,
  act: (place: Place) => Promise<unknown>,
  until?: Until,
): Step {
  return {
    title,
    act: async (place) => void (await act(place)),
    ...(until === undefined ? {} : { until }),
  }
}

export function make(object: KubeObject, ref: ResourceRef, until?: Until): Step {
  const name = object.metadata?.name
  return step(
    `make ${ref.resource}/${name}`,
    ({ side, namespace }) =>
      side.api.create(ref, { ...object, metadata: { ...object.metadata, namespace } }),
    until,
  )
}

/** A merge patch. */
export function change(
  title: string,
  ref: ResourceRef,
  name: string,
  patch: object,
  until?: Until,
): Step {
  return step(
    title,
    ({ side, namespace }) => side.api.patch(ref, { name, namespace }, { type: 'merge', patch }),
    until,
  )
}

export function drop(
  ref: ResourceRef,
  name: string,
  options: DeleteOptions = {},
  until?: Until,
): Step {
  const how = options.propagationPolicy ?? 'by default'
  return step(
    `delete ${ref.resource}/${name} ${how}`,
    ({ side, namespace }) => side.api.delete(ref, { name, namespace }, options),
    until,
  )
}

export const start = (options: StartOptions = {}): Step =>
  step('Pods start', ({ side, namespace, nodes }) => startPods(side, namespace, nodes, options))
export const end = (options: StartOptions = {}): Step =>
  step('Pods end', ({ side, namespace }) => endPods(side, namespace, options))
export const fail = (options: StartOptions = {}): Step =>
  step('Pods fail', ({ side, namespace }) => failPods(side, namespace, options))
export const turn = (ready: boolean, options: StartOptions = {}): Step =>
  step(ready ? 'Pods turn ready' : 'Pods turn unready', ({ side, namespace }) =>
    turnPods(side, namespace, ready, options),
  )

/** Several rounds of starting what waits and ending what has to go. */
export function rounds(count: number): Step[] {
  return Array.from({ length: count }, () => [start({ oneByOne: true }), end()]).flat()
}

export function template(image: string, more: object = {}): PodTemplateSpec {
  return {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'web', image }], ...more },
  }
}

const selector = { matchLabels: { app: 'web' } }
export const inImage = (image: string): object => ({
  spec: { template: { spec: { containers: [{ name: 'web', image }] } } },
})

export function deployment(replicas: number, spec: Partial<Deployment['spec']> = {}): Step {
  const object: Deployment = {
    metadata: { name: 'web' },
    spec: { replicas, selector, template: template('web:1'), ...spec },
  }
  return make(object, resources.deployments as ResourceRef)
}

export function replicaSet(replicas: number, spec: Partial<ReplicaSet['spec']> = {}): Step {
  const object: ReplicaSet = {
    metadata: { name: 'web' },
    spec: { replicas, selector, template: template('web:1'), ...spec },
  }
  return make(object, resources.replicasets as ResourceRef)
}

export function statefulSet(replicas: number, spec: Partial<StatefulSet['spec']> = {}): Step {
  const object: StatefulSet = {
    metadata: { name: 'web' },
    spec: { replicas, selector, serviceName: 'web', template: template('web:1'), ...spec },
  }
  return make(object, resources.statefulsets as ResourceRef)
}

/** A DaemonSet for the Nodes that carry the history's label. */
export function daemonSet(
  name: string,
  spec: Partial<DaemonSet['spec']> = {},
  pod: object = {},
): Step {
  const object: DaemonSet = {
    metadata: { name: 'web' },
    spec: {
      selector,
      template: template('web:1', { nodeSelector: { history: name }, ...pod }),
      ...spec,
    },
  }
  return make(object, resources.daemonsets as ResourceRef)
}
