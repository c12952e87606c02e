/** The servers to measure: ours as it ships, and the real one with its etcd. */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { referenceIsBuilt, startReference } from '../../parity/reference/start.ts'
import type { Served } from './connection.ts'

export interface Server extends Served {
  /** From the start of the first process to an answer of /readyz. */
  readonly readyMs: number
  stop(): Promise<void>
}

export const root = fileURLToPath(new URL('../..', import.meta.url))
export { referenceIsBuilt }

/** Installs and builds what is out of date, so that no measurement does. */
export function prepareOurs(): void {
  execFileSync(process.execPath, [join(root, 'tools', 'install.mjs')], { stdio: 'inherit' })
}

/**
 * Starts `slicewise apiserver`, or with `up` the whole system, by the launcher that a user calls.
 * `data` is kept; without it a new folder is used and removed.
 */
export async function startOurs(
  options: { command?: 'apiserver' | 'up'; data?: string } = {},
): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-ours-'))
  const kubeconfig = join(folder, 'kubeconfig')
  const args = [
    options.command ?? 'apiserver', '--listen', '127.0.0.1:0', '--kubeconfig', kubeconfig,
    '--data', options.data ?? join(folder, 'data'),
  ]
  const from = performance.now()
  const child = spawn(join(root, 'slicewise'), args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const access = await untilReady(kubeconfig, () => child.exitCode === null)
  return {
    ...access, pid: child.pid ?? 0, readyMs: performance.now() - from,
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilReady(
  kubeconfig: string, alive: () => boolean,
): Promise<{ url: string; token: string; ca: string }> {
  while (alive()) {
    if (existsSync(kubeconfig)) {
      const text = readFileSync(kubeconfig, 'utf8')
      const url = /server: "?(https:\/\/[^\s"]+)/.exec(text)?.[1]
      const data = /certificate-authority-data: "?([\w+/=]+)/.exec(text)?.[1]
      const token = /token: "?([^\s"]+)/.exec(text)?.[1]
      if (url !== undefined && data !== undefined && token !== undefined) {
        const ca = Buffer.from(data, 'base64').toString()
        if (await isReady(url, ca)) return { url, token, ca }
      }
    }
    await wait(5)
  }
  throw new Error('the server ended before it was ready')
}

function isReady(url: string, ca: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(`${url}/readyz`, { ca, agent: false }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
    asked.once('error', () => resolve(false))
    asked.end()
  })
}

/** kube-apiserver on etcd with fsync; in a new folder unless one is given. */
export async function startTheirs(options: { dir?: string } = {}): Promise<Server> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'bench-reference-'))
  const from = performance.now()
  const reference = await startReference({ dir, controllers: false })
  return {
    url: reference.url, token: reference.token, ca: reference.ca,
    pid: reference.pids['kube-apiserver'] ?? 0, storePid: reference.pids['etcd'] ?? 0,
    readyMs: performance.now() - from,
    async stop() {
      await reference.stop()
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true })
    },
  }
}
