import { hostname } from 'node:os'
import { linkSync, readFileSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Env, assert } from '@slicewise/base'
import { StoreUnusable } from './contract.ts'
import { limits } from './limits.ts'

/** Who holds a folder. `started` tells two processes apart that were given the same number. */
interface Holder {
  readonly pid: number
  readonly started: string
  readonly host: string
}

export const lockName = 'lock'

/** Tries, while others take the same left-over away, before it says that the folder is in use. */
const attemptsMax = 10

/** Folders that this process holds: its own number in a lock file may also be a left-over. */
const held = new Set<string>()

/**
 * Takes the folder for this process, or throws `StoreUnusable`. The lock of a process that is gone
 * is taken over. Returns what gives the folder back.
 */
export function lockFolder(dir: string, env: Env): () => void {
  const path = join(realpathSync(dir), lockName)
  const mine: Holder = { pid: process.pid, started: startOf(process.pid), host: hostname() }
  const draft = `${path}.${process.pid}.${env.uid()}`
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o600 })
  try {
    for (let attempt = 0; !tryLink(draft, path); attempt++) {
      const found = textOf(path)
      const by = found === undefined ? undefined : holderInTheWay(path, found, env)
      if (by !== undefined || attempt === attemptsMax) throw inUse(dir, by ?? 'another process')
      if (found !== undefined && !takeAway(path, `${draft}.old`, found)) {
        throw inUse(dir, 'another process')
      }
    }
  } finally {
    rmSync(draft, { force: true })
  }
  held.add(path)
  return keepTouched(path, env)
}

function keepTouched(path: string, env: Env): () => void {
  const touch = (): void => {
    const now = new Date(env.nowMs())
    try {
      utimesSync(path, now, now)
    } catch (error) {
      env.log.warn('the lock of the data folder cannot be touched', { path, error })
    }
    cancel = env.after(limits.lockTouchedEveryMs, touch)
  }
  let cancel = env.after(limits.lockTouchedEveryMs, touch)
  return () => {
    cancel()
    assert(held.delete(path), 'a folder is given back twice')
    rmSync(path, { force: true })
  }
}

/** Makes the lock in one step with its content; false when there is one already. */
function tryLink(draft: string, path: string): boolean {
  try {
    makeLink(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function makeLink(draft: string, path: string): void {
  try {
    linkSync(draft, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
    // A disk without links.
    writeFileSync(path, readFileSync(draft), { flag: 'wx', mode: 0o600 })
  }
}

const inUse = (dir: string, by: string): StoreUnusable =>
  new StoreUnusable(`${dir} is in use by ${by}: stop it first, or use another folder`)

/** Who stands in the way; undefined for a left-over. */
function holderInTheWay(path: string, found: string, env: Env): string | undefined {
  if (held.has(path)) return `this process (${process.pid})`
  const holder = parseHolder(found)
  if (holder === undefined) return undefined
  if (holder.host !== hostname()) {
    const fresh = env.nowMs() - modifiedMs(path) < limits.lockStaleAfterMs
    return fresh ? `process ${holder.pid} on ${holder.host}` : undefined
  }
  if (holder.pid === process.pid) return undefined
  const alive = isAlive(holder.pid) && startOf(holder.pid) === holder.started
  return alive ? `process ${holder.pid}` : undefined
}

/** Moves a left-over aside; false when it was not that any more, because another was quicker. */
function takeAway(path: string, aside: string, found: string): boolean {
  try {
    renameSync(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true
    throw error
  }
  const same = textOf(aside) === found
  if (!same) tryLink(aside, path)
  rmSync(aside, { force: true })
  return same
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder>
    if (typeof holder.pid !== 'number') return undefined
    return { pid: holder.pid, started: holder.started ?? '', host: holder.host ?? '' }
  } catch {
    return undefined
  }
}

function modifiedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When a process was started, in the kernel's count; empty where /proc does not tell. */
function startOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command's name is in parentheses and may hold anything, so count behind it.
    return `${boot}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`
  } catch {
    return ''
  }
}
