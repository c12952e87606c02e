import type { Change, Pod, Service, Stored } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { type Members, type PodEntry, SelectedPods } from './selected-pods.ts'

const meta = (name: string, labels: Record<string, string>, namespace = 'shop') => ({
  metadata: { name, namespace, labels, uid: name, resourceVersion: '1', creationTimestamp: '' },
})
const pod = (name: string, app: string, namespace = 'shop'): Stored<Pod> =>
  meta(name, { app }, namespace) as Stored<Pod>
const service = (name: string, app: string): Stored<Service> =>
  ({ ...meta(name, {}), spec: { selector: { app } } }) as Stored<Service>
const change = (before: Stored<Pod> | undefined, after: Stored<Pod> | undefined): Change<Pod> =>
  ({ key: '', before, after, revision: '1' })

class Heard implements Members {
  readonly names = new Set<string>()
  readonly log: string[]
  readonly own: string
  constructor(own: string, log: string[]) {
    this.own = own
    this.log = log
  }

  setPod({ name }: PodEntry): void {
    this.names.add(name)
    this.log.push(`${this.own}+${name}`)
  }

  removePod({ name }: PodEntry): void {
    this.names.delete(name)
    this.log.push(`${this.own}-${name}`)
  }
}

test('each Pod is matched once at the start, and changes reach whom they concern', () => {
  const pods = new SelectedPods<Heard>()
  const log: string[] = []
  const said = (): string => log.splice(0).join(' ')
  for (const name of ['cart', 'pay']) pods.set(service(name, name), new Heard(name, log))
  for (const name of ['a', 'b']) pods.applyPod(change(undefined, pod(name, 'cart')))
  pods.applyPod(change(undefined, pod('c', 'cart', 'other')))
  expect(said()).toBe('')
  pods.start()
  expect(said()).toBe('cart+a cart+b')
  pods.applyPod(change(pod('a', 'cart'), pod('a', 'cart')))
  expect(said()).toBe('cart+a')
  pods.applyPod(change(pod('a', 'cart'), pod('a', 'pay')))
  expect(said()).toBe('cart-a pay+a')
  pods.applyPod(change(pod('a', 'pay'), undefined))
  expect(said()).toBe('pay-a')
  pods.set(service('cart', 'cart'), new Heard('next', log))
  expect(said()).toBe('next+b')
  pods.set(service('cart', 'none'), new Heard('none', log))
  pods.applyPod(change(pod('b', 'cart'), pod('b', 'none')))
  expect(said()).toBe('none+b')
  pods.delete(service('cart', 'none'))
  pods.applyPod(change(pod('b', 'none'), undefined))
  expect(said()).toBe('')
})

test('a Pod asks only the Services that can select it', () => {
  const pods = new SelectedPods<Heard>()
  pods.start()
  for (let index = 0; index < 1_000; index++) {
    pods.set(service(`s${index}`, `app-${index}`), new Heard('', []))
  }
  const before = pods.compared
  for (let index = 0; index < 100; index++) {
    pods.applyPod(change(undefined, pod(`p${index}`, 'app-7')))
  }
  expect(pods.compared - before).toBe(100)
})
