import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { limits } from '../limits.ts'
import type { Transport } from '../transport.ts'
import { httpTransport } from './http-transport.ts'

let server: Server | undefined
let transport: Transport | undefined
afterEach(async () => {
  await transport?.close()
  server?.closeAllConnections()
  server?.close()
})

/** A server that answers by path; `/hold` never does. */
async function open(): Promise<{ transport: Transport; paths: string[] }> {
  const paths: string[] = []
  server = createServer((request, response) => {
    const path = request.url ?? ''
    paths.push(path)
    if (path.endsWith('/hold')) return
    if (path.endsWith('/broken')) {
      response.write('{"half"')
      setTimeout(() => response.destroy(), 20)
    } else if (path.endsWith('/lines')) {
      response.write('one\ntw')
      setTimeout(() => response.write('o\n'), 10)
    } else if (path.endsWith('/large')) {
      const row = `${'y'.repeat(999)}\n`
      for (let i = 0; i < 4_000; i++) response.write(row)
      response.end()
    } else {
      response.statusCode = 201
      request.on('data', (chunk: Buffer) => response.write(chunk.toString().toUpperCase()))
      request.on('end', () => response.end('é'))
    }
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server?.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  transport = httpTransport({ server: `http://127.0.0.1:${port}/base/` })
  return { transport, paths }
}

test('a body goes out and comes back, below the path of the server', async () => {
  const { transport: http, paths } = await open()
  const { status, headers, text } = await http.request({
    method: 'POST', path: '/x?y=1', body: 'abc', headers: { 'content-type': 'text/plain' },
  })
  expect([status, await text(), typeof headers['date']]).toEqual([201, 'ABCé', 'string'])
  expect(paths).toEqual(['/base/x?y=1'])
})

test('lines come while the answer lasts; leaving early ends the request', async () => {
  const { transport: http } = await open()
  const response = await http.request({ method: 'GET', path: '/lines', stream: true })
  const closed = new Promise((resolve) => server?.once('connection', (socket) => {
    socket.once('close', resolve)
  }))
  const again = await http.request({ method: 'GET', path: '/lines', stream: true })
  const seen: string[] = []
  for await (const one of again.lines()) {
    seen.push(one)
    if (seen.length === 2) break
  }
  expect(seen).toEqual(['one', 'two'])
  await closed
  for await (const one of response.lines()) {
    expect(one).toBe('one')
    break
  }
})

test('an answer that nobody reads is stopped, and comes whole when it is read', async () => {
  const { transport: http } = await open()
  const response = await http.request({ method: 'GET', path: '/large' })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect((await response.text()).length).toBe(4_000_000)
  expect(limits.unreadBytesMax).toBeLessThan(4_000_000)
})

test('a connection that breaks fails the request, and reading what had begun', async () => {
  const { transport: http } = await open()
  const response = await http.request({ method: 'GET', path: '/broken' })
  await expect(response.text()).rejects.toThrow()
  const { port } = (server as Server).address() as AddressInfo
  server?.closeAllConnections()
  server?.close()
  const lost = httpTransport({ server: `http://127.0.0.1:${port}` })
  await expect(lost.request({ method: 'GET', path: '/' })).rejects.toThrow(/ECONNREFUSED/)
  await lost.close()
})

test('a signal ends requests in flight, waiting ones and later ones with its reason', async () => {
  const { transport: http, paths } = await open()
  const abort = new AbortController()
  const { signal } = abort
  const reason = new Error('enough')
  const held = Array.from({ length: limits.connectionsMax + 3 }, () =>
    http.request({ method: 'GET', path: '/hold', signal }))
  const stream = await http.request({ method: 'GET', path: '/lines', stream: true, signal })
  const read = (async () => {
    for await (const one of stream.lines()) expect(one).toMatch(/one|two/)
  })()
  await expect.poll(() => paths.length).toBe(limits.connectionsMax + 1)
  abort.abort(reason)
  const failures = await Promise.all(held.map((one) => one.catch((error: unknown) => error)))
  expect(new Set(failures)).toEqual(new Set([reason]))
  await expect(read).rejects.toBe(reason)
  await expect(http.request({ method: 'GET', path: '/', signal })).rejects.toBe(reason)
  const after = await http.request({ method: 'POST', path: '/', body: 'a' })
  expect(await after.text()).toBe('Aé')
})
