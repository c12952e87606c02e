import { connect as connectTcp } from 'node:net'
import { type TLSSocket, connect } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Serving, http2Client, startServing } from '../../../tools/testkit/serving.ts'

let serving: Serving
beforeAll(async () => {
  serving = await startServing()
})
afterAll(async () => {
  expect(serving.errors).toEqual([])
  await serving.close()
})

function dial(protocol: 'http/1.1' | 'h2'): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: '127.0.0.1', port: serving.server.port, ca: serving.credentials.authority,
      ALPNProtocols: [protocol],
    }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Sends bytes as they are and collects what comes back until the server closes, or a while. */
async function send(protocol: 'http/1.1' | 'h2', bytes: string | Uint8Array): Promise<string> {
  const socket = await dial(protocol)
  const chunks: Buffer[] = []
  return new Promise((resolve) => {
    const finish = (): void => {
      socket.destroy()
      resolve(Buffer.concat(chunks).toString('latin1'))
    }
    const timer = setTimeout(finish, 1_500)
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('close', () => {
      clearTimeout(timer)
      finish()
    })
    socket.write(bytes)
  })
}

const alive = async (): Promise<void> => {
  const client = http2Client(serving)
  expect((await client.ask('/readyz', { token: false })).code).toBe(200)
  await client.close()
}

const auth = (): string => `Host: x\r\nAuthorization: Bearer ${serving.credentials.adminToken}\r\n`
const maps = '/api/v1/namespaces/default/configmaps'

