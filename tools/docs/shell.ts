import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'

export interface Ran {
  readonly output: string
  readonly status: number
}

/** One bash that runs a document's commands one after the other, so that exports last. */
export class Shell {
  readonly #bash: ChildProcessWithoutNullStreams
  readonly #background: ChildProcessWithoutNullStreams[] = []
  readonly #options: { cwd: string; env: NodeJS.ProcessEnv }
  #output = ''
  #heard: () => void = () => {}

  constructor(options: { cwd: string; env: NodeJS.ProcessEnv }) {
    this.#options = options
    // A group of its own: what a document leaves running in the background ends with it.
    this.#bash = spawn('bash', ['--noprofile', '--norc'], { ...options, detached: true })
    this.#listen(this.#bash)
  }

  /** Output counts until the function it returns is called; what comes later is dropped. */
  #listen(child: ChildProcessWithoutNullStreams): () => void {
    let isHeard = true
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        if (!isHeard) return
        this.#output += text
        this.#heard()
      })
    }
    return () => { isHeard = false }
  }

  /** Standard output and error of one command, and its status. */
  async run(command: string, timeoutMs: number): Promise<Ran> {
    const mark = `done-${randomUUID()}`
    this.#output = ''
    this.#bash.stdin.write(`{ ${command}\n} < /dev/null\nprintf '\\n%s %s\\n' ${mark} "$?"\n`)
    const end = new RegExp(`\\n${mark} (\\d+)\\n`)
    const found = await this.#wait(() => end.exec(this.#output), timeoutMs, command)
    return { output: this.#output.slice(0, found.index), status: Number(found[1]) }
  }

  /**
   * Starts a command that goes on; resolves when its output satisfies `isReady`. What it prints
   * later belongs to another terminal and is not mixed with what `run` hears.
   */
  async start(
    command: string, isReady: (output: string) => boolean, timeoutMs: number,
  ): Promise<string> {
    this.#output = ''
    const child = spawn('bash', ['-c', `exec ${command}`], this.#options)
    this.#background.push(child)
    const mute = this.#listen(child)
    let hasEnded = false
    child.once('close', () => {
      hasEnded = true
      this.#heard()
    })
    const state = await this.#wait(
      () => isReady(this.#output) ? 'ready' : hasEnded ? 'ended' : undefined, timeoutMs, command)
    mute()
    if (state === 'ended') throw new Error(`ended at once: ${command}\n${this.#output}`)
    return this.#output
  }

  #wait<T>(test: () => T | null | undefined, timeoutMs: number, command: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`no end after ${timeoutMs} ms: ${command}\n${this.#output}`))
      }, timeoutMs)
      this.#heard = () => {
        const found = test()
        if (found === null || found === undefined) return
        clearTimeout(timer)
        this.#heard = () => {}
        resolve(found)
      }
      this.#heard()
    })
  }

  /** Ends what was started here. */
  async close(): Promise<void> {
    this.#bash.stdin.end()
    const children = [...this.#background, this.#bash]
    await Promise.all(children.map((child) => new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve()
      child.once('exit', () => resolve())
      child.kill('SIGTERM')
    })))
    try {
      process.kill(-(this.#bash.pid ?? 0), 'SIGTERM')
    } catch {
      // Nothing was left.
    }
  }
}
