import { type Socket, connect as connectTcp, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { limits } from '../limits.ts'

/**
 * A connection through a proxy: CONNECT for `http` and `https`, SOCKS5 for `socks5`. Rejects with
 * one line that names the proxy and never its password.
 */
export async function openTunnel(proxy: URL, host: string, port: number): Promise<Socket> {
  const target = host.replace(/^\[|\]$/g, '')
  const isSocks = proxy.protocol.startsWith('socks')
  const socket = await opened(proxy)
  socket.setTimeout(limits.proxyMsMax, () => socket.destroy(new Error('no answer in time')))
  try {
    if (isSocks) await askSocks(socket, proxy, target, port)
    else await askConnect(socket, proxy, target, port)
    socket.setTimeout(0)
    socket.removeAllListeners('timeout')
    return socket
  } catch (error) {
    socket.destroy()
    throw told(proxy, error)
  }
}

function opened(proxy: URL): Promise<Socket> {
  const secure = proxy.protocol === 'https:'
  const standard = secure ? 443 : proxy.protocol === 'http:' ? 80 : 1080
  const host = proxy.hostname.replace(/^\[|\]$/g, '')
  const port = Number(proxy.port || standard)
  return new Promise((resolve, reject) => {
    const servername = isIP(host) === 0 ? { servername: host } : {}
    const socket = secure ? connectTls({ host, port, ...servername }) : connectTcp({ host, port })
    const onError = (error: Error): void => reject(told(proxy, error))
    socket.once('error', onError)
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      socket.off('error', onError)
      // Whoever reads is told by the stream itself.
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}

const told = (proxy: URL, error: unknown): Error => new Error(
  `proxy ${proxy.protocol}//${proxy.host}: ` +
    (error instanceof Error ? error.message : String(error)), { cause: error })

async function askConnect(socket: Socket, proxy: URL, host: string, port: number): Promise<void> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const { username, password } = credentialsOf(proxy)
  const login = username === ''
    ? '' : `Proxy-Authorization: Basic ${Buffer.from(`${username}:${password}`)
      .toString('base64')}\r\n`
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${login}\r\n`)
  const head = await readUntil(socket, (read) => {
    const end = read.indexOf('\r\n\r\n')
    return end === -1 ? undefined : end + 4
  })
  const [line = ''] = head.toString('latin1').split('\r\n')
  if (!/^HTTP\/1\.[01] 200\b/.test(line)) throw new Error(`it answers "${line.slice(0, 100)}"`)
}

/** RFC 1928 and 1929: greeting, login if it asks for one, the target by name or address. */
async function askSocks(socket: Socket, proxy: URL, host: string, port: number): Promise<void> {
  const { username, password } = credentialsOf(proxy)
  socket.write(username === '' ? Buffer.from([5, 1, 0]) : Buffer.from([5, 2, 0, 2]))
  const [, method] = await readExactly(socket, 2)
  if (method === 2) {
    const [name, word] = [Buffer.from(username), Buffer.from(password)]
    socket.write(Buffer.concat([
      Buffer.from([1, name.length]), name, Buffer.from([word.length]), word,
    ]))
    const [, status] = await readExactly(socket, 2)
    if (status !== 0) throw new Error('it refuses the login')
  } else if (method !== 0) throw new Error('it wants a login that is not known here')
  const name = Buffer.from(host)
  socket.write(Buffer.concat([
    Buffer.from([5, 1, 0, 3, name.length]), name, Buffer.from([port >> 8, port & 255]),
  ]))
  const head = await readExactly(socket, 4)
  if (head[1] !== 0) throw new Error(`it cannot reach the server (SOCKS reply ${head[1]})`)
  const [length = 0] = head[3] === 3 ? await readExactly(socket, 1) : [head[3] === 4 ? 16 : 4]
  await readExactly(socket, length + 2)
}

const credentialsOf = (proxy: URL): { username: string; password: string } => ({
  username: decodeURIComponent(proxy.username), password: decodeURIComponent(proxy.password),
})

const readExactly = (socket: Socket, length: number): Promise<Buffer> =>
  readUntil(socket, (read) => (read.length >= length ? length : undefined))

/** Reads until `ends` says where; what came after that is put back. */
function readUntil(
  socket: Socket, ends: (read: Buffer) => number | undefined,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let read = Buffer.alloc(0)
    const done = (act: () => void): void => {
      socket.off('readable', onReadable).off('end', onEnd).off('error', onError)
      act()
    }
    const onEnd = (): void => done(() => reject(new Error('it ends the connection')))
    const onError = (error: Error): void => done(() => reject(error))
    const onReadable = (): void => {
      for (let chunk = socket.read() as Buffer | null; chunk !== null;) {
        read = Buffer.concat([read, chunk])
        chunk = socket.read() as Buffer | null
      }
      const end = ends(read)
      if (end === undefined) {
        if (read.length > limits.proxyBytesMax) onError(new Error('its answer is too long'))
        return
      }
      done(() => {
        if (read.length > end) socket.unshift(read.subarray(end))
        resolve(read.subarray(0, end))
      })
    }
    socket.on('readable', onReadable).on('end', onEnd).on('error', onError)
    onReadable()
  })
}
