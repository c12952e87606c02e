import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { ClusterAccess } from './access.ts'
import { isInCluster, readInCluster } from './in-cluster.ts'
import { readKubeconfig } from './kubeconfig.ts'
import { proxyFromEnvironment } from './proxy.ts'

export interface FindOptions {
  /** A file that was asked for; nothing else is looked at then. */
  readonly kubeconfig?: string
  readonly context?: string
  readonly environ: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** Where a Pod's ServiceAccount stands, when not where kubelet puts it. */
  readonly accountFolder?: string
}

/**
 * Finds the cluster as kubectl does: the file that was asked for, those of KUBECONFIG read as one,
 * ~/.kube/config, and in a Pod its ServiceAccount. A proxy of the environment is taken into account
 * where the kubeconfig names none.
 */
export async function findAccess(options: FindOptions): Promise<ClusterAccess> {
  const access = await chosenAccess(options)
  if (access.proxyUrl !== undefined) return access
  const proxyUrl = proxyFromEnvironment(access.server, options.environ)
  return proxyUrl === undefined ? access : { ...access, proxyUrl }
}

function chosenAccess(options: FindOptions): Promise<ClusterAccess> {
  const { kubeconfig, context, environ, home } = options
  if (kubeconfig !== undefined) return readKubeconfig(kubeconfig, context)
  const listed = (environ['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '')
  const files = listed.length > 0 ? listed : [join(home, '.kube', 'config')]
  const isThere = files.some((file) => existsSync(file))
  if (!isThere && context === undefined && isInCluster(environ)) {
    return readInCluster(environ, options.accountFolder)
  }
  return readKubeconfig(files, context)
}
