import { type ChildProcess, spawn } from 'node:child_process'

export interface CommandOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Shell words before the program, such as `ulimit -n 64;`. */
  readonly before?: string
}

/** What a command did, once it has ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

const running = new Set<ChildProcess>()

/** One run of the program, built, as a user starts it. */
export class Command {
  readonly ended: Promise<Ended>
  readonly child: ChildProcess
  #stdout = ''
  #stderr = ''
  #heard: () => void = () => {}

  constructor(cli: string, args: readonly string[], options: CommandOptions) {
    const { cwd, before = '' } = options
    const env = { ...process.env, NO_COLOR: '1', KUBECONFIG: '', HOME: cwd, ...options.env }
    const words = ['-c', `${before} exec "$@"`, 'sh', process.execPath, cli, ...args]
    const child = spawn('sh', words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.child = child
    running.add(child)
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text
      this.#heard()
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text
    })
    this.ended = new Promise((resolve) => child.once('close', (code, signal) => {
      running.delete(child)
      resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr })
    }))
  }

  /** The first line on stdout; rejects with what it said when it ends before. */
  firstLine(): Promise<string> {
    const line = new Promise<string>((resolve) => {
      this.#heard = () => {
        if (this.#stdout.includes('\n')) resolve(this.#stdout.slice(0, this.#stdout.indexOf('\n')))
      }
      this.#heard()
    })
    const over = this.ended.then(({ code, stderr }) => {
      throw new Error(`ended with ${code}: ${stderr}`)
    })
    return Promise.race([line, over])
  }

  send(signal: NodeJS.Signals): Promise<Ended> {
    this.child.kill(signal)
    return this.ended
  }
}

/** Ends what a failed test left behind. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map((child) => new Promise((resolve) => {
    child.once('close', resolve)
    child.kill('SIGKILL')
  })))
}
