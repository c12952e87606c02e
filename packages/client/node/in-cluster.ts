import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ClusterAccess, reasonOf } from './access.ts'

/** Where a Pod finds the token of its ServiceAccount. */
const accountFolder = '/var/run/secrets/kubernetes.io/serviceaccount'

type Environment = Readonly<Record<string, string | undefined>>

/** Whether this process runs in a Pod, by what kubelet puts into its environment. */
export function isInCluster(environ: Environment): boolean {
  return Boolean(environ['KUBERNETES_SERVICE_HOST'] && environ['KUBERNETES_SERVICE_PORT'])
}

/**
 * The access of a Pod by its ServiceAccount; kubelet replaces the token before it ends. Throws with
 * one line when the Pod has none.
 */
export async function readInCluster(
  environ: Environment, folder = accountFolder,
): Promise<ClusterAccess> {
  const host = environ['KUBERNETES_SERVICE_HOST'] ?? ''
  const port = environ['KUBERNETES_SERVICE_PORT'] ?? ''
  const files = { token: join(folder, 'token'), ca: join(folder, 'ca.crt') }
  const read = (path: string): Promise<string> => readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(`in this Pod ${path} cannot be read (${reasonOf(error)}): give it a ` +
      'serviceAccountName and automountServiceAccountToken, or name a file with --kubeconfig',
    { cause: error })
  })
  const namespace = await readFile(join(folder, 'namespace'), 'utf8').catch(() => '')
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    token: (await read(files.token)).trim(),
    ca: await read(files.ca),
    files,
    ...(namespace.trim() === '' ? {} : { namespace: namespace.trim() }),
  }
}