/** name, bytes, what the first line of the answer says */
const cases: [string, () => string, RegExp][] = [
  ['no HTTP at all', () => 'hello\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['binary noise', () => '\x00\x01\x02\xff\xfe\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['no Host', () => 'GET /readyz HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 (400|200) /],
  ['HTTP/1.0', () => 'GET /readyz HTTP/1.0\r\n\r\n', /^HTTP\/1\.1 200 /],
  ['unknown method', () => `FOO ${maps} HTTP/1.1\r\n${auth()}\r\n`, /^HTTP\/1\.1 400 /],
  ['CONNECT', () => `CONNECT x:1 HTTP/1.1\r\n${auth()}\r\n`, /^(HTTP\/1\.1 4|$)/],
  ['header without end', () => `GET / HTTP/1.1\r\nA: ${'x'.repeat(100_000)}`,
    /^HTTP\/1\.1 431 /],
  ['newline in a header', () => 'GET / HTTP/1.1\r\nA: b\nc\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['two lengths', () => `POST ${maps} HTTP/1.1\r\n${auth()}Content-Length: 2\r\n` +
    'Content-Length: 3\r\n\r\n{}', /^HTTP\/1\.1 400 /],
  ['length and chunks', () => `POST ${maps} HTTP/1.1\r\n${auth()}Content-Length: 2\r\n` +
    'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['negative length', () => `POST ${maps} HTTP/1.1\r\n${auth()}Content-Length: -2\r\n\r\n{}`,
    /^HTTP\/1\.1 400 /],
  ['bad chunk', () => `POST ${maps} HTTP/1.1\r\n${auth()}Transfer-Encoding: chunked\r\n\r\n` +
    'zz\r\n{}\r\n0\r\n\r\n', /^(HTTP\/1\.1 400 |$)/],
  ['another coding below the chunks', () => `POST ${maps} HTTP/1.1\r\n${auth()}` +
    'Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n', /^HTTP\/1\.1 501 /],
  ['a coding that is none', () => `POST ${maps} HTTP/1.1\r\n${auth()}` +
    'Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n', /^HTTP\/1\.1 (400|501) /],
  ['a blank before the colon', () => `POST ${maps} HTTP/1.1\r\n${auth()}` +
    'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['a folded header', () => `POST ${maps} HTTP/1.1\r\n${auth()}Transfer-Encoding:\r\n chunked` +
    '\r\n\r\n0\r\n\r\n', /^HTTP\/1\.1 (400|501) /],
  ['a chunk that is longer than it says', () => `POST ${maps} HTTP/1.1\r\n${auth()}` +
    'Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n', /^(HTTP\/1\.1 400 |$)/],
  ['a chunk extension of a megabyte', () => `POST ${maps} HTTP/1.1\r\n${auth()}` +
    `Transfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(1_000_000)}\r\n{}\r\n0\r\n\r\n`,
  /^(HTTP\/1\.1 4\d\d |$)/],
  ['many headers', () => `GET /readyz HTTP/1.1\r\nHost: x\r\n${
    Array.from({ length: 3_000 }, (_none, i) => `a${i}: b\r\n`).join('')}\r\n`,
  /^HTTP\/1\.1 (200|431) /],
  ['exec by websocket', () => 'GET /api/v1/namespaces/default/pods/a/exec?command=sh HTTP/1.1\r\n' +
    `${auth()}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n', /^HTTP\/1\.1 4\d\d .*"kind":"Status"/s],
  ['exec by SPDY', () => 'POST /api/v1/namespaces/default/pods/a/exec?command=sh HTTP/1.1\r\n' +
    `${auth()}Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\nContent-Length: 0\r\n\r\n`,
  /^HTTP\/1\.1 4\d\d .*"kind":"Status"/s],
  ['length that is announced too large', () => `POST ${maps} HTTP/1.1\r\n${auth()}` +
    'Content-Length: 99999999999\r\n\r\n{}', /^HTTP\/1\.1 413 /],
  ['upgrade of a watch', () => `GET ${maps}?watch=1&timeoutSeconds=1 HTTP/1.1\r\n${auth()}` +
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n', /^HTTP\/1\.1 (200|4\d\d) /],
  ['upgrade to cleartext HTTP/2', () => `GET /readyz HTTP/1.1\r\n${auth()}` +
    'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n',
  /^HTTP\/1\.1 200 /],
  ['expectation', () => `POST ${maps} HTTP/1.1\r\n${auth()}Expect: 100-continue\r\n` +
    'Content-Length: 1\r\n\r\n{', /^HTTP\/1\.1 100 .*HTTP\/1\.1 400 /s],
  ['unknown expectation', () => `POST ${maps} HTTP/1.1\r\n${auth()}Expect: magic\r\n\r\n`,
    /^HTTP\/1\.1 417 /],
  ['two requests at once', () => `GET /readyz HTTP/1.1\r\n${auth()}\r\n`.repeat(2),
    /^HTTP\/1\.1 200 .*HTTP\/1\.1 200 /s],
  ['a watch and a request behind it', () => `GET ${maps}?watch=1&timeoutSeconds=1 HTTP/1.1\r\n` +
    `${auth()}\r\nGET /readyz HTTP/1.1\r\n${auth()}\r\n`, /^HTTP\/1\.1 200 /],
  ['absolute form', () => `GET https://x/readyz HTTP/1.1\r\n${auth()}\r\n`, /^HTTP\/1\.1 200 /],
  ['asterisk form', () => `OPTIONS * HTTP/1.1\r\n${auth()}\r\n`, /^HTTP\/1\.1 4\d\d /],
  ['long path', () => `GET /${'a/'.repeat(20_000)} HTTP/1.1\r\n${auth()}\r\n`, /^HTTP\/1\.1 4/],
]

test.concurrent.each(cases)('HTTP/1.1: %s', async (_name, bytes, answer) => {
  expect(await send('http/1.1', Buffer.from(bytes(), 'latin1'))).toMatch(answer)
  await alive()
})

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const frame = (type: number, flags: number, stream: number, payload: Uint8Array): Buffer => {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}
const settings = frame(4, 0, 0, Buffer.alloc(0))

test.concurrent.each([
  ['no preface', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['noise after the preface', Buffer.concat([preface, Buffer.alloc(500, 0xa5)])],
  ['headers that do not unpack', Buffer.concat([
    preface, settings, frame(1, 5, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff])),
  ])],
  ['no pseudo-headers', Buffer.concat([preface, settings, frame(1, 5, 1, Buffer.alloc(0))])],
  ['a reset of nothing', Buffer.concat([preface, settings, frame(3, 0, 7, Buffer.alloc(4))])],
  ['data of no stream', Buffer.concat([preface, settings, frame(0, 1, 5, Buffer.alloc(10))])],
  ['a frame beyond the limit', Buffer.concat([
    preface, settings, frame(0, 0, 1, Buffer.alloc(100_000)),
  ])],
  ['a thousand pings', Buffer.concat([
    preface, settings, ...Array.from({ length: 1000 }, () => frame(6, 0, 0, Buffer.alloc(8))),
  ])],
  ['opened and reset at once, many times', Buffer.concat([
    preface, settings,
    ...Array.from({ length: 500 }, (_none, i) => Buffer.concat([
      // :method GET, :scheme https, :path /, from the static table
      frame(1, 5, 2 * i + 1, Buffer.from([0x82, 0x87, 0x84])),
      frame(3, 0, 2 * i + 1, Buffer.from([0, 0, 0, 8])),
    ])),
  ])],
])('HTTP/2: %s', async (_name, bytes) => {
  await send('h2', bytes)
  await alive()
})

test('a connection that is no TLS, and ones that end anywhere', async () => {
  for (const text of ['GET / HTTP/1.1\r\n\r\n', '\x16\x03\x01\x02\x00', '']) {
    const socket = connectTcp(serving.server.port, '127.0.0.1')
    socket.on('error', () => {})
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.write(text)
    await new Promise((resolve) => setTimeout(resolve, 20))
    socket.destroy()
  }
  const request = `POST ${maps} HTTP/1.1\r\n${auth()}Content-Length: 100\r\n\r\n{"metadata":`
  for (let cut = 1; cut < request.length; cut += 17) {
    const socket = await dial('http/1.1')
    socket.on('error', () => {})
    socket.write(request.slice(0, cut))
    await new Promise((resolve) => setImmediate(resolve))
    socket.destroy()
  }
  await alive()
})
