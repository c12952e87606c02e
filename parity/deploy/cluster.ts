import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ControlPlane } from '@slicewise/testing'
import { type Reference, referenceBin } from '../reference/start.ts'

/** Runs the real kubectl; throws with what it said. */
export function kubectl(kubeconfig: string, args: readonly string[], input?: object): string {
  return execFileSync(join(referenceBin(), 'kubectl'), ['--kubeconfig', kubeconfig, ...args], {
    input: input === undefined ? '' : JSON.stringify(input), encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

interface Said {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What a server has against the manifests, line by line; it keeps nothing of them. */
export async function applyDry(
  kubeconfig: string, files: readonly string[],
): Promise<string[]> {
  const named = files.flatMap((file) => ['-f', file])
  const args = ['--kubeconfig', kubeconfig, 'apply', '--dry-run=server', ...named]
  // Our own server runs in this very process: nothing may wait for kubectl but a promise.
  const { status, stdout, stderr } = await new Promise<Said>((resolve) => {
    const child = execFile(join(referenceBin(), 'kubectl'), args, (_error, out, err) =>
      resolve({ status: child.exitCode, stdout: out, stderr: err }))
  })
  const said = stderr.split('\n').filter((line) => line !== '')
  const done = stdout.split('\n').filter((line) => line.endsWith('(server dry run)')).length
  return status === 0 && said.length === 0 && done === 6
    ? [] : [`exit ${status}, ${done} of 6 objects`, ...said]
}

/** The folder that a Pod of the ServiceAccount would have; its token is a real one. */
export function writeAccount(scratch: string, { kubeconfig, ca }: Reference): string {
  const folder = join(scratch, 'account')
  mkdirSync(folder, { recursive: true })
  const token = kubectl(kubeconfig,
    ['create', 'token', 'slicewise-controllers', '--namespace', 'kube-system'])
  writeFileSync(join(folder, 'token'), token, { mode: 0o600 })
  writeFileSync(join(folder, 'ca.crt'), ca)
  writeFileSync(join(folder, 'namespace'), 'kube-system')
  return folder
}

/** A kubeconfig of our own server as a file. */
export function writeOurs(scratch: string, plane: ControlPlane): string {
  const file = join(scratch, 'ours.kubeconfig')
  writeFileSync(file, plane.kubeconfig, { mode: 0o600 })
  return file
}
