/**
 * What it takes to reach and be known to one API server. Certificates and keys are PEM text. What
 * was read from a file stands here as it was read; `files` says where to read it again.
 */
export interface ClusterAccess {
  readonly server: string
  readonly ca?: string
  readonly insecure?: boolean
  /** The name that the serving certificate has to bear, when it is not the host of `server`. */
  readonly tlsServerName?: string
  /** `http`, `https` or `socks5` URL of a proxy; absent: the server is asked directly. */
  readonly proxyUrl?: string
  readonly token?: string
  readonly username?: string
  readonly password?: string
  readonly clientCertificate?: string
  readonly clientKey?: string
  readonly impersonate?: Impersonation
  readonly exec?: ExecPlugin
  readonly namespace?: string
  readonly files?: AccessFiles
}

/** Paths of files that others may replace while the program runs. */
export interface AccessFiles {
  readonly ca?: string
  readonly token?: string
  readonly clientCertificate?: string
  readonly clientKey?: string
}

/** As whom to act, if the server lets this user. */
export interface Impersonation {
  readonly user: string
  readonly uid?: string
  readonly groups?: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/** A program that gives credentials (client.authentication.k8s.io/v1 and v1beta1). */
export interface ExecPlugin {
  readonly apiVersion: string
  /** A path, or a name that is looked up in PATH. */
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always'
  readonly installHint?: string
  /** What it is told of the cluster when it asks for that; of its `config` the text as it came. */
  readonly clusterConfig?: unknown
  readonly provideClusterInfo: boolean
}

/** What a kubeconfig, or a file that it names, says is not usable; one line. */
export class KubeconfigError extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`kubeconfig: ${why}`, options)
  }
}

/** The code of a failed system call, else the message. */
export const reasonOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error))
