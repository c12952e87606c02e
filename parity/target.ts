/** A server to send scripts to, as a kubeconfig file describes it. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Target } from './send.ts'

interface Named<Name extends string, T> { name: string; value?: T & { [N in Name]?: T } }

interface Config {
  'current-context': string
  contexts: (Named<'context', unknown> & { context: { cluster: string; user: string } })[]
  clusters: { name: string; cluster: { server: string; 'certificate-authority-data'?: string } }[]
  users: {
    name: string
    user: { token?: string; 'client-certificate-data'?: string; 'client-key-data'?: string }
  }[]
}

const decoded = (text: string) => Buffer.from(text, 'base64').toString('utf8')

/** Reads the current context of a kubeconfig that holds CA and credentials inline, or throws. */
export function targetOf(name: string, file: string): Target {
  const config = parse(readFileSync(file, 'utf8')) as Config
  const context = config.contexts.find(each => each.name === config['current-context'])?.context
  const cluster = config.clusters.find(each => each.name === context?.cluster)?.cluster
  const user = config.users.find(each => each.name === context?.user)?.user
  if (cluster === undefined || user === undefined) throw new Error(`${file} has no current context`)
  const { token, 'client-certificate-data': cert, 'client-key-data': key } = user
  return {
    name, url: cluster.server.replace(/\/$/, ''),
    ca: decoded(cluster['certificate-authority-data'] ?? ''),
    ...token === undefined ? {} : { token },
    ...cert && key ? { certificate: { cert: decoded(cert), key: decoded(key) } } : {},
  }
}
