import { setMaxListeners } from 'node:events'
import { networkInterfaces } from 'node:os'
import { join, resolve } from 'node:path'
import { type Env, type Log, Metrics, silentLog } from '@slicewise/base'
import { type Api, resourceTable } from '@slicewise/kube'
import {
  type OpenRegistry, bootstrap, createApi, keepBootstrapped, openRegistry,
} from '@slicewise/server'
import {
  type HttpServer, type ServingCredentials, kubeconfigText, prepareCredentials, startHttpServer,
  writeKubeconfig,
} from '@slicewise/server/http'
import { type Store, openMemoryStore } from '@slicewise/store'
import { type ControlLoops, startControlLoops } from './assemble.ts'
import type { SystemConfig } from './config.ts'
import { nodeEnv } from './env-node.ts'

export interface StartOptions {
  readonly config: SystemConfig
  /** Also starts controllers and simulated Nodes; false for the API server alone. */
  readonly loops?: boolean
  readonly log?: Log
  /** Freezes shared objects, so that a mutation throws. */
  readonly checked?: boolean
}

/** A running system: an API server over a store, with or without controllers. */
export interface System {
  readonly url: string
  readonly port: number
  /** Kubeconfig text with the CA and an admin credential. */
  readonly kubeconfig: string
  readonly registry: OpenRegistry
  /** The API in process, as the administrator. */
  readonly api: Api
  /** What the API server and the controllers count, as Prometheus text. */
  metricsText(): string
  /** How long the start took, ms. */
  readonly startMs: number
  /** Stops everything in order; what was acknowledged is on disk. Safe to call twice. */
  close(): Promise<void>
}

/** Starts a system and resolves when it answers. Rejects with one line that says what to do. */
export async function startSystem(options: StartOptions): Promise<System> {
  const { config, log = silentLog, checked = false } = options
  const env = nodeEnv({ log, checked })
  const beganMs = env.nowMs()
  const inMemory = config.data === 'memory'
  const folder = resolve(config.data)
  // The store first: it refuses a folder with files that are not ours, and makes it ours.
  const store = await (inMemory ? openMemoryStore(env) : openFolder(folder, env))
  try {
    const keys = join(folder, 'pki')
    const credentials = await prepareCredentials({
      env, hosts: [config.listen.host], serviceCidrs: config.serviceCidrs,
      ...(inMemory ? {} : { folder: keys }),
    }).catch((error: unknown) => {
      throw fileTrouble(`the keys in ${keys} cannot be read or written`, error,
        'give this user the right to, or name another folder with --data')
    })
    return await startOn({ options, env, store, credentials, beganMs })
  } catch (error) {
    await store.close()
    throw error
  }
}

async function openFolder(folder: string, env: Env): Promise<Store> {
  const { openLmdbStore } = await import('@slicewise/store/lmdb')
  return openLmdbStore(folder, env)
}

interface Parts {
  readonly options: StartOptions
  readonly env: Env
  readonly store: Store
  readonly credentials: ServingCredentials
  readonly beganMs: number
}

async function startOn({ options, env, store, credentials, beganMs }: Parts): Promise<System> {
  const { config } = options
  const registry = await openRegistry({
    env, store, resources: resourceTable, serviceCidrs: config.serviceCidrs,
    loadBalancerCidrs: config.loadBalancerCidrs, rootCa: credentials.authority,
  })
  const server = await startHttpServer({ env, registry, credentials, ...config.listen })
    .catch(async (error: Error) => {
      await registry.close()
      throw new Error(refusal(error, config), { cause: error })
    })
  const cluster = { advertise: { address: advertisedAddress(), port: server.port } }
  await bootstrap(registry, cluster)
  const keeper = keepBootstrapped(registry, cluster)
  const api = createApi(registry, { name: 'kubernetes-admin', groups: ['system:masters'] })
  const abort = loopSignal()
  const metrics = new Metrics()
  const loops = options.loops === false
    ? undefined : startControlLoops({ env, api, config, abort, metrics })
  const stopAll = async (): Promise<void> => {
    keeper.stop()
    await closeAll(server, loops, registry, store)
  }
  try {
    tellClients(config, server.url, credentials)
  } catch (error) {
    await stopAll()
    throw error
  }
  let closing: Promise<void> | undefined
  return {
    url: server.url,
    port: server.port,
    kubeconfig: kubeconfigText(server.url, credentials),
    registry,
    api,
    metricsText: () => server.metricsText() + metrics.text(),
    startMs: env.nowMs() - beganMs,
    close: () => {
      closing ??= stopAll()
      return closing
    },
  }
}

/** Leaves the kubeconfig where clients look for it. */
function tellClients(
  { kubeconfig }: SystemConfig, url: string, credentials: ServingCredentials,
): void {
  if (kubeconfig === undefined) return
  const path = resolve(kubeconfig)
  try {
    writeKubeconfig(path, url, credentials)
  } catch (error) {
    throw fileTrouble(`the kubeconfig ${path} cannot be written`, error,
      'name a file that this user may write with --kubeconfig')
  }
}

/** One line on a file that the system needs; what is no trouble with files stays as it is. */
function fileTrouble(what: string, error: unknown, remedy: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined) return error
  return new Error(`${what} (${code}): ${remedy}`, { cause: error })
}

async function closeAll(
  server: HttpServer, loops: ControlLoops | undefined, registry: OpenRegistry, store: Store,
): Promise<void> {
  await Promise.all([server.close(), loops?.stop()])
  await registry.close()
  await store.close()
}

/** Ends control loops; many of their parts listen, which is no leak. */
export function loopSignal(): AbortController {
  const abort = new AbortController()
  setMaxListeners(0, abort.signal)
  return abort
}

/** Where Pods would reach this machine; an address for documentation when it has no network. */
function advertisedAddress(): string {
  for (const addresses of Object.values(networkInterfaces())) {
    const found = addresses?.find((one) => !one.internal && one.family === 'IPv4')
    if (found !== undefined) return found.address
  }
  return '192.0.2.1'
}

/** What a failed listen means for whoever started the program. */
function refusal(error: Error & { code?: string }, { listen }: SystemConfig): string {
  const where = `${listen.host}:${listen.port}`
  if (error.code === 'EADDRINUSE') {
    return `something listens at ${where} already: end it, or choose another port with --listen`
  }
  return `cannot listen at ${where}: ${error.message}`
}
