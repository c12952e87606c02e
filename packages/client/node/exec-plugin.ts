import { spawn } from 'node:child_process'
import { isatty } from 'node:tty'
import type { Env } from '@slicewise/base'
import { limits } from '../limits.ts'
import { type ClusterAccess, type ExecPlugin, reasonOf } from './access.ts'

/** What a plugin gave; it is never logged. */
export interface PluginCredential {
  readonly token?: string
  readonly clientCertificate?: string
  readonly clientKey?: string
  /** Wall clock ms from which on it is of no use; absent: until the server refuses it. */
  readonly expiresMs?: number
}

interface ExecCredential {
  readonly apiVersion?: string
  readonly kind?: string
  readonly status?: {
    readonly token?: string
    readonly clientCertificateData?: string
    readonly clientKeyData?: string
    readonly expirationTimestamp?: string
  }
}

/** Asks the plugin of `access`. Rejects with one line that names the program and what to do. */
export async function askPlugin(
  access: ClusterAccess, plugin: ExecPlugin, env: Env, hasTerminal = isatty(0),
): Promise<PluginCredential> {
  if (plugin.interactiveMode === 'Always' && !hasTerminal) {
    throw failure(plugin, 'has to ask somebody, and standard input is no terminal')
  }
  const interactive = plugin.interactiveMode !== 'Never' && hasTerminal
  const question = JSON.stringify({
    apiVersion: plugin.apiVersion, kind: 'ExecCredential',
    spec: { ...(plugin.provideClusterInfo ? clusterInfo(access, plugin) : {}), interactive },
  })
  const text = await outputOf(plugin, question, interactive, env)
  return credentialOf(plugin, text)
}

/** `spec.cluster`, as the plugin would find it in the kubeconfig. */
function clusterInfo(access: ClusterAccess, plugin: ExecPlugin): object {
  const { server, ca, insecure, tlsServerName, proxyUrl } = access
  return {
    cluster: {
      server,
      ...(tlsServerName === undefined ? {} : { 'tls-server-name': tlsServerName }),
      ...(insecure === true ? { 'insecure-skip-tls-verify': true } : {}),
      ...(ca === undefined
        ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
      ...(proxyUrl === undefined ? {} : { 'proxy-url': proxyUrl }),
      config: plugin.clusterConfig ?? null,
    },
  }
}

function outputOf(
  plugin: ExecPlugin, question: string, interactive: boolean, env: Env,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(plugin.command, plugin.args, {
      env: { ...process.env, ...plugin.env, KUBERNETES_EXEC_INFO: question },
      stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'],
    })
    const fail = (why: string, cause?: unknown): void => {
      child.kill('SIGKILL')
      reject(failure(plugin, why, cause))
    }
    const cancel = env.after(limits.pluginMsMax, () => fail('gives no answer'))
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.length > limits.pluginCharsMax) fail('gives too long an answer')
    })
    child.on('error', (error: NodeJS.ErrnoException) => {
      cancel()
      fail(error.code === 'ENOENT' ? 'is not found' : `cannot be run (${reasonOf(error)})`, error)
    })
    child.on('close', (code, signal) => {
      cancel()
      if (code === 0) resolve(text)
      else fail(code === null ? `was ended by ${signal}` : `failed with exit status ${code}`)
    })
  })
}

function credentialOf(plugin: ExecPlugin, text: string): PluginCredential {
  let answer: ExecCredential
  try {
    answer = JSON.parse(text) as ExecCredential
  } catch {
    // The parser's own message would quote the answer, which may be a secret.
    throw failure(plugin, 'gives no JSON')
  }
  const { apiVersion, kind, status } = answer ?? {}
  if (kind !== 'ExecCredential' || apiVersion !== plugin.apiVersion) {
    throw failure(plugin, `answers with ${kind} of ${apiVersion}, not with ExecCredential of ` +
      plugin.apiVersion)
  }
  const { token, clientCertificateData: cert, clientKeyData: key } = status ?? {}
  if (!token && !cert && !key) throw failure(plugin, 'gives neither token nor certificate')
  if (!cert !== !key) throw failure(plugin, 'gives a certificate without its key or the reverse')
  const expiresMs = Date.parse(status?.expirationTimestamp ?? '')
  return {
    ...(token ? { token } : {}),
    ...(cert && key ? { clientCertificate: cert, clientKey: key } : {}),
    ...(Number.isNaN(expiresMs) ? {} : { expiresMs }),
  }
}

function failure(plugin: ExecPlugin, why: string, cause?: unknown): Error {
  const { command, installHint } = plugin
  const hint = installHint === undefined ? 'install it, or run it by hand to see what is wrong'
    : installHint.trim().replace(/\s+/g, ' ')
  return new Error(`the exec plugin ${command} of the kubeconfig ${why}: ${hint}`,
    cause === undefined ? {} : { cause })
}
