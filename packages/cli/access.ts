import { homedir } from 'node:os'
import { type Env } from '@slicewise/base'
import { HttpApi, type Transport } from '@slicewise/client'
import { clusterTransport, findAccess } from '@slicewise/client/node'
import type { Api } from '@slicewise/kube'
import { nodeEnv } from '@slicewise/system/node'
import { version } from './version.ts'

/** Flags that say which cluster is meant, and as whom. */
export interface AccessFlags {
  readonly kubeconfig?: string
  readonly context?: string
}

export interface OpenApi {
  readonly api: Api
  readonly transport: Transport
  readonly server: string
  /** The namespace that the kubeconfig chooses; `default` when it chooses none. */
  readonly namespace: string
}

/**
 * Opens the API server that the flags choose, or the environment as kubectl reads it, or the Pod
 * that this is. Rejects with one line that says what to do.
 */
export async function openApi(
  { kubeconfig, context }: AccessFlags,
  { env = nodeEnv(), wrap = (transport) => transport }: {
    env?: Env
    /** Stands between the Api and what sends, such as to count requests. */
    wrap?: (transport: Transport, server: string) => Transport
  } = {},
): Promise<OpenApi> {
  const account = process.env['SLICEWISE_SERVICE_ACCOUNT']
  const access = await findAccess({
    environ: process.env, home: homedir(),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    ...(account ? { accountFolder: account } : {}),
  })
  const transport = wrap(clusterTransport(access, env), access.server)
  const api = new HttpApi({ transport, userAgent: `slicewise/${version}` })
  return { api, transport, server: access.server, namespace: access.namespace ?? 'default' }
}
