import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** What it takes to reach and be known to one API server. Certificates and keys are PEM text. */
export interface ClusterAccess {
  readonly server: string
  readonly ca?: string
  readonly insecure?: boolean
  readonly token?: string
  readonly clientCertificate?: string
  readonly clientKey?: string
  readonly namespace?: string
}

interface Named {
  readonly name: string
}
interface KubeconfigFile {
  readonly 'current-context'?: string
  readonly contexts?: (Named & { context: { cluster: string; user: string; namespace?: string } })[]
  readonly clusters?: (Named & { cluster: Record<string, unknown> })[]
  readonly users?: (Named & { user: Record<string, unknown> })[]
}

/** Reads one kubeconfig. Throws with one line that names the file and what is missing in it. */
export async function readKubeconfig(file: string, context?: string): Promise<ClusterAccess> {
  return parseKubeconfig(await readFile(file, 'utf8'), dirname(resolve(file)), context)
}

/** As `readKubeconfig`, of its text; relative file names are looked up in `folder`. */
export async function parseKubeconfig(
  text: string, folder: string, context?: string,
): Promise<ClusterAccess> {
  const { parse } = await import('yaml')
  const config = (parse(text) ?? {}) as KubeconfigFile
  const name = context ?? config['current-context'] ?? ''
  const chosen = find(config.contexts, name, 'context').context
  const { cluster } = find(config.clusters, chosen.cluster, 'cluster')
  const { user } = find(config.users, chosen.user, 'user')
  if (typeof cluster['server'] !== 'string') {
    throw new Error(`kubeconfig: cluster "${chosen.cluster}" has no server`)
  }
  return {
    server: cluster['server'],
    insecure: cluster['insecure-skip-tls-verify'] === true,
    ...await dataOf('ca', cluster, 'certificate-authority', folder),
    ...await dataOf('clientCertificate', user, 'client-certificate', folder),
    ...await dataOf('clientKey', user, 'client-key', folder),
    ...await tokenOf(user, folder),
    ...(chosen.namespace === undefined ? {} : { namespace: chosen.namespace }),
  }
}

function find<T extends Named>(list: readonly T[] | undefined, name: string, what: string): T {
  const found = list?.find((one) => one.name === name)
  if (found === undefined) throw new Error(`kubeconfig: no ${what} named "${name}"`)
  return found
}

async function dataOf<K extends string>(
  member: K, section: Record<string, unknown>, field: string, folder: string,
): Promise<{ [P in K]?: string }> {
  const data = section[`${field}-data`]
  const file = section[field]
  if (typeof data === 'string') {
    return { [member]: Buffer.from(data, 'base64').toString('utf8') } as { [P in K]: string }
  }
  if (typeof file !== 'string') return {}
  return { [member]: await readFile(resolve(folder, file), 'utf8') } as { [P in K]: string }
}

async function tokenOf(user: Record<string, unknown>, folder: string): Promise<{ token?: string }> {
  if (typeof user['token'] === 'string') return { token: user['token'] }
  const file = user['tokenFile']
  if (typeof file !== 'string') return {}
  return { token: (await readFile(resolve(folder, file), 'utf8')).trim() }
}
