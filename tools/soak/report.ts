/** docs/soak.md, from what was really run. */
import { writeFileSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { type PartState, type SoakState, root } from './state.ts'
import { type Part, parts } from './parts.ts'

export function writeReport(state: SoakState): void {
  const rows = Object.entries(parts).map(([name, part]) => row(name, part, state[name]))
  const findings = Object.entries(state).flatMap(([name, { findings: found }]) =>
    found.map((one) => `* ${name}: ${one}`))
  const notes = Object.entries(state).flatMap(([name, { notes: told }]) =>
    told.map((one) => `* ${name}: ${one}`))
  writeFileSync(join(root, 'docs', 'soak.md'), `# Soak

The long forms of tests that \`npm test\` runs short. \`npm run soak\` runs all of them,
\`npm run soak -- kills fuzz\` some; what was broken off is taken up where it stood, and
\`--fresh\` begins anew. The table says what was really run; each chunk has a seed of its own.

Machine: ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${
  process.version}.

| part | what | wanted | done | took | when (UTC) | commits | failures |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}

## Findings

${findings.length === 0 ? 'None in what the table says was done.' : findings.join('\n')}

## Measured on the way

${notes.length === 0 ? 'Nothing yet.' : notes.join('\n')}
`)
}

function row(name: string, part: Part, state: PartState | undefined): string {
  const wanted = part.wanted.toLocaleString('en')
  if (state === undefined) return `| ${name} | ${part.what} | ${wanted} | not run | | | | |`
  const { done, seconds, began, ended, commits, findings } = state
  const open = done < part.wanted ? ' (broken off)' : ''
  return `| ${name} | ${part.what} | ${wanted} | ${done.toLocaleString('en')}${open} | ${
    seconds.toFixed(0)} s | ${began} to ${ended} | ${commits.join(', ')} | ${findings.length} |`
}
