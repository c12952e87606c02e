import { homedir } from 'node:os'
import { join } from 'node:path'
import { HttpApi, type Transport } from '@slicewise/client'
import { httpTransport, readKubeconfig } from '@slicewise/client/node'
import type { Api } from '@slicewise/kube'
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

/** Opens the API server that the flags choose. Rejects with one line that says what to do. */
export async function openApi(flags: AccessFlags): Promise<OpenApi> {
  const access = await readKubeconfig(kubeconfigOf(flags), flags.context)
  const transport = httpTransport(access)
  const api = new HttpApi({ transport, userAgent: `slicewise/${version}` })
  return { api, transport, server: access.server, namespace: access.namespace ?? 'default' }
}

/** As kubectl chooses: the flag, the first file of KUBECONFIG, ~/.kube/config. */
function kubeconfigOf({ kubeconfig }: AccessFlags): string {
  const listed = (process.env['KUBECONFIG'] ?? '').split(':').find((file) => file !== '')
  return kubeconfig ?? listed ?? join(homedir(), '.kube', 'config')
}
