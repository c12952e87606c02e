import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { type ClusterAccess, KubeconfigError, reasonOf } from './access.ts'
import { type Located, type Section, findEntry, mergedConfig, sectionOf, textOf }
  from './kubeconfig-file.ts'
import { execPluginOf, impersonationOf } from './kubeconfig-user.ts'

export { type ClusterAccess, KubeconfigError } from './access.ts'

/**
 * Reads a kubeconfig, or several as one: of what two of them say, the first holds, and those that
 * do not exist are skipped. Throws with one line that names the files, what is wrong with them and
 * what to do.
 */
export async function readKubeconfig(
  file: string | readonly string[], context?: string,
): Promise<ClusterAccess> {
  const remedy = 'mend it, or name another file with --kubeconfig'
  const files = typeof file === 'string' ? [file] : file
  const named = files.join(', ')
  try {
    const texts = await textsOf(files, typeof file !== 'string' && files.length > 1)
    return withGoodKeys(await accessOf(texts, context))
  } catch (error) {
    if (!(error instanceof KubeconfigError)) {
      throw new Error(`kubeconfig ${named} cannot be read (${reasonOf(error)}): ` +
        'name a file that this user may read with --kubeconfig or KUBECONFIG', { cause: error })
    }
    const why = error.message.slice('kubeconfig: '.length)
    throw new Error(`kubeconfig ${named}: ${why}: ${remedy}`, { cause: error })
  }
}

/**
 * As `readKubeconfig`, of its text; relative file names are looked up in `folder`. Throws a
 * `KubeconfigError`.
 */
export function parseKubeconfig(
  text: string, folder: string, context?: string,
): Promise<ClusterAccess> {
  return accessOf([{ text, folder }], context)
}

interface FileText {
  readonly text: string
  readonly folder: string
}

async function textsOf(files: readonly string[], skipMissing: boolean): Promise<FileText[]> {
  const texts: FileText[] = []
  let missing: unknown
  for (const file of files) {
    try {
      texts.push({ text: await readFile(file, 'utf8'), folder: dirname(resolve(file)) })
    } catch (error) {
      if (!skipMissing || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      missing = error
    }
  }
  if (texts.length === 0 && missing !== undefined) throw missing
  return texts
}

async function accessOf(
  texts: readonly FileText[], context: string | undefined,
): Promise<ClusterAccess> {
  const parts: Located[] = []
  for (const { text, folder } of texts) {
    parts.push({ section: sectionOf(await parsed(text)) ?? {}, folder })
  }
  const config = mergedConfig(parts)
  const name = context ?? config.currentContext ?? ''
  if (name === '') throw new KubeconfigError('it has no current-context')
  const { section: chosen } = findEntry(config.contexts, name, 'context')
  const clusterName = textOf(chosen['cluster']) ?? ''
  const userName = textOf(chosen['user']) ?? ''
  const cluster = findEntry(config.clusters, clusterName, 'cluster')
  const user = findEntry(config.users, userName, 'user')
  const namespace = textOf(chosen['namespace'])
  return {
    ...await clusterOf(cluster, clusterName),
    ...await userOf(user, userName, cluster.section),
    ...await filesOf(cluster, user),
    ...(namespace === undefined ? {} : { namespace }),
  }
}

async function clusterOf({ section, folder }: Located, name: string) {
  const insecure = section['insecure-skip-tls-verify'] === true
  const ca = await dataOf('ca', section, 'certificate-authority', folder)
  if (insecure && ca.ca !== undefined) {
    throw new KubeconfigError(`cluster "${name}" has a certificate-authority and ` +
      'insecure-skip-tls-verify, which is one too many')
  }
  const tlsServerName = textOf(section['tls-server-name'])
  const proxyUrl = textOf(section['proxy-url'])
  if (proxyUrl && !/^(https?|socks5h?):\/\/./.test(proxyUrl)) {
    throw new KubeconfigError(`the proxy-url of cluster "${name}" is no http, https or socks5 URL`)
  }
  return {
    server: serverOf(section, name), insecure, ...ca,
    ...(tlsServerName ? { tlsServerName } : {}),
    ...(proxyUrl ? { proxyUrl } : {}),
  }
}

async function userOf({ section, folder }: Located, name: string, cluster: Section) {
  const username = textOf(section['username'])
  const token = await tokenOf(section, folder)
  if (section['auth-provider'] !== undefined) {
    throw new KubeconfigError(`user "${name}" logs in by auth-provider, which is not supported: ` +
      'it takes a token, a token file, a client certificate or an exec plugin')
  }
  if (username && token.token !== undefined) {
    throw new KubeconfigError(`user "${name}" has a token and a username, which is one too many`)
  }
  const exec = execPluginOf(section, folder, name, cluster)
  const impersonate = impersonationOf(section, name)
  return {
    ...await dataOf('clientCertificate', section, 'client-certificate', folder),
    ...await dataOf('clientKey', section, 'client-key', folder),
    ...token,
    ...(username ? { username, password: textOf(section['password']) ?? '' } : {}),
    ...(exec === undefined ? {} : { exec }),
    ...(impersonate === undefined ? {} : { impersonate }),
  }
}

/** Which of the contents have to be read again from time to time. */
async function filesOf(cluster: Located, user: Located): Promise<Pick<ClusterAccess, 'files'>> {
  const paths = Object.entries({
    ca: pathOf(cluster, 'certificate-authority'),
    token: pathOf(user, 'tokenFile'),
    clientCertificate: pathOf(user, 'client-certificate'),
    clientKey: pathOf(user, 'client-key'),
  }).filter(([, path]) => path !== undefined)
  return paths.length === 0 ? {} : { files: Object.fromEntries(paths) }
}

function pathOf({ section, folder }: Located, field: string): string | undefined {
  const file = textOf(section[field])
  return !file || hasData(section, field) ? undefined : resolve(folder, file)
}

const hasData = (section: Section, field: string): boolean => Boolean(section[`${field}-data`])

async function parsed(text: string): Promise<unknown> {
  const { parse } = await import('yaml')
  try {
    return parse(text)
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    throw new KubeconfigError(`no valid YAML: ${line.replace(/:$/, '')}`, { cause: error })
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

function serverOf(cluster: Section, name: string): string {
  const server = textOf(cluster['server'])
  if (server === undefined) throw new KubeconfigError(`cluster "${name}" has no server`)
  if (!/^https?:$/.test(URL.canParse(server) ? new URL(server).protocol : '')) {
    throw new KubeconfigError(`the server of cluster "${name}" is no URL: ${server}`)
  }
  return server
}

async function dataOf<K extends string>(
  member: K, section: Section, field: string, folder: string,
): Promise<{ [P in K]?: string }> {
  const data = section[`${field}-data`]
  const file = section[field]
  if (typeof data === 'string' && data !== '') {
    return { [member]: Buffer.from(data, 'base64').toString('utf8') } as { [P in K]: string }
  }
  if (typeof file !== 'string' || file === '') return {}
  return { [member]: await fileOf(file, field, folder) } as { [P in K]: string }
}

/** What is in the file wins over what stands beside it, as it is newer. */
async function tokenOf(user: Section, folder: string): Promise<{ token?: string }> {
  const file = textOf(user['tokenFile'])
  if (file) return { token: (await fileOf(file, 'tokenFile', folder)).trim() }
  const token = textOf(user['token'])
  return token ? { token } : {}
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
