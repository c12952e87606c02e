import { createHash } from 'node:crypto'
import { StatusError } from '@slicewise/kube'
import type { User } from '../contract.ts'
import type { Exchange } from './exchange.ts'
import { limits } from './limits.ts'
import type { ServiceAccountTokens } from './service-account-tokens.ts'

/** Who sends no credentials. One instance, so that comparing references is enough. */
export const anonymous: User = {
  name: 'system:anonymous', groups: ['system:unauthenticated'],
}

const authenticatedGroup = 'system:authenticated'

export const unauthorized = (): StatusError => new StatusError('Unauthorized', 'Unauthorized')

export interface AuthenticateOptions {
  /** Bearer tokens that never change, with their users. */
  readonly tokens: ReadonlyMap<string, User>
  readonly serviceAccounts: ServiceAccountTokens
}

/**
 * Tells who sent a request: by client certificate of the connection, else by bearer token. Wrong
 * credentials are refused with 401, never taken as none.
 */
export class Authenticator {
  /** By digest: how long a look-up takes must not tell how much of a token was right. */
  readonly #tokens = new Map<string, User>()
  readonly #serviceAccounts: ServiceAccountTokens
  readonly #byCertificate = new WeakMap<object, User>()
  /**
   * Headers that named one of `#tokens`, so that not every request is digested. A look-up compares
   * hashes with a random seed before texts: its time tells nothing of a token that is nearly right.
   */
  readonly #byHeader = new Map<string, User>()

  constructor(options: AuthenticateOptions) {
    for (const [token, user] of options.tokens) {
      this.#tokens.set(digestOf(token), withAuthenticated(user))
    }
    this.#serviceAccounts = options.serviceAccounts
  }

  async userOf(exchange: Exchange): Promise<User> {
    const certificate = exchange.certificate
    if (typeof certificate === 'object') {
      let user = this.#byCertificate.get(certificate)
      if (user === undefined) {
        user = withAuthenticated({ name: certificate.user, groups: certificate.groups })
        this.#byCertificate.set(certificate, user)
      }
      return user
    }
    // Other schemes than bearer tokens count as no credentials, as the reference has it.
    const header = exchange.header('authorization') ?? ''
    const known = this.#byHeader.get(header)
    if (known !== undefined) return known
    const token = /^bearer +(\S+)/i.exec(header)?.[1]
    if (token === undefined && certificate === 'none') return anonymous
    const user = token === undefined ? undefined : await this.userOfToken(token)
    if (token === undefined || user === undefined) throw unauthorized()
    if (this.#tokens.has(digestOf(token))) this.#remember(header, user)
    return user
  }

  /** One token can stand in many headers, with more words behind it. */
  #remember(header: string, user: User): void {
    if (this.#byHeader.size >= limits.tokensRemembered) this.#byHeader.clear()
    if (header.length <= limits.headerRememberedChars) this.#byHeader.set(header, user)
  }

  /** Undefined when the token is nobody's. `audiences` absent: those of this server. */
  async userOfToken(token: string, audiences?: readonly string[]): Promise<User | undefined> {
    const known = this.#tokens.get(digestOf(token))
    if (known !== undefined) return known
    if (token.split('.').length !== 3) return undefined
    const user = await this.#serviceAccounts.userOf(token, audiences)
    return user === undefined ? undefined : withAuthenticated(user)
  }
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64')

function withAuthenticated(user: User): User {
  if (user.groups.includes(authenticatedGroup)) return user
  return { ...user, groups: [...user.groups, authenticatedGroup] }
}

/**
 * Reads a static token file: lines `token,user,uid[,"group1,group2"]`, as kube-apiserver's
 * `--token-auth-file`. Throws on a line that names no token, user and uid.
 */
export function parseTokenFile(text: string): Map<string, User> {
  const users = new Map<string, User>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const cells = csvCells(line)
    const [token = '', name = '', uid = '', groups = ''] = cells
    if (cells.length < 3 || token === '' || name === '') {
      throw new Error(`line ${index + 1} of the token file has no token, user and uid`)
    }
    users.set(token, {
      name,
      ...(uid === '' ? {} : { uid }),
      groups: groups.split(',').map((one) => one.trim()).filter((one) => one !== ''),
    })
  }
  return users
}

function csvCells(line: string): string[] {
  const cells: string[] = []
  const pattern = /\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/gy
  while (pattern.lastIndex < line.length) {
    const match = pattern.exec(line)
    if (match === null) break
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2]?.trim() ?? '')
  }
  return cells
}
