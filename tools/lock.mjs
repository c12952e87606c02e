// A lock between processes of one machine: a file with the ids of the processes that hold it.
import { appendFileSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

const pollMs = 100
/** Nobody installs for so long; also frees a lock whose process id means another process now. */
const staleAfterMs = 20 * 60_000

/**
 * Runs `run` while no other process does. `say` is told once when it has to wait. `run` gets a
 * function that adds a child process: should this process be killed, the lock lasts as long as the
 * child.
 */
export async function withLock(file, say, run) {
  let told = false
  while (!take(file)) {
    if (isStale(file)) {
      clear(file)
      continue
    }
    if (!told) say('another process is installing or building, waiting for it ...')
    told = true
    await wait(pollMs)
  }
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await run((pid) => appendFileSync(file, ` ${pid}`))
  } finally {
    process.off('exit', release)
    release()
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function isStale(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > staleAfterMs) return true
    const owners = readFileSync(file, 'utf8').split(' ').map(Number)
    return owners.every((pid) => pid > 0 && !isAlive(pid))
  } catch {
    return false // released in between
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Of several processes that see a stale lock, one removes it: a rename succeeds only once. */
function clear(file) {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
    if (isStale(aside)) rmSync(aside)
    else renameSync(aside, file) // it was taken anew between the look and the rename
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}
