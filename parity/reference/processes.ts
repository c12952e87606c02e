/** Starts and ends the programs of the reference, each with its output in a log file of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long a program may take to end after SIGTERM before SIGKILL follows. */
const endMsMax = 10_000
/** How long a program may take to answer: etcd and an API server on a busy two-core machine. */
const startMsMax = 120_000

export interface Running {
  readonly name: string
  readonly pid: number
  /** True until the process has ended by itself or by `end`. */
  alive(): boolean
  end(): Promise<void>
}

/** Starts a program; its output goes to `log`. Throws when it cannot be started at all. */
export async function run(
  program: string, args: readonly string[], log: string,
): Promise<Running> {
  const file = openSync(log, 'a')
  const child = spawn(program, args, { stdio: ['ignore', file, file] })
  closeSync(file)
  await new Promise<void>((started, failed) => {
    child.once('spawn', started)
    child.once('error', failed)
  })
  return {
    name: basename(program),
    pid: child.pid ?? 0,
    alive: () => child.exitCode === null && child.signalCode === null,
    end: () => end(child),
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>(done => child.once('exit', () => done()))
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), endMsMax)
  await ended
  clearTimeout(patience)
}

/** Asks until `answers` says yes; fails, with the end of the log, when the program ends. */
export async function untilReady(
  program: Running, log: string, answers: () => Promise<boolean>,
): Promise<void> {
  const giveUp = Date.now() + startMsMax
  while (!(await answers().catch(() => false))) {
    if (!program.alive() || Date.now() > giveUp) {
      const tail = readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n')
      throw new Error(`${program.name} does not become ready; its log ends:\n${tail}`)
    }
    await sleep(50)
  }
}

/** Free loopback ports: found by listening on all of them at once, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(servers.map(server => new Promise<number>((found, failed) => {
    server.once('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      found(address !== null && typeof address === 'object' ? address.port : 0)
    })
  })))
  await Promise.all(servers.map(server => new Promise(done => server.close(done))))
  return ports
}
