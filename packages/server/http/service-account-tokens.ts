import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Env } from '@slicewise/base'
import type { JWTPayload } from 'jose'
import type { User } from '../contract.ts'
import { limits } from './limits.ts'

/** Says whether an account, or the object a token is bound to, exists under this uid. */
export type Exists = (
  resource: 'serviceaccounts' | 'pods' | 'nodes' | 'secrets', namespace: string, name: string,
  uid: string,
) => boolean

export interface TokenClaims {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly audiences: readonly string[]
  readonly expirationSeconds: number
  readonly bound?: {
    readonly kind: 'Pod' | 'Node' | 'Secret'
    readonly name: string
    readonly uid: string
  }
}

export interface SigningKey {
  /** PKCS #8 PEM of the private key, or undefined when none was made yet. */
  read(): string | undefined
  write(pem: string): void
}

interface Named {
  name: string
  uid: string
}

interface KubernetesClaim {
  namespace?: string
  serviceaccount?: Named
  pod?: Named
  node?: Named
  secret?: Named
}

interface Known {
  readonly user: User
  readonly audiences: readonly string[]
  readonly claim: KubernetesClaim
  readonly expiresMs: number
}

/** Name of the server in the tokens it signs, and their usual audience. */
export const issuer = 'https://kubernetes.default.svc.cluster.local'

/**
 * Signs and checks the tokens of ServiceAccounts (JSON Web Tokens, ES256). The key is made, and the
 * library loaded, when the first token is asked for. A token is good only while its account, and
 * what it is bound to, exist under the uids it names.
 */
export class ServiceAccountTokens {
  readonly #env: Env
  readonly #stored: SigningKey
  readonly #exists: Exists
  readonly #known = new Map<string, Known>()
  #key: Promise<{ privateKey: KeyObject; publicKey: KeyObject; kid: string }> | undefined

  constructor(options: { env: Env; key: SigningKey; exists: Exists }) {
    this.#env = options.env
    this.#stored = options.key
    this.#exists = options.exists
  }

  async sign(claims: TokenClaims): Promise<{ token: string; expiresMs: number }> {
    const { SignJWT } = await import('jose')
    const { privateKey, kid } = await this.#loaded()
    const seconds = Math.floor(this.#env.nowMs() / 1000)
    const expires = seconds + claims.expirationSeconds
    const { bound } = claims
    const token = await new SignJWT({
      'kubernetes.io': {
        namespace: claims.namespace,
        ...(bound === undefined ? {}
          : { [bound.kind.toLowerCase()]: { name: bound.name, uid: bound.uid } }),
        serviceaccount: { name: claims.name, uid: claims.uid },
      },
    })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuer(issuer).setAudience([...claims.audiences])
      .setSubject(`system:serviceaccount:${claims.namespace}:${claims.name}`)
      .setIssuedAt(seconds).setNotBefore(seconds).setExpirationTime(expires)
      .setJti(this.#env.uid())
      .sign(privateKey)
    return { token, expiresMs: expires * 1000 }
  }

  /** Undefined for a token that is not ours, over, for others, or whose account is gone. */
  async userOf(token: string, audiences: readonly string[] = [issuer]): Promise<User | undefined> {
    const known = this.#known.get(token) ?? await this.#check(token)
    if (known === undefined) return undefined
    if (known.expiresMs <= this.#env.nowMs() || !this.#alive(known.claim)) {
      this.#known.delete(token)
      return undefined
    }
    return known.audiences.some((one) => audiences.includes(one)) ? known.user : undefined
  }

  /** The public key as a JSON Web Key Set. */
  async keySet(): Promise<unknown> {
    const { exportJWK } = await import('jose')
    const { publicKey, kid } = await this.#loaded()
    return { keys: [{ use: 'sig', kid, alg: 'ES256', ...await exportJWK(publicKey) }] }
  }

  #loaded(): Promise<{ privateKey: KeyObject; publicKey: KeyObject; kid: string }> {
    this.#key ??= this.#load()
    return this.#key
  }

  async #load(): Promise<{ privateKey: KeyObject; publicKey: KeyObject; kid: string }> {
    const { calculateJwkThumbprint, exportJWK } = await import('jose')
    const pem = this.#stored.read() ?? this.#make()
    const privateKey = createPrivateKey(pem)
    const publicKey = createPublicKey(privateKey)
    return { privateKey, publicKey, kid: await calculateJwkThumbprint(await exportJWK(publicKey)) }
  }

  #make(): string {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    this.#stored.write(pem)
    return pem
  }

  async #check(token: string): Promise<Known | undefined> {
    const { jwtVerify } = await import('jose')
    const { publicKey } = await this.#loaded()
    let payload: JWTPayload
    try {
      ({ payload } = await jwtVerify(token, publicKey, {
        issuer, algorithms: ['ES256'], currentDate: new Date(this.#env.nowMs()),
      }))
    } catch {
      return undefined
    }
    const claim = payload['kubernetes.io'] as KubernetesClaim | undefined
    const namespace = claim?.namespace
    const account = claim?.serviceaccount
    if (claim === undefined || namespace === undefined || account === undefined) return undefined
    const known: Known = {
      user: userOf(claim, namespace, account, payload.jti),
      audiences: [payload.aud ?? []].flat(),
      claim,
      expiresMs: (payload.exp ?? 0) * 1000,
    }
    if (this.#known.size >= limits.tokensRemembered) this.#known.clear()
    this.#known.set(token, known)
    return known
  }

  #alive(claim: KubernetesClaim): boolean {
    const namespace = claim.namespace ?? ''
    const is = (
      resource: Parameters<Exists>[0], where: string, what: Named | undefined,
    ): boolean => what === undefined || this.#exists(resource, where, what.name, what.uid)
    return is('serviceaccounts', namespace, claim.serviceaccount)
      && is('pods', namespace, claim.pod)
      && is('secrets', namespace, claim.secret)
      && is('nodes', '', claim.node)
  }
}

function userOf(
  claim: KubernetesClaim, namespace: string, account: Named, id: string | undefined,
): User {
  const extra: Record<string, readonly string[]> = {}
  const prefix = 'authentication.kubernetes.io/'
  if (id !== undefined) extra[`${prefix}credential-id`] = [`JTI=${id}`]
  if (claim.pod !== undefined) {
    extra[`${prefix}pod-name`] = [claim.pod.name]
    extra[`${prefix}pod-uid`] = [claim.pod.uid]
  }
  return {
    name: `system:serviceaccount:${namespace}:${account.name}`,
    uid: account.uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
    extra,
  }
}
