/** docs/performance.md: the tables come from bench/results, the text around them stands here. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../http/servers.ts'
import { type Figure, type Result, readResult } from './figures.ts'
import { type Goal, goals } from './goals.ts'
import { parts } from './parts.ts'

const head = `# Performance

What the design asks for, and what was measured. Ours and the reference (kube-apiserver,
kube-controller-manager and etcd 1.36.3, with fsync) do the same work in the same run on the same
machine and take turns, round by round. A figure is the median of its rounds with the smallest and
the largest. The page is written by \`npm run bench\`; the rounds are in \`bench/results\`.

`

const foot = `
## How to repeat it

\`\`\`sh
parity/reference/build.sh   # once: the real components from their Go modules
npm run bench               # all of it, some 20 minutes; on a machine that does nothing else
npm run bench -- http       # one part: start, planes, http, slices
npm run bench -- --quick    # tries the harness with small numbers, keeps nothing
\`\`\`

* start: \`./slicewise up\` with 3 simulated Nodes on a data folder of an earlier start, from the
  start of the process to an answer of /readyz; the reference is etcd, then kube-apiserver, on the
  folder of an earlier start. 20,000 objects are ConfigMaps of 1 KB, served by
  \`slicewise apiserver\`.
* planes: \`startControlPlane({ nodes: 1 })\` twenty times at once in one process, one before.
* http: \`slicewise apiserver\` on an empty lmdb store; 24 clients create 10,000 Pods of 5 KB over
  TLS and patch the status of each; one client lists them 5 times to the last byte; then 1,000
  clients watch one slice of 10 KB that changes 100 times. "Server CPU" of the reference is
  kube-apiserver's without etcd's; resident memory is that of both, after all but the watches.
* slices: one readiness flip of a Pod in a Service of so many Pods. "In process" is the controller's
  own work: from the Change to the body of the update and back through its own event. "Real server"
  is a whole controller process, ours or kube-controller-manager, on the real kube-apiserver, with
  HTTP, TLS and JSON, idle time taken off; its etcd runs without fsync there. The floor is two
  writes with their watch events, without any controller.

Wall-clock figures suffer from other work on the machine, on both sides alike: read them as ratios
when the load average is above 1. CPU figures suffer less. A negative priority means that the
measured processes of both sides went before that other work.
`

/** Writes the page from what stands in bench/results. */
export function writeReport(): void {
  const results = Object.keys(parts).flatMap((part) => readResult(part) ?? [])
  const text = [
    head, goalTable(results), '\n## All figures\n', ...results.map(allFigures), foot,
  ].join('')
  writeFileSync(join(root, 'docs', 'performance.md'), text)
}

function goalTable(results: readonly Result[]): string {
  const rows = goals.map((goal) => goalRow(goal, results))
  const title = ['| work | reference | ours | goal | met |', '|---|---|---|---|---|']
  return [...title, ...rows, ''].join('\n')
}

function goalRow({ part, figure, goal, met }: Goal, results: readonly Result[]): string {
  const result = results.find((one) => one.part === part)
  const found = result?.figures.find((one) => one.name === figure)
  if (found === undefined) return `| ${figure} | | not measured | ${goal} | |`
  const reference = found.reference === undefined ? undefined : middle(found.reference)
  const verdict = met(middle(found.ours), reference)
  const word = verdict === undefined ? 'reference not measured' : verdict ? 'yes' : '**no**'
  return `| ${figure} | ${shown(found.reference)} | ${shown(found.ours)} | ${goal} | ${word} |`
}

function allFigures(result: Result): string {
  const { part, date, commit, machine, load, priority, figures } = result
  const rows = figures.map(({ name, ours, reference }: Figure) =>
    `| ${name} | ${shown(reference)} | ${shown(ours)} |`)
  return ['', `### ${part}`, '',
    `${date} UTC, commit ${commit}; ${machine}; load average when a round began: ${
      load.map((one) => one.toFixed(1)).join(', ')}; priority ${priority}.`,
    '', '| figure | reference | ours |', '|---|---|---|', ...rows, '',
  ].join('\n')
}

function middle(all: readonly number[]): number {
  const sorted = [...all].sort((a, b) => a - b)
  const half = all.length >> 1
  const upper = sorted[half] ?? NaN
  return all.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? NaN)) / 2
}

function shown(all: readonly number[] | undefined): string {
  if (all === undefined || all.length === 0) return '–'
  const text = (value: number): string => value.toLocaleString('en', {
    maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0,
  })
  const [least, most] = [Math.min(...all), Math.max(...all)]
  return least === most ? text(least) : `${text(middle(all))} (${text(least)} to ${text(most)})`
}
