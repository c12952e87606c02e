/** Starts this project's server as a user would, keeping nothing, without controllers and Nodes. */
import { existsSync, mkdirSync } from 'node:fs'
import { request } from 'node:https'
import { join, resolve } from 'node:path'
import { run, untilReady } from './reference/processes.ts'
import { targetOf } from './target.ts'

export interface Ours { readonly kubeconfig: string; stop(): Promise<void> }

export async function startOurs(
  dir: string, controllers = '-*', flags: readonly string[] = [],
): Promise<Ours> {
  mkdirSync(dir, { recursive: true })
  const kubeconfig = join(dir, 'kubeconfig')
  const log = join(dir, 'log')
  const program = await run(resolve(import.meta.dirname, '..', 'slicewise'), [
    'up', '--data', 'memory', '--listen', '127.0.0.1:0', '--nodes', '0',
    `--controllers=${controllers}`, '--kubeconfig', kubeconfig, ...flags,
  ], log)
  try {
    await untilReady(program, log, async () => existsSync(kubeconfig) && isReady(kubeconfig))
  } catch (error) {
    await program.end()
    throw error
  }
  return { kubeconfig, stop: () => program.end() }
}

function isReady(kubeconfig: string): Promise<boolean> {
  const { url, ca } = targetOf('ours', kubeconfig)
  return new Promise((answer, failed) => {
    const asked = request(`${url}/readyz`, { ca, agent: false }, response => {
      response.resume()
      answer(response.statusCode === 200)
    })
    asked.on('error', failed)
    asked.end()
  })
}
