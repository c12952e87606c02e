import { existsSync, readFileSync } from 'node:fs'
import { X509Certificate, createPrivateKey, randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { type Env, formatIp, networkOf, parseCidr } from '@slicewise/base'
import { makeFolder, writePrivately } from '@slicewise/base/node'
import { limits } from './limits.ts'
import type { SigningKey } from './service-account-tokens.ts'

/** Everything secret that a server needs, as PEM text. */
export interface ServingCredentials {
  readonly authority: string
  readonly servingCertificate: string
  readonly servingKey: string
  readonly adminCertificate: string
  readonly adminKey: string
  /** Bearer token of the administrator, for clients that cannot present a certificate. */
  readonly adminToken: string
  readonly tokenKey: SigningKey
}

export interface CredentialsOptions {
  readonly env: Env
  /** Folder to keep them in; absent: they live as long as the process. */
  readonly folder?: string
  /** Names and addresses that clients may call the server by, besides the usual ones. */
  readonly hosts: readonly string[]
  /** Ranges of Service addresses: the first of each is the API server's own. */
  readonly serviceCidrs?: readonly string[]
}

/** Names that every client inside or beside the cluster may use. */
const usualNames = [
  'localhost', '127.0.0.1', '::1', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
]

/**
 * The server's own authority, certificates and tokens: read from the folder when they are there
 * and good, made (and kept) when not. Nothing that makes certificates is loaded on the usual start.
 */
export async function prepareCredentials(
  options: CredentialsOptions,
): Promise<ServingCredentials> {
  const all = [...usualNames, ...options.hosts, ...(options.serviceCidrs ?? []).map(firstAddress)]
  const hosts = [...new Set(all)].filter((one) => one !== '').sort()
  return options.folder === undefined ? inMemory(options.env, hosts)
    : inFolder(options.env, options.folder, hosts)
}

function firstAddress(range: string): string {
  const cidr = parseCidr(range)
  if (cidr === undefined) return ''
  const bytes = networkOf(cidr)
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) + 1
  return formatIp({ bytes })
}

interface Authority {
  readonly certificate: string
  readonly key: string
}

let sharedAuthority: Promise<Authority> | undefined
const sharedLeaves = new Map<string, Promise<Leaves>>()

interface Leaves {
  readonly serving: Authority
  readonly admin: Authority
}

/** One authority, and one pair of certificates a set of names, for all servers of the process. */
async function inMemory(env: Env, hosts: readonly string[]): Promise<ServingCredentials> {
  const { issueAdmin, issueServing, makeAuthority } = await import('./certificates.ts')
  sharedAuthority ??= makeAuthority(env.nowMs())
  const authority = await sharedAuthority
  const name = hosts.join()
  let leaves = sharedLeaves.get(name)
  if (leaves === undefined) {
    leaves = Promise.all([
      issueServing(authority, hosts, env.nowMs()), issueAdmin(authority, env.nowMs()),
    ]).then(([serving, admin]) => ({ serving, admin }))
    sharedLeaves.set(name, leaves)
  }
  const { serving, admin } = await leaves
  let tokenKey: string | undefined
  return {
    authority: authority.certificate,
    servingCertificate: serving.certificate,
    servingKey: serving.key,
    adminCertificate: admin.certificate,
    adminKey: admin.key,
    adminToken: randomBytes(24).toString('hex'),
    tokenKey: {
      read: () => tokenKey,
      write: (pem) => {
        tokenKey = pem
      },
    },
  }
}

const files = {
  authority: 'ca.crt', authorityKey: 'ca.key', serving: 'server.crt', servingKey: 'server.key',
  admin: 'admin.crt', adminKey: 'admin.key', token: 'admin.token', tokenKey: 'tokens.key',
} as const

async function inFolder(
  env: Env, folder: string, hosts: readonly string[],
): Promise<ServingCredentials> {
  makeFolder(folder, 0o700)
  const path = (file: keyof typeof files): string => join(folder, files[file])
  const text = (file: keyof typeof files): string | undefined =>
    existsSync(path(file)) ? readFileSync(path(file), 'utf8') : undefined
  const put = (file: keyof typeof files, value: string): string => {
    writePrivately(path(file), value)
    return value
  }
  const nowMs = env.nowMs()
  const made = (): Promise<typeof import('./certificates.ts')> => import('./certificates.ts')

  let authority = pairOf(text('authority'), text('authorityKey'))
  if (authority === undefined || !isGood(authority, nowMs)) {
    authority = await (await made()).makeAuthority(nowMs)
    put('authorityKey', authority.key)
    put('authority', authority.certificate)
  }
  const kept = (certificate: 'serving' | 'admin'): Authority | undefined => {
    const pair = pairOf(text(certificate), text(`${certificate}Key`))
    return pair && isGood(pair, nowMs, authority.certificate) ? pair : undefined
  }
  const keep = (certificate: 'serving' | 'admin', pair: Authority): Authority => {
    put(`${certificate}Key`, pair.key)
    put(certificate, pair.certificate)
    return pair
  }
  let serving = kept('serving')
  if (serving === undefined || !names(serving.certificate, hosts)) {
    serving = keep('serving', await (await made()).issueServing(authority, hosts, nowMs))
  }
  const admin = kept('admin') ?? keep('admin', await (await made()).issueAdmin(authority, nowMs))
  const token = text('token')?.trim()
  return {
    authority: authority.certificate,
    servingCertificate: serving.certificate,
    servingKey: serving.key,
    adminCertificate: admin.certificate,
    adminKey: admin.key,
    adminToken: token !== undefined && goodToken.test(token) ? token
      : put('token', randomBytes(24).toString('hex')),
    tokenKey: { read: () => text('tokenKey'), write: (pem) => void put('tokenKey', pem) },
  }
}

const pairOf = (certificate: string | undefined, key: string | undefined): Authority | undefined =>
  certificate === undefined || key === undefined ? undefined : { certificate, key }

function parsed(certificate: string): X509Certificate | undefined {
  try {
    return new X509Certificate(certificate)
  } catch {
    return undefined
  }
}

/** What a header can carry and nobody can guess. */
const goodToken = /^[\x21-\x7e]{24,}$/

/** Readable, with its key, valid for a while yet, and signed by the authority if one is given. */
function isGood({ certificate, key }: Authority, nowMs: number, authority?: string): boolean {
  const one = parsed(certificate)
  if (one === undefined || Date.parse(one.validTo) - nowMs < limits.certificateRenewMs) return false
  if (!fits(one, key)) return false
  if (authority === undefined) return true
  const issuer = parsed(authority)
  return issuer !== undefined && one.checkIssued(issuer) && one.verify(issuer.publicKey)
}

function fits(certificate: X509Certificate, key: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}

/** Whether a client that calls the server by any of these names would believe the certificate. */
function names(certificate: string, hosts: readonly string[]): boolean {
  const one = parsed(certificate)
  return one !== undefined && hosts.every((host) =>
    (isIP(host) === 0 ? one.checkHost(host) : one.checkIP(host)) !== undefined)
}
