import { type LogFields, silentLog } from '@slicewise/base'
import { StatusError } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { VirtualEnv } from '../../tools/testkit/virtual-env.ts'
import { Outage } from './outage.ts'

function open(): { env: VirtualEnv; outage: Outage; logged: string[] } {
  const env = new VirtualEnv()
  const logged: string[] = []
  const warn = (message: string, fields?: LogFields): void => {
    logged.push([message, ...Object.values(fields ?? {})].join(', '))
  }
  const outage = new Outage({
    nowMs: () => env.nowMs(), elapsedMs: () => env.elapsedMs(),
    after: (ms, run) => env.after(ms, run),
    random: () => 0, uid: () => '', log: { ...silentLog, warn }, checked: true,
  })
  return { env, outage, logged }
}

const lost = new Error('connect ECONNREFUSED')

test('a server that goes away is told once, whoever finds out, and its return once', async () => {
  const { env, outage, logged } = open()
  for (let round = 0; round < 3; round++) {
    for (const resource of ['pods', 'services', 'nodes']) outage.failed(resource, lost, 812.3456)
    await env.advance(1_000)
  }
  outage.failed('nodes', new StatusError('ServiceUnavailable', 'starting'), 1)
  expect(logged).toEqual(['watch failed, trying again, pods, connect ECONNREFUSED, 812'])
  for (const resource of ['leases', 'services', 'pods', 'nodes']) outage.worked(resource)
  expect(logged.slice(1)).toEqual(['watching again, services, 3000'])
  outage.failed('pods', lost, 800)
  expect(logged).toHaveLength(3)
})

test('what is refused is told for each resource, beside an outage', () => {
  const { outage, logged } = open()
  const forbidden = new StatusError('Forbidden', 'no')
  for (const resource of ['pods', 'nodes', 'pods']) outage.failed(resource, forbidden, 800)
  outage.failed('services', lost, 800)
  outage.failed('pods', lost, 800)
  expect(logged.map((line) => line.split(', ')[2]))
    .toEqual(['pods', 'nodes', 'services'])
  outage.worked('pods')
  outage.worked('pods')
  expect(logged.slice(3)).toEqual(['watching again, pods, 0', 'watching again, pods, 0'])
})
