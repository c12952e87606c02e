import {
  type KubeObject,
  type OwnerReference,
  type ResourceRef,
  resources,
} from '@slicewise/kube'
import type { History, Place, Step } from '../history.ts'
import type { Snapshot } from '../snapshot.ts'
import { change, deployment, drop, end, history, start, statefulSet, step } from '../steps.ts'

const ref = resources.configmaps as ResourceRef
const deployments = resources.deployments as ResourceRef

interface Child {
  readonly of: readonly string[]
  readonly blocking?: boolean
  readonly finalizers?: string[]
}

const named = (place: Place, name: string) =>
  place.side.view(place.namespace).configMaps.find((one) => one.metadata.name === name)

function references(place: Place, { of, blocking }: Child): OwnerReference[] {
  return of.map((name) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name,
    uid: named(place, name)?.metadata.uid ?? 'gone-1',
    ...(blocking === undefined ? {} : { blockOwnerDeletion: blocking }),
  }))
}

const map = (name: string, child: Child = { of: [] }): Step =>
  step(`make ${name}`, (place) =>
    place.side.api.create(
      resources.configmaps as ResourceRef,
      {
        metadata: {
          name,
          namespace: place.namespace,
          ...(child.of.length === 0 ? {} : { ownerReferences: references(place, child) }),
          ...(child.finalizers === undefined ? {} : { finalizers: child.finalizers }),
        },
      } as KubeObject,
    ),
  )

const gone =
  (...names: string[]) =>
  (snapshot: Snapshot): boolean =>
    names.every((name) => snapshot['configMaps']?.[name] === undefined)
const policy = (propagationPolicy: 'Foreground' | 'Background' | 'Orphan') => ({
  propagationPolicy,
})
const settled: Step = step('a pause', () => new Promise((resolve) => setTimeout(resolve, 1_500)))

export const garbageHistories: readonly History[] = [
  history(
    'gc-background',
    map('a'),
    map('b', { of: ['a'] }),
    map('c', { of: ['b'] }),
    drop(ref, 'a', policy('Background'), gone('a', 'b', 'c')),
  ),
  history(
    'gc-foreground',
    map('a'),
    map('b', { of: ['a'], blocking: true, finalizers: ['test/hold'] }),
    map('c', { of: ['a'] }),
    drop(ref, 'a', policy('Foreground'), gone('c')),
    settled,
    change('let b go', ref, 'b', { metadata: { finalizers: null } }, gone('a', 'b')),
  ),
  history(
    'gc-foreground-deep',
    map('a'),
    map('b', { of: ['a'], blocking: true }),
    map('c', { of: ['b'], blocking: true, finalizers: ['test/hold'] }),
    drop(ref, 'a', policy('Foreground')),
    settled,
    change('let c go', ref, 'c', { metadata: { finalizers: null } }, gone('a', 'b', 'c')),
  ),
  history(
    'gc-not-blocking',
    map('a'),
    map('b', { of: ['a'], blocking: false, finalizers: ['test/hold'] }),
    drop(ref, 'a', policy('Foreground'), gone('a')),
    settled,
    change('let b go', ref, 'b', { metadata: { finalizers: null } }, gone('b')),
  ),
  history(
    'gc-orphan',
    map('a'),
    map('b', { of: ['a'] }),
    map('c', { of: ['a'], blocking: true }),
    drop(ref, 'a', policy('Orphan'), gone('a')),
    settled,
  ),
  history(
    'gc-two-owners',
    map('a'),
    map('b'),
    map('c', { of: ['a', 'b'] }),
    drop(ref, 'a', policy('Background'), gone('a')),
    settled,
    drop(ref, 'b', policy('Background'), gone('b', 'c')),
  ),
  history(
    'gc-two-owners-foreground',
    map('a'),
    map('b'),
    map('c', { of: ['a', 'b'], blocking: true }),
    drop(ref, 'a', policy('Foreground'), gone('a')),
    settled,
  ),
  history('gc-absent', map('b', { of: ['nobody'] }), { ...settled, until: gone('b') }),
  history(
    'gc-reused',
    map('a'),
    map('b', { of: ['a'] }),
    drop(ref, 'a', policy('Orphan'), gone('a')),
    map('a'),
    map('c', { of: ['a'] }),
    drop(ref, 'a', policy('Background'), gone('a', 'c')),
  ),
  history(
    'gc-deployment-orphan',
    deployment(2),
    start(),
    drop(deployments, 'web', policy('Orphan')),
    settled,
    deployment(3),
    start(),
  ),
  history(
    'gc-deployment-background',
    deployment(2),
    start(),
    drop(deployments, 'web', policy('Background')),
    settled,
    end(),
  ),
  history(
    'ns-empty',
    map('a', { of: [], finalizers: ['test/hold'] }),
    map('b'),
    deployment(2),
    statefulSet(1),
    start(),
    step(
      'delete the namespace',
      ({ side, namespace }) => side.api.delete(resources.namespaces, { name: namespace }),
      (snapshot) => !JSON.stringify(snapshot['pods']).includes('wanted'),
    ),
    settled,
    { ...end(), until: gone('b'), longestMs: 60_000 },
    settled,
    change(
      'let a go',
      ref,
      'a',
      { metadata: { finalizers: null } },
      // The reference comes back to it after its estimate of 15 s.
      (snapshot) => Object.keys(snapshot['namespace'] ?? {}).length === 0,
    ),
  ),
]
