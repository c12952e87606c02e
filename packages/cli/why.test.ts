import { HttpApi, type Transport } from '@slicewise/client'
import { httpTransport, parseKubeconfig } from '@slicewise/client/node'
import { nodeEnv } from '@slicewise/system/node'
import { type Api, type Pod, type Service, resources, startControlPlane } from '@slicewise/testing'
import { expect, test } from 'vitest'
import { shadow } from './commands/shadow.ts'
import { why } from './commands/why.ts'
import { UsageError } from './fault.ts'
import { explain, waitForReady } from './why.ts'

const namespace = 'default'
const subject = { kind: 'Service', namespace, name: 'web' } as const

const makeService = (api: Api): Promise<unknown> => api.create<Service>(resources.services, {
  metadata: { name: 'web', namespace }, spec: { selector: { app: 'web' }, ports: [
    { port: 80, targetPort: 8080 },
  ] },
})
const makePod = (api: Api, name: string): Promise<unknown> => api.create<Pod>(resources.pods, {
  metadata: { name, namespace, labels: { app: 'web' } },
  spec: { containers: [{ name: 'a', image: 'a' }] },
})

test('waiting ends when so many endpoints are ready, watches, and only reads', async () => {
  await using plane = await startControlPlane({ nodes: 1 })
  const seen: string[] = []
  const transport = recorded(httpTransport(await parseKubeconfig(plane.kubeconfig, '.')), seen)
  const options = { env: nodeEnv(), api: new HttpApi({ transport, userAgent: 'test' }), subject }
  const waiting = waitForReady(options, 2, new AbortController().signal)
  let over = false
  void waiting.then(() => { over = true })
  await makeService(plane.api)
  await makePod(plane.api, 'web-a')
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(over).toBe(false)
  await makePod(plane.api, 'web-b')
  expect(await waiting).toBe(true)
  expect(seen.length).toBeLessThanOrEqual(2)
  expect(seen.every((one) => one.startsWith('GET '))).toBe(true)
  expect(seen.some((one) => one.includes('watch='))).toBe(true)
  const found = await explain(options)
  expect([found.exit, found.text]).toEqual([0, expect.stringContaining('has its 2 endpoints')])
  await transport.close()
})

test('waiting ends without them when the time is over', async () => {
  await using plane = await startControlPlane({ nodes: 0, controllers: ['endpointslice'] })
  await makeService(plane.api)
  const enough = new AbortController()
  const waiting = waitForReady({ env: nodeEnv(), api: plane.api, subject }, 1, enough.signal)
  setTimeout(() => enough.abort(), 50)
  expect(await waiting).toBe(false)
})

function recorded(transport: Transport, seen: string[]): Transport {
  return {
    request: (request) => {
      seen.push(`${request.method} ${request.path}`)
      return transport.request(request)
    },
    close: () => transport.close(),
  }
}

const flags = { output: 'text', timeout: 1_000, verbosity: 0 } as const

test.each([
  [['web']], [['svc/']], [['deployment/web']], [['svc/web/x']], [['svc', 'web', 'x']], [['/web']],
])('%j is refused before anything is read', async (words) => {
  await expect(why(words, flags)).rejects.toThrow(UsageError)
})

test.each([
  [['deployment'], '--shadow compares endpointslice-controller, endpoints-controller, '],
  [['nonsense'], 'unknown controller "nonsense"'],
])('a shadow of %j is refused', async (controllers, message) => {
  const asked = shadow({ controllers, output: 'table', verbosity: 0 })
  await expect(asked).rejects.toThrow(message)
  await expect(asked).rejects.toThrow(UsageError)
})

test('a Pod is not waited for', async () => {
  await expect(why(['pod/web'], { ...flags, wait: 1 })).rejects.toThrow(/--wait counts/)
})
