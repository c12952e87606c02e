import { type ChildProcess, execFile, spawn } from 'node:child_process'
import {
  copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { HttpApi } from '@slicewise/client'
import { httpTransport, readKubeconfig } from '@slicewise/client/node'
import type { Api } from '@slicewise/kube'
import packageJson from '../../package.json' with { type: 'json' }

const run = promisify(execFile)
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** A folder inside of the tree, where the program finds its native dependencies. */
export function workFolder(): { folder: string; remove(): Promise<void> } {
  const parent = join(root, '.slicewise', 'tests')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'system-'))
  return {
    folder,
    remove: async () => {
      // Those of a test that failed half-way.
      await Promise.all([...running].map((program) => program.kill()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const running = new Set<Program>()

/** Brings dist up to date and copies the program into `folder`, as `version` if one is given. */
export async function copyProgram(folder: string, version?: string): Promise<string> {
  await run(process.execPath, [join(root, 'tools', 'install.mjs')], { cwd: root })
  const target = join(folder, `program-${version ?? packageJson.version}`)
  mkdirSync(join(target, 'chunks'), { recursive: true })
  const chunks = readdirSync(join(root, 'dist', 'chunks')).map((name) => join('chunks', name))
  for (const name of ['cli.js', ...chunks].filter((one) => one.endsWith('.js'))) {
    const [from, to] = [join(root, 'dist', name), join(target, name)]
    if (version === undefined) copyFileSync(from, to)
    else writeFileSync(to, renamed(readFileSync(from, 'utf8'), version))
  }
  const cli = join(target, 'cli.js')
  const { stdout } = await run(process.execPath, [cli, '--version'])
  const told = stdout.trim()
  if (told !== (version ?? packageJson.version)) throw new Error(`the copy says it is ${told}`)
  return cli
}

const renamed = (text: string, version: string): string =>
  text.replaceAll(`version: "${packageJson.version}"`, `version: "${version}"`)

export interface ProgramOptions {
  readonly cli: string
  readonly data: string
  /** Default a free one. */
  readonly port?: number
  readonly flags?: readonly string[]
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

const readyWithinMs = 15_000

/** `slicewise up` as a process of its own. */
export class Program {
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  readonly #kubeconfig: string
  readonly #ready: Promise<void>
  #printed = ''

  constructor({ cli, data, port = 0, flags = [] }: ProgramOptions) {
    this.#kubeconfig = `${data}.kubeconfig`
    const args = [
      cli, 'up', '--listen', `127.0.0.1:${port}`, '--data', data, '--kubeconfig', this.#kubeconfig,
      ...flags,
    ]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    running.add(this)
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        running.delete(this)
        resolve({ code, signal })
      })
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#printed += text
    })
    this.#ready = new Promise((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        this.#printed += text
        if (this.#printed.includes('slicewise is ready at ')) resolve()
      })
    })
  }

  /** What it said so far, on both channels. */
  get printed(): string {
    return this.#printed
  }

  /** Where it listens; the Service `kubernetes` follows it. */
  get port(): number {
    return Number(/ready at https:\/\/[^\s/]+:(\d+)/.exec(this.#printed)?.[1])
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Resolves with false when it ended before it was ready. */
  async whenReady(): Promise<boolean> {
    const timer = new Promise<never>((_resolve, reject) => setTimeout(
      () => reject(new Error(`not ready in time; it printed:\n${this.#printed}`)), readyWithinMs,
    ).unref())
    return Promise.race([
      this.#ready.then(() => true), this.ended.then(() => false), timer,
    ])
  }

  async connect(): Promise<Connected> {
    const transport = httpTransport(await readKubeconfig(this.#kubeconfig))
    const api = new HttpApi({ transport, userAgent: 'restart-test/1' })
    return { api, close: () => transport.close() }
  }

  /** Ends it at once, wherever it is. */
  async kill(): Promise<Ended> {
    this.#child.kill('SIGKILL')
    return this.ended
  }

  /** Asks it to end, as a service manager does. */
  async stop(): Promise<Ended> {
    this.#child.kill('SIGTERM')
    return this.ended
  }
}

export interface Connected {
  readonly api: Api
  close(): Promise<void>
}

/** Starts and waits; throws with what it printed when it does not come up. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const program = new Program(options)
  if (await program.whenReady()) return program
  throw new Error(`the program ended; it printed:\n${program.printed}`)
}
