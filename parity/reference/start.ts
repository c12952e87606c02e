/**
 * Starts the real components: etcd, kube-apiserver and, if asked, kube-controller-manager, on free
 * loopback ports with throwaway credentials. `build.sh` must have built them.
 */
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { freePorts, run, untilReady, type Running } from './processes.ts'

/** Of a documentation range: the `kubernetes` Service needs one, nothing is sent there. */
const advertiseAddress = '192.0.2.1'

export interface ReferenceOptions {
  /** Holds data, certificates, kubeconfig and logs; made when missing. */
  readonly dir: string
  /** kube-controller-manager's `--controllers`; false (the default) starts none. */
  readonly controllers?: readonly string[] | false
  /** Lets etcd skip fsync: faster, and unfit for any measurement of durable writes. */
  readonly unsafeNoFsync?: boolean
  /** More flags of kube-apiserver. */
  readonly apiserverFlags?: readonly string[]
  /** More flags of kube-controller-manager. */
  readonly controllerFlags?: readonly string[]
  /** The folder with the binaries; default that of `build.sh`. */
  readonly bin?: string
}

export interface Reference {
  readonly url: string
  /** A kubeconfig file with CA and token of a member of system:masters. */
  readonly kubeconfig: string
  readonly token: string
  /** PEM text that verifies the serving certificate. */
  readonly ca: string
  readonly pids: Readonly<Record<string, number>>
  /** Ends every process; the folder stays. */
  stop(): Promise<void>
}

/** The folder into which `build.sh` puts the binaries. */
export function referenceBin(): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  const root = process.env['SLICEWISE_REFERENCE'] || join(cache, 'slicewise', 'reference-1.36.3')
  return join(root, 'bin')
}

/** True when the binaries that `startReference` needs have been built. */
export function referenceIsBuilt(bin = referenceBin()): boolean {
  return ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl']
    .every(program => existsSync(join(bin, program)))
}

/** Builds what is missing (minutes, the first time) and says where the binaries are. */
export function buildReference(): string {
  const script = join(import.meta.dirname, 'build.sh')
  return execFileSync(script, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
}

export async function startReference(options: ReferenceOptions): Promise<Reference> {
  const { dir, controllers = false, bin = referenceBin() } = options
  for (const folder of ['etcd', 'certs']) mkdirSync(join(dir, folder), { recursive: true })
  const running: Running[] = []
  const stop = async () => {
    for (const program of running.splice(0).reverse()) await program.end()
  }
  try {
    const [client, peer, secure] = await freePorts(3) as [number, number, number]
    const etcd = `http://127.0.0.1:${client}`
    running.push(await startEtcd(bin, options, etcd, `http://127.0.0.1:${peer}`))
    const access = await writeCredentials(dir, secure)
    running.push(await startApiserver(bin, options, etcd, secure, access))
    const ca = readFileSync(join(dir, 'certs', 'apiserver.crt'), 'utf8')
    writeKubeconfig(access, ca)
    if (controllers !== false) {
      const flags = [
        `--root-ca-file=${join(dir, 'certs', 'apiserver.crt')}`,
        `--service-account-private-key-file=${join(dir, 'accounts.key')}`,
        ...options.controllerFlags ?? [],
      ]
      const log = join(dir, 'kube-controller-manager.log')
      running.push(await startControllers(access.kubeconfig, controllers, log, flags, bin))
    }
    const pids = Object.fromEntries(running.map(program => [program.name, program.pid]))
    return { ...access, ca, pids, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface Access { readonly url: string; readonly kubeconfig: string; readonly token: string }

async function writeCredentials(dir: string, port: number): Promise<Access> {
  const token = randomBytes(16).toString('hex')
  const row = `${token},admin,admin,"system:masters"\n`
  writeFileSync(join(dir, 'tokens.csv'), row, { mode: 0o600 })
  if (!existsSync(join(dir, 'accounts.key'))) {
    const pair = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    writeFileSync(join(dir, 'accounts.key'), pair.privateKey, { mode: 0o600 })
    writeFileSync(join(dir, 'accounts.pub'), pair.publicKey)
  }
  return { url: `https://127.0.0.1:${port}`, kubeconfig: join(dir, 'kubeconfig'), token }
}

function writeKubeconfig(access: Access, ca: string): void {
  const config = {
    apiVersion: 'v1', kind: 'Config', 'current-context': 'reference',
    clusters: [{
      name: 'reference',
      cluster: {
        server: access.url, 'certificate-authority-data': Buffer.from(ca).toString('base64'),
      },
    }],
    users: [{ name: 'admin', user: { token: access.token } }],
    contexts: [{ name: 'reference', context: { cluster: 'reference', user: 'admin' } }],
  }
  writeFileSync(access.kubeconfig, JSON.stringify(config, null, 2) + '\n', { mode: 0o600 })
}

async function startEtcd(
  bin: string, options: ReferenceOptions, client: string, peer: string,
): Promise<Running> {
  const log = join(options.dir, 'etcd.log')
  const program = await run(join(bin, 'etcd'), [
    '--name=reference', `--data-dir=${join(options.dir, 'etcd')}`,
    `--listen-client-urls=${client}`, `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=reference=${peer}`, '--log-level=warn',
    ...options.unsafeNoFsync ? ['--unsafe-no-fsync'] : [],
  ], log)
  await untilReady(program, log, async () => (await fetch(`${client}/readyz`)).ok)
  return program
}

async function startApiserver(
  bin: string, options: ReferenceOptions, etcd: string, port: number, access: Access,
): Promise<Running> {
  const at = (name: string) => join(options.dir, name)
  const log = at('kube-apiserver.log')
  const program = await run(join(bin, 'kube-apiserver'), [
    `--etcd-servers=${etcd}`, '--bind-address=127.0.0.1', `--secure-port=${port}`,
    `--advertise-address=${advertiseAddress}`, `--cert-dir=${at('certs')}`,
    `--token-auth-file=${at('tokens.csv')}`, '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.96.0.0/16,fd00:10:96::/112',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${at('accounts.pub')}`,
    `--service-account-signing-key-file=${at('accounts.key')}`,
    ...options.apiserverFlags ?? [],
  ], log)
  try {
    await untilReady(program, log, () => isReady(access))
  } catch (error) {
    await program.end()
    throw error
  }
  return program
}

/** The self-signed certificate is not known to us before the server has written it. */
function isReady({ url, token }: Access): Promise<boolean> {
  return new Promise((answer, failed) => {
    const asked = request(`${url}/readyz`, {
      rejectUnauthorized: false, agent: false, headers: { authorization: `Bearer ${token}` },
    }, response => {
      response.resume()
      answer(response.statusCode === 200)
    })
    asked.on('error', failed)
    asked.end()
  })
}

/** Starts a kube-controller-manager against whatever server the kubeconfig names. */
export async function startControllers(
  kubeconfig: string, controllers: readonly string[], log: string, flags: readonly string[] = [],
  bin = referenceBin(),
): Promise<Running> {
  return run(join(bin, 'kube-controller-manager'), [
    `--kubeconfig=${kubeconfig}`, `--controllers=${controllers.join(',')}`,
    '--leader-elect=false', '--secure-port=0', ...flags,
  ], log)
}
