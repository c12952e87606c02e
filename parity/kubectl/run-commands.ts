/** Runs kubectl and makes what it printed comparable. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { substitute } from '../send.ts'
import type { Command, CommandGroup } from './command.ts'

/** No command of a script takes longer against a server that answers. */
const commandMsMax = 60_000

export interface Kubectl {
  readonly program: string
  readonly kubeconfig: string
  /** For its caches, its HOME and the editor. */
  readonly dir: string
}

export interface Printed {
  readonly line: string
  readonly code: number
  /** What went to stdout, then what went to stderr behind `! `. */
  readonly lines: readonly string[]
}

/** Runs a group in a namespace of its own; the result is masked. */
export async function runCommands(kubectl: Kubectl, group: CommandGroup): Promise<Printed[]> {
  const namespace = `${group.name}-${randomBytes(3).toString('hex')}`
  mkdirSync(kubectl.dir, { recursive: true })
  const names = new Map([['ns', namespace]])
  await execute(kubectl, names, { line: `create namespace ${namespace}` }, false)
  // Whichever server runs controllers has made these two itself.
  await execute(kubectl, names, { line: 'create serviceaccount default' })
  const bundle = 'create configmap kube-root-ca.crt --from-literal=ca.crt='
  await execute(kubectl, names, { line: bundle })
  const printed: Printed[] = []
  const sent = JSON.stringify(group)
  for (const command of group.commands) {
    const { code, out, err } = await execute(kubectl, names, command)
    if (command.save !== undefined) names.set(command.save, out.trim())
    const lines = (text: string) => maskOutput(text, namespace, sent)
      .filter(line => command.pick?.(line) ?? true)
    const complaints = lines(err).map(each => `! ${each}`)
    const shown = command.silent ? [] : lines(out)
    printed.push({
      line: command.line, code,
      lines: command.silent && code === 0 ? [] : [...shown, ...complaints],
    })
  }
  return printed
}

async function execute(
  kubectl: Kubectl, names: ReadonlyMap<string, string>, command: Command, inNamespace = true,
) {
  const { program, kubeconfig, dir } = kubectl
  const args = [
    '--kubeconfig', kubeconfig, '--cache-dir', join(dir, 'cache'),
    ...inNamespace ? ['--namespace', names.get('ns') ?? ''] : [],
    ...words(substitute(command.line, names)),
  ]
  const editor = join(dir, `edit-${names.get('ns')}.sh`)
  if (command.edit !== undefined) {
    writeFileSync(editor, `#!/bin/sh\nsed -i '${command.edit}' "$1"\n`, { mode: 0o755 })
  }
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], HOME: dir, KUBE_EDITOR: editor, TZ: 'UTC' },
    timeout: command.endMs ?? commandMsMax, killSignal: 'SIGINT',
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(text(substitute(command.input ?? '', names)))
  const [out, err] = await Promise.all([child.stdout, child.stderr].map(async stream => {
    let all = ''
    for await (const chunk of stream.setEncoding('utf8')) all += String(chunk)
    return all
  }))
  const code = child.exitCode ?? await new Promise<number>(ended =>
    child.once('close', exit => ended(exit ?? -1)))
  return { code: command.endMs === undefined ? code : 0, out: out ?? '', err: err ?? '' }
}

/** Blanks part words; what stands in single quotes is one word. */
export function words(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''))
}

function text(input: NonNullable<Command['input']>): string {
  if (typeof input === 'string') return input
  return input.map(object => JSON.stringify(object)).join('\n---\n')
}

const masks: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>'],
  [/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>'],
  [/https:\/\/127\.0\.0\.1:\d+/g, '<server>'],
  [/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-<random>'],
  [/\b10\.96\.\d+\.\d+\b/g, '<address>'],
  [/\bfd00:10:96::[0-9a-f:]+/g, '<address>'],
  [/\b3[0-2]\d{3}\b(?=\/|$)/g, '<port>'],
  [/((?:nodePort|NodePort)"?:\s+(?:\S+\s+)?)3[0-2]\d{3}/g, '$1<port>'],
  [/([rR]esource ?Version"?:\s*"?)\d+/g, '$1<revision>'],
  [/(LIVE|MERGED)-\d+/g, '$1-<random>'],
  [/20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \+0000/g, '<time>'],
  [/^([IWE])\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ /g, '$1 <time> '],
]
/** Never something that a script sent. */
const ages = /(?<=\s|^)\d+[smhd](\d+[smhd])?(?=\s|$|\))/g

/** Ages and addresses have lengths of their own, so runs of blanks count as two. */
export function maskOutput(text: string, namespace: string, sent: string): string[] {
  if (text.trim() === '') return []
  return text.trimEnd().split('\n').map(line => {
    let masked = line.replaceAll(namespace, '<ns>').replace(ages, '<age>')
    for (const [pattern, mark] of masks) {
      masked = masked.replace(pattern, (...found: unknown[]) => {
        const whole = String(found[0])
        return sent.includes(whole) ? whole : mark.replace('$1', String(found[1]))
      })
    }
    const indent = /^ */.exec(masked)?.[0] ?? ''
    return indent + masked.slice(indent.length).trimEnd().replace(/ {2,}|\t+/g, '  ')
  })
}
