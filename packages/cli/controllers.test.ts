import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { httpTransport, parseKubeconfig } from '@slicewise/client/node'
import { resources } from '@slicewise/kube'
import { nodeEnv } from '@slicewise/system/node'
import { type ControlPlane, startControlPlane } from '@slicewise/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyProgram, workFolder } from '../system/test-program.ts'
import { controllersFor, isOurs } from './controllers.ts'
import { Command, endAll } from './test-command.ts'

const discovery = [
  'endpointslice-controller', 'endpointslice-mirroring-controller', 'endpoints-controller',
]
test.each<[string | undefined, readonly string[], readonly string[]]>([
  [undefined, ['*'], discovery],
  ['*', ['*'], ['*']],
  ['endpoints', ['endpoints'], ['endpoints']],
  ['-endpoints', ['*', '-endpoints'], [...discovery, '-endpoints']],
  ['-*', ['-*'], ['-*']],
  ['*,-deployment', ['*', '-deployment'], ['*', '-deployment']],
])('--controllers=%s', (given, ours, elsewhere) => {
  expect(controllersFor(given?.split(','), true)).toEqual(ours)
  expect(controllersFor(given?.split(','), false)).toEqual(elsewhere)
})

const { folder, remove } = workFolder()
let cli: string
let plane: ControlPlane
let kubeconfig: string
beforeAll(async () => {
  cli = await copyProgram(folder)
  plane = await startControlPlane({ nodes: 0, controllers: ['-*'] })
  kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, plane.kubeconfig)
}, 60_000)
afterAll(async () => {
  await endAll()
  await plane.close()
  await remove()
})

test('a server of ours is told by its version; one that is away is asked again', async () => {
  const ours = httpTransport(await parseKubeconfig(plane.kubeconfig, folder))
  const { signal } = new AbortController()
  expect(await isOurs(ours, nodeEnv(), signal)).toBe(true)
  await ours.close()
  let asked = 0
  const server = createServer((_request, response) => {
    response.writeHead(++asked === 1 ? 503 : 200).end('{"gitVersion":"v1.36.3"}')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()))
  const { port } = server.address() as AddressInfo
  const other = httpTransport({ server: `http://127.0.0.1:${port}` })
  expect(await isOurs(other, nodeEnv(), signal)).toBe(false)
  expect(asked).toBe(2)
  await other.close()
  server.close()
})

test.each([
  ['--leader-elect --leader-elect-renew-deadline 20s', /renew deadline must be shorter than/],
  ['--leader-elect --leader-elect-retry-period 9s', /longer than 1\.2 retry periods/],
  ['--leader-elect --leader-elect-resource-lock endpoints', /Allowed choices are leases/],
  ['--concurrent-service-endpoint-syncs 51', /1 to 50|from 0 to 50/],
])('controllers %s ends with 2 and one line', async (flags, message) => {
  const args = ['controllers', '--kubeconfig', kubeconfig, ...flags.split(' ')]
  const { code, stderr } = await new Command(cli, args, { cwd: folder }).ended
  expect([code, stderr.trim().split('\n').length]).toEqual([2, 1])
  expect(stderr).toMatch(message)
})

test('what it counts is served, and its log tells the story of a key', async () => {
  const args = ['controllers', '--kubeconfig', kubeconfig, '--metrics', '127.0.0.1:0', '-v', '4',
    '--output', 'json', '--controllers', 'endpointslice,endpoints']
  const command = new Command(cli, args, { cwd: folder })
  const { metrics } = JSON.parse(await command.firstLine()) as { metrics: string }
  await plane.api.create(resources.services, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  } as never)
  let text = ''
  const written = 'slicewise_trigger_to_write_seconds_count{name="endpoint_slice"} 1'
  for (let tries = 0; tries < 200 && !text.includes(written); tries++) {
    text = await (await fetch(metrics)).text()
    await sleep(50)
  }
  expect(text).toContain(written)
  expect(text).toContain('endpoint_slice_controller_changes{operation="create"} 1\n')
  expect(text).toMatch(/^workqueue_adds_total\{name="endpoint"\} [1-9]/m)
  expect(text).toMatch(/^rest_client_requests_total\{code="201",method="POST",host="[^"]+"\} 2$/m)
  const ready = await fetch(metrics.replace('/metrics', '/readyz'))
  expect([ready.status, await ready.text()]).toEqual([200, 'ok'])
  command.child.kill('SIGTERM')
  const { code, stderr } = await command.ended
  expect(code).toBe(0)
  const story = stderr.trim().split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>)
    .filter((line) => line['key'] === 'default/web' &&
      line['controller'] === 'endpointslice-controller')
    .map(({ msg, verb = '' }) => `${msg} ${verb}`.trim())
  expect(story.slice(0, 3)).toEqual(['looking', 'planned', 'written create'])
  expect(stderr).toMatch(/"object":"endpointslices default\/web-\w{5}"/)
  expect(stderr).not.toContain('Bearer')
})
