import { chmodSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes a folder and those above it, level by level. Node.js' own recursive call never returns
 * where a folder that exists takes none (`/proc/x`). Throws the system's error of the level that
 * could not be made; an existing file in the way is `EEXIST` or `ENOTDIR`.
 */
export function makeFolder(dir: string, mode = 0o777): void {
  const missing: string[] = []
  for (let level = resolve(dir); !isThere(level); level = dirname(level)) missing.push(level)
  for (const level of missing.reverse()) makeLevel(level, mode)
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

function makeLevel(level: string, mode: number): void {
  try {
    mkdirSync(level, { mode })
  } catch (error) {
    // Another process may have been quicker.
    const { code } = error as NodeJS.ErrnoException
    const there = statSync(level, { throwIfNoEntry: false })
    if (code !== 'EEXIST' || there?.isDirectory() !== true) throw error
  }
}

/** Writes a file that only its owner may read, all of it or nothing, with the folders above it. */
export function writePrivately(path: string, text: string): void {
  makeFolder(dirname(path))
  const draft = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(draft, text, { mode: 0o600 })
    chmodSync(draft, 0o600)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}
