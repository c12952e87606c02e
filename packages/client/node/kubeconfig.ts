import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { createSecureContext } from 'node:tls'

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

type Section = Readonly<Record<string, unknown>>

/**
 * Reads one kubeconfig. Throws with one line that names the file, what is wrong with it and what
 * to do.
 */
export async function readKubeconfig(file: string, context?: string): Promise<ClusterAccess> {
  const remedy = 'mend it, or name another file with --kubeconfig'
  try {
    const text = await readFile(file, 'utf8')
    return withGoodKeys(await parseKubeconfig(text, dirname(resolve(file)), context))
  } catch (error) {
    if (!(error instanceof KubeconfigError)) {
      throw new Error(`kubeconfig ${file} cannot be read (${reasonOf(error)}): ` +
        'name a file that this user may read with --kubeconfig or KUBECONFIG', { cause: error })
    }
    const why = error.message.slice('kubeconfig: '.length)
    throw new Error(`kubeconfig ${file}: ${why}: ${remedy}`, { cause: error })
  }
}

/** Keys that no connection could use are told here, not by each connection. */
function withGoodKeys(access: ClusterAccess): ClusterAccess {
  const { clientCertificate: cert, clientKey: key } = access
  if (cert === undefined && key === undefined) return access
  if (cert === undefined || key === undefined) {
    throw new KubeconfigError('a client certificate and its key come together')
  }
  try {
    createSecureContext({ cert, key })
    return access
  } catch (error) {
    throw new KubeconfigError(`the client certificate or its key is no good (${reasonOf(error)})`,
      { cause: error })
  }
}

/** What a kubeconfig says is not usable; one line. */
export class KubeconfigError extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`kubeconfig: ${why}`, options)
  }
}

/**
 * As `readKubeconfig`, of its text; relative file names are looked up in `folder`. Throws a
 * `KubeconfigError`.
 */
export async function parseKubeconfig(
  text: string, folder: string, context?: string,
): Promise<ClusterAccess> {
  const config = sectionOf(await parsed(text)) ?? {}
  const name = context ?? textOf(config['current-context']) ?? ''
  if (name === '') throw new KubeconfigError('it has no current-context')
  const chosen = find(config['contexts'], name, 'context')
  const clusterName = textOf(chosen['cluster']) ?? ''
  const userName = textOf(chosen['user']) ?? ''
  const cluster = find(config['clusters'], clusterName, 'cluster')
  const user = find(config['users'], userName, 'user')
  const namespace = textOf(chosen['namespace'])
  refuseLogins(user, userName)
  return {
    server: serverOf(cluster, clusterName),
    insecure: cluster['insecure-skip-tls-verify'] === true,
    ...await dataOf('ca', cluster, 'certificate-authority', folder),
    ...await dataOf('clientCertificate', user, 'client-certificate', folder),
    ...await dataOf('clientKey', user, 'client-key', folder),
    ...await tokenOf(user, folder),
    ...(namespace === undefined ? {} : { namespace }),
  }
}

async function parsed(text: string): Promise<unknown> {
  const { parse } = await import('yaml')
  try {
    return parse(text)
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    throw new KubeconfigError(`no valid YAML: ${line.replace(/:$/, '')}`, { cause: error })
  }
}

const sectionOf = (value: unknown): Section | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value as Section : undefined

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

/** The entry of a list by its name: what it has under the name of its kind. */
function find(list: unknown, name: string, what: 'context' | 'cluster' | 'user'): Section {
  const entries: readonly unknown[] = Array.isArray(list) ? list : []
  const found = entries.map(sectionOf).find((one) => one?.['name'] === name)
  if (found === undefined) throw new KubeconfigError(`no ${what} named "${name}"`)
  const section = sectionOf(found[what])
  // A user may be nobody: `user: {}`, or nothing at all.
  if (section === undefined && (what !== 'user' || found[what] != null)) {
    throw new KubeconfigError(`the ${what} "${name}" says nothing`)
  }
  return section ?? {}
}

function serverOf(cluster: Section, name: string): string {
  const server = textOf(cluster['server'])
  if (server === undefined) throw new KubeconfigError(`cluster "${name}" has no server`)
  if (!/^https?:$/.test(URL.canParse(server) ? new URL(server).protocol : '')) {
    throw new KubeconfigError(`the server of cluster "${name}" is no URL: ${server}`)
  }
  return server
}

/** Ways to log in that are not done here would end as "forbidden", request after request. */
function refuseLogins(user: Section, name: string): void {
  const found = ['exec', 'auth-provider', 'username'].find((one) => user[one] !== undefined)
  if (found === undefined) return
  throw new KubeconfigError(`user "${name}" logs in by ${found}, which is not supported: ` +
    'it takes a token, a token file or a client certificate')
}

async function dataOf<K extends string>(
  member: K, section: Section, field: string, folder: string,
): Promise<{ [P in K]?: string }> {
  const data = section[`${field}-data`]
  const file = section[field]
  if (typeof data === 'string') {
    return { [member]: Buffer.from(data, 'base64').toString('utf8') } as { [P in K]: string }
  }
  if (typeof file !== 'string') return {}
  return { [member]: await fileOf(file, field, folder) } as { [P in K]: string }
}

async function tokenOf(user: Section, folder: string): Promise<{ token?: string }> {
  if (typeof user['token'] === 'string') return { token: user['token'] }
  const file = user['tokenFile']
  if (typeof file !== 'string') return {}
  return { token: (await fileOf(file, 'tokenFile', folder)).trim() }
}

async function fileOf(file: string, field: string, folder: string): Promise<string> {
  const path = resolve(folder, file)
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new KubeconfigError(`its ${field} ${path} cannot be read (${reasonOf(error)})`,
      { cause: error })
  }
}

const reasonOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error))
