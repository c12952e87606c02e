// count.mjs <log> <exit status>: prints `<passed> <failed>` of one step. A step that counts nothing
// is one; a step that failed without a failed test (a crash, a time-out) is one failure more.
import { readFileSync } from 'node:fs'

const [log, status] = process.argv.slice(2)
const lines = readFileSync(log, 'utf8').split('\n')
let passed = 0
let failed = 0
let counted = false
/** The forms in which a step tells its counts, each with passed and failed. */
const forms = [
  /^(\d+) passed, (\d+) failed$/,
  /^\d+ requests: (\d+) equal, \d+ with a known difference, (\d+) different/,
]
for (const line of lines) {
  const summary = /^\s*Tests\s+(.*)\(\d+\)\s*$/.exec(line)
  const plain = forms.map((form) => form.exec(line.trim())).find((match) => match !== null)
  const commands = /^(\d+) commands: (\d+) lines differ/.exec(line)
  if (summary !== null) {
    passed += Number(/(\d+) passed/.exec(summary[1])?.[1] ?? 0)
    failed += Number(/(\d+) failed/.exec(summary[1])?.[1] ?? 0)
    counted = true
  } else if (commands !== null) {
    const wrong = Math.min(Number(commands[1]), Number(commands[2])) // several lines of one command
    failed += wrong
    passed += Number(commands[1]) - wrong
    counted = true
  } else if (plain !== undefined) {
    passed += Number(plain[1])
    failed += Number(plain[2])
    counted = true
  }
}
if (status !== '0' && failed === 0) failed = 1
if (status === '0' && !counted) passed = 1
console.log(`${passed} ${failed}`)
