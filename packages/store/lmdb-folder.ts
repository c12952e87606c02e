import { closeSync, existsSync, fsyncSync, openSync, readFileSync } from 'node:fs'
import { readdirSync, renameSync, rmSync, statSync, statfsSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import type { Env } from '@slicewise/base'
import { makeFolder } from '@slicewise/base/node'
import { StoreUnusable } from './contract.ts'
import { limits } from './limits.ts'
import { dataFileDamage } from './lmdb-file.ts'
import { lockFolder, lockName } from './lmdb-lock.ts'

/** As lmdb numbers them and as Node names them. */
const fullCodes = new Set<unknown>([
  constants.errno.ENOSPC,
  constants.errno.EDQUOT,
  'ENOSPC',
  'EDQUOT',
])

/** The newest format of a data folder that this release reads, and the one it writes. */
export const formatVersion = 1

const identityName = 'slicewise-store.json'
export const dataName = 'data.mdb'
const readersName = 'lock.mdb'

/** What the folder says about itself. `ready` is false until its first data file is complete. */
interface Identity {
  readonly store: 'slicewise'
  readonly format: number
  readonly id: string
  readonly ready: boolean
}

export interface Folder {
  readonly dir: string
  /** Names this data for good, over restarts and copies. */
  readonly id: string
  /** Nothing was ever acknowledged from here: the data file is still to be made. */
  readonly isNew: boolean
  /**
   * Throws when the data file stands no more where it was opened: what a deleted or replaced file
   * is given reaches the disk and is lost with the process all the same.
   */
  refuseGone(): void
  /** Says that the data file is complete. From now on its absence is damage. */
  complete(): void
  /** Gives the folder back to others. */
  release(): void
}

/**
 * Takes a data folder, which is made when it does not exist. Throws `StoreUnusable` when it is not
 * one of ours, of a newer format, damaged, in use, or cannot be written.
 */
export function takeFolder(dir: string, env: Env): Folder {
  makeOrSay(dir)
  refuseForeign(dir)
  const release = lockOrSay(dir, env)
  try {
    return lockedFolder(dir, env, release)
  } catch (error) {
    release()
    throw asUnusable(dir, error)
  }
}

/** One line on a damaged folder. */
export function damaged(dir: string, why: string, cause?: unknown): StoreUnusable {
  const what = `${join(dir, dataName)} is damaged (${why})`
  const message = `${what}: restore ${dir} from a copy, or remove it to start empty`
  return new StoreUnusable(message, { cause })
}

/** What is known of a write that lmdb did not do: it calls a full disk an input/output error. */
export function whyNotWritten(dir: string, cause: unknown): string {
  const { message, code } = cause as { message?: string; code?: number | string }
  const full = fullCodes.has(code ?? '') || freeBytes(dir) < 1024 * 1024
  return full ? `the disk of ${dir} is full: make room` : (message ?? String(cause))
}

function freeBytes(dir: string): number {
  try {
    const { bavail, bsize } = statfsSync(dir)
    return bavail * bsize
  } catch {
    return Infinity
  }
}

function lockedFolder(dir: string, env: Env, release: () => void): Folder {
  const found = readIdentity(dir)
  const identity: Identity = found ?? {
    store: 'slicewise',
    format: formatVersion,
    id: env.uid(),
    ready: false,
  }
  if (found === undefined) writeIdentity(dir, identity)
  if (identity.ready) refuseDamaged(dir)
  else {
    removeUnfinished(dir)
    tryRoom(dir)
  }
  return {
    dir,
    id: identity.id,
    isNew: !identity.ready,
    refuseGone: goneCheck(join(dir, dataName)),
    complete: () => {
      if (!identity.ready) writeIdentity(dir, { ...identity, ready: true })
    },
    release,
  }
}

function goneCheck(path: string): () => void {
  let opened: number | undefined
  return () => {
    const found = statSync(path, { throwIfNoEntry: false })?.ino
    opened ??= found
    if (found !== undefined && found === opened) return
    throw new Error(`${path} was deleted or replaced: put it back, or stop and start again`)
  }
}

function makeOrSay(dir: string): void {
  try {
    makeFolder(dir, 0o700)
    if (statSync(dir).isDirectory()) return
  } catch (error) {
    throw asUnusable(dir, error)
  }
  throw new StoreUnusable(`${dir} is not a folder: name a folder for the data`)
}

/** Files that a folder may have before it is ours: what we make first, and a fresh disk's own. */
function isHarmless(name: string): boolean {
  return (
    name === lockName ||
    (name.startsWith(`${lockName}.`) && name !== readersName) ||
    name.startsWith(`${identityName}.`) ||
    name === 'lost+found'
  )
}

function refuseForeign(dir: string): void {
  let names: string[]
  try {
    names = readdirSync(dir).sort()
  } catch (error) {
    throw asUnusable(dir, error)
  }
  if (names.includes(identityName)) return void readIdentity(dir)
  const foreign = names.find(name => !isHarmless(name))
  if (foreign === undefined) return
  throw new StoreUnusable(
    `${dir} has files of another program (${foreign}): name an empty or a new folder for the data`,
  )
}

function lockOrSay(dir: string, env: Env): () => void {
  try {
    return lockFolder(dir, env)
  } catch (error) {
    throw asUnusable(dir, error)
  }
}

function readIdentity(dir: string): Identity | undefined {
  const path = join(dir, identityName)
  if (!existsSync(path)) return undefined
  const identity = parseIdentity(readFileSync(path, 'utf8'))
  if (identity === undefined) {
    throw new StoreUnusable(
      `${path} cannot be read as JSON of ours: restore ${dir} from a copy, or use another folder`,
    )
  }
  if (identity.format > formatVersion) {
    throw new StoreUnusable(
      `${dir} has format ${identity.format}, this release reads up to ${formatVersion}: ` +
        'use a newer release, or another folder',
    )
  }
  return identity
}

function parseIdentity(text: string): Identity | undefined {
  try {
    const found = JSON.parse(text) as Partial<Identity>
    if (found.store !== 'slicewise' || !Number.isInteger(found.format)) return undefined
    return {
      store: 'slicewise',
      format: found.format ?? 0,
      id: found.id ?? '',
      ready: found.ready !== false,
    }
  } catch {
    return undefined
  }
}

/** Replaced in one step, and on the disk when this returns. */
function writeIdentity(dir: string, identity: Identity): void {
  const path = join(dir, identityName)
  const draft = `${path}.new`
  writeFileSync(draft, `${JSON.stringify(identity)}\n`, { mode: 0o600 })
  flush(draft)
  renameSync(draft, path)
  flush(dir)
}

function flush(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** A new data file needs some room, and lmdb does not cope when there is none. */
function tryRoom(dir: string): void {
  const path = join(dir, `${lockName}.room`)
  try {
    writeFileSync(path, Buffer.alloc(limits.reserveBytesMin))
  } finally {
    rmSync(path, { force: true })
  }
}

/** The first start of this folder did not come to its end; nothing was acknowledged. */
function removeUnfinished(dir: string): void {
  for (const name of [dataName, readersName]) rmSync(join(dir, name), { force: true })
}

function refuseDamaged(dir: string): void {
  const path = join(dir, dataName)
  if (!existsSync(path)) throw damaged(dir, 'it is missing')
  const why = dataFileDamage(path)
  if (why !== undefined) throw damaged(dir, why)
}

function asUnusable(dir: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (error instanceof StoreUnusable || code === undefined) return error
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new StoreUnusable(`${dir} is not a folder: name a folder for the data`, {
      cause: error,
    })
  }
  if (fullCodes.has(code)) {
    return new StoreUnusable(`the disk of ${dir} is full: make room first`, { cause: error })
  }
  const rights = code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
  const advice = rights ? 'give this user the right to, or name another folder'
    : code === 'ENOENT' ? 'nothing can be made there, name another folder' : 'see the disk'
  return new StoreUnusable(`${dir} cannot be written (${code}): ${advice}`, { cause: error })
}
