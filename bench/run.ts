/**
 * `npm run bench [-- [PART…] [--quick] [--alone] [--rounds N]]`: every figure that the design sets
 * a goal for, ours beside the reference in the same run where its binaries are built
 * (`parity/reference/build.sh`). Writes bench/results/PART.json and docs/performance.md.
 * `--quick` tries the harness with small numbers and writes neither table nor result.
 */
import { referenceIsBuilt, prepareOurs } from './http/servers.ts'
import { saveResult } from './run/figures.ts'
import { type Options, parts } from './run/parts.ts'
import { writeReport } from './run/report.ts'

const [options, wanted] = optionsOf(process.argv.slice(2))
prepareOurs()
if (options.reference && !referenceIsBuilt()) {
  console.log('the real components are not built: ours alone (parity/reference/build.sh)')
}
for (const name of wanted) {
  const part = parts[name]
  if (part === undefined) throw new Error(`no part ${name}; there are ${Object.keys(parts)}`)
  console.log(`${name}:`)
  const { load, figures } = await part(options)
  saveResult(name, options.quick, load, figures)
  for (const { name: what, ours, reference } of figures) {
    console.log(`  ${what.padEnd(52)} ${ours.join(' ')} | ${reference?.join(' ') ?? '-'}`)
  }
  if (!options.quick) writeReport()
}

function optionsOf(words: readonly string[]): [Options, readonly string[]] {
  const at = words.indexOf('--rounds')
  const quick = words.includes('--quick')
  const rounds = at < 0 ? (quick ? 1 : 3) : Number(words[at + 1])
  const names = words.filter((word, index) => !word.startsWith('--') && index !== at + 1)
  const named = at < 0 ? words.filter((word) => !word.startsWith('--')) : names
  return [
    { quick, rounds, reference: !words.includes('--alone') },
    named.length === 0 ? Object.keys(parts) : named,
  ]
}
