import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import type { Env } from '@slicewise/base'
import { limits } from '../limits.ts'
import { type AccessFiles, type ClusterAccess, reasonOf } from './access.ts'
import { type PluginCredential, askPlugin } from './exec-plugin.ts'

const fileMembers = ['ca', 'token', 'clientCertificate', 'clientKey'] as const

/**
 * An access that is kept up to date: files that are replaced are read again after a while, an exec
 * plugin is asked when its credential ends, and both at once when the server refuses (401).
 */
export class Credentials {
  readonly #env: Env
  /** As the kubeconfig says, with files as they were read last. */
  #base: ClusterAccess
  #plugin: PluginCredential | undefined
  #current: ClusterAccess
  #readMs: number
  #refreshing: Promise<ClusterAccess> | undefined

  constructor(access: ClusterAccess, env: Env) {
    this.#env = env
    this.#base = access
    this.#current = access
    this.#readMs = env.elapsedMs()
  }

  /** Whether there is anything that could change. */
  static mayChange({ exec, files }: ClusterAccess): boolean {
    return exec !== undefined || files !== undefined
  }

  /** For the next request; the same object as long as nothing changed. */
  async current(): Promise<ClusterAccess> {
    if (!this.#isDue()) return this.#current
    return this.#refresh(false)
  }

  /** The server refused `access`: another one if there is any, else undefined. */
  async afterRefusal(access: ClusterAccess): Promise<ClusterAccess | undefined> {
    const fresh = this.#current === access ? await this.#refresh(true) : this.#current
    const same = fresh.token === access.token &&
      fresh.clientCertificate === access.clientCertificate
    return same ? undefined : fresh
  }

  #isDue(): boolean {
    const nowMs = this.#env.nowMs()
    const { exec, files } = this.#base
    const ageMs = this.#env.elapsedMs() - this.#readMs
    if (files !== undefined && ageMs >= limits.credentialFileMs) return true
    if (exec === undefined) return false
    return this.#plugin === undefined || nowMs >= (this.#plugin.expiresMs ?? Infinity)
  }

  /** One at a time, whoever asks. */
  #refresh(refused: boolean): Promise<ClusterAccess> {
    this.#refreshing ??= this.#renewed(refused).finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #renewed(refused: boolean): Promise<ClusterAccess> {
    const nowMs = this.#env.nowMs()
    const { exec, files } = this.#base
    const readMs = this.#env.elapsedMs()
    if (files !== undefined && (refused || readMs - this.#readMs >= limits.credentialFileMs)) {
      this.#base = { ...this.#base, ...await this.#readFiles(files) }
      this.#readMs = readMs
    }
    const ended = nowMs >= (this.#plugin?.expiresMs ?? Infinity)
    if (exec !== undefined && (refused || ended || this.#plugin === undefined)) {
      this.#plugin = await askPlugin(this.#base, exec, this.#env)
      checkKeys(this.#plugin, exec.command)
    }
    const { expiresMs: _, ...given } = this.#plugin ?? {}
    const next = { ...this.#base, ...given }
    if (!isSame(this.#current, next)) this.#current = next
    return this.#current
  }

  /** What cannot be read stays as it was: a file may be missing while it is replaced. */
  async #readFiles(files: AccessFiles): Promise<Partial<ClusterAccess>> {
    const found: Partial<Record<(typeof fileMembers)[number], string>> = {}
    for (const member of fileMembers) {
      const path = files[member]
      if (path === undefined) continue
      try {
        const text = await readFile(path, 'utf8')
        if (text.trim() === '') throw new Error('it is empty')
        found[member] = member === 'token' ? text.trim() : text
      } catch (error) {
        this.#env.log.warn('a credential cannot be read again, the last one is used',
          { file: path, because: reasonOf(error) })
      }
    }
    const { clientCertificate, clientKey, ...rest } = found
    if (clientCertificate === undefined && clientKey === undefined) return rest
    // Certificate and key are replaced one after the other: half of a pair is of no use.
    const pair = {
      clientCertificate: clientCertificate ?? this.#base.clientCertificate ?? '',
      clientKey: clientKey ?? this.#base.clientKey ?? '',
    }
    return isPair(pair) ? { ...rest, ...pair } : rest
  }
}

interface KeyPair {
  readonly clientCertificate: string
  readonly clientKey: string
}

function isPair({ clientCertificate: cert, clientKey: key }: KeyPair): boolean {
  try {
    createSecureContext({ cert, key })
    return true
  } catch {
    return false
  }
}

function checkKeys({ clientCertificate, clientKey }: PluginCredential, command: string): void {
  if (clientCertificate === undefined || clientKey === undefined) return
  if (isPair({ clientCertificate, clientKey })) return
  throw new Error(`the exec plugin ${command} of the kubeconfig gives a certificate and a key ` +
    'that do not fit: run it by hand to see what is wrong')
}

const isSame = (one: ClusterAccess, other: ClusterAccess): boolean =>
  fileMembers.every((member) => one[member] === other[member])
