import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { ClusterAccess } from './access.ts'
import { httpTransport } from './http-transport.ts'
import { proxyFromEnvironment } from './proxy.ts'
import { AskingServer } from './test-server.ts'

const environ = {
  HTTPS_PROXY: 'proxy.example:3128', http_proxy: 'http://plain.example',
  no_proxy: '.inside.example, outside.example:6443, 10.0.0.0/8, 192.0.2.7, [2001:db8::1]:443',
}
test.each([
  ['https://k8s.example', 'http://proxy.example:3128'],
  ['http://k8s.example', 'http://plain.example'],
  ['https://localhost:6443', undefined],
  ['https://127.0.0.9:6443', undefined],
  ['https://[::1]:6443', undefined],
  ['https://a.inside.example', undefined],
  ['https://inside.example', 'http://proxy.example:3128'],
  ['https://outside.example:6443', undefined],
  ['https://a.outside.example:6443', undefined],
  ['https://outside.example', 'http://proxy.example:3128'],
  ['https://10.1.2.3:6443', undefined],
  ['https://11.1.2.3:6443', 'http://proxy.example:3128'],
  ['https://192.0.2.7', undefined],
  ['https://[2001:db8::1]', undefined],
  ['https://[2001:db8::1]:6443', 'http://proxy.example:3128'],
])('the proxy of %s is %s', (server, proxy) => {
  expect(proxyFromEnvironment(server, environ)).toBe(proxy)
})

test('a star excepts all, and nothing said is no proxy', () => {
  expect(proxyFromEnvironment('https://a.example', { ...environ, no_proxy: '*' })).toBeUndefined()
  expect(proxyFromEnvironment('https://a.example', {})).toBeUndefined()
})

let server: AskingServer
let proxy: Server | undefined
beforeAll(async () => {
  server = await AskingServer.open()
})
afterAll(() => server.close())
afterEach(() => {
  proxy?.close()
  proxy = undefined
})

/** A proxy of `serve`, which gets a connection and its first bytes. */
async function listen(serve: (socket: Socket, first: Buffer) => void): Promise<string> {
  proxy = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (first) => serve(socket, first as Buffer))
  })
  await new Promise<void>((done) => proxy?.listen(0, '127.0.0.1', () => done()))
  return `127.0.0.1:${(proxy.address() as AddressInfo).port}`
}

function join(socket: Socket, port: number): void {
  const onward = connect(port, '127.0.0.1')
  onward.on('error', () => {})
  socket.pipe(onward).pipe(socket)
}

async function ask(proxyUrl: string): Promise<string> {
  const access: ClusterAccess = { server: server.url, ca: server.keys.authority, proxyUrl }
  const transport = httpTransport(access)
  try {
    return await (await transport.request({ method: 'GET', path: '/api' })).text()
  } finally {
    await transport.close()
  }
}

test('CONNECT with a login', async () => {
  let head = ''
  const at = await listen((socket, first) => {
    head = first.toString()
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    join(socket, server.port)
  })
  expect(await ask(`http://ann:p%40ss@${at}`)).toBe('fine')
  expect(head).toMatch(new RegExp(`^CONNECT 127.0.0.1:${server.port} HTTP/1.1\r\n`))
  expect(head).toContain(`Proxy-Authorization: Basic ${btoa('ann:p@ss')}\r\n`)
})

test('SOCKS5 with a login', async () => {
  let asked: Buffer = Buffer.alloc(0)
  const at = await listen((socket, greeting) => {
    expect([...greeting]).toEqual([5, 2, 0, 2])
    socket.once('data', (login) => {
      expect(login.toString('latin1')).toBe('\u0001\u0003ann\u0004pass')
      socket.once('data', (request) => {
        asked = request as Buffer
        socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
        join(socket, server.port)
      })
      socket.write(Buffer.from([1, 0]))
    })
    socket.write(Buffer.from([5, 2]))
  })
  expect(await ask(`socks5://ann:pass@${at}`)).toBe('fine')
  expect(asked.subarray(5, -2).toString()).toBe('127.0.0.1')
  expect(asked.readUInt16BE(asked.length - 2)).toBe(server.port)
})

test.each<[string, (socket: Socket) => void, RegExp]>([
  ['that refuses', (socket) => socket.end('HTTP/1.1 407 Login first\r\n\r\n'),
    /^proxy http:\/\/127\.0\.0\.1:\d+: it answers "HTTP\/1\.1 407 Login first"$/],
  ['that hangs up', (socket) => socket.end(), /^proxy http:.*: it ends the connection$/],
])('a proxy %s is named without its password', async (_what, serve, message) => {
  const at = await listen(serve)
  await expect(ask(`http://ann:secret@${at}`)).rejects.toThrow(message)
})
