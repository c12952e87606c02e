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
      refuseWhenHeld(dir, path, env, attempt)
      takeAway(path, `${draft}.old`)
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
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function refuseWhenHeld(dir: string, path: string, env: Env, attempt: number): void {
  const holder = readHolder(path)
  if (holder === undefined && attempt === 0) return
  const by = holderInTheWay(path, holder, env)
  if (by === undefined && attempt < 10) return
  throw new StoreUnusable(
    `${dir} is in use by ${by ?? 'another process'}: stop it first, or use another folder`,
  )
}

function holderInTheWay(path: string, holder: Holder | undefined, env: Env): string | undefined {
  if (holder === undefined) return undefined
  if (held.has(path)) return `this process (${process.pid})`
  if (holder.host !== hostname()) {
    const fresh = env.nowMs() - modifiedMs(path) < limits.lockStaleAfterMs
    return fresh ? `process ${holder.pid} on ${holder.host}` : undefined
  }
  if (holder.pid === process.pid) return undefined
  const alive = isAlive(holder.pid) && startOf(holder.pid) === holder.started
  return alive ? `process ${holder.pid}` : undefined
}

/** Moves a left-over aside. Only one of several that try succeeds. */
function takeAway(path: string, aside: string): void {
  try {
    renameSync(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  rmSync(aside, { force: true })
}

function readHolder(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>
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
