// count.mjs <log> <exit status>: prints `<passed> <failed>` of one step. A step that counts nothing
// is one; a step that failed without a failed test (a crash, a time-out) is one failure more.
import { readFileSync } from 'node:fs'

const [log, status] = process.argv.slice(2)
const lines = readFileSync(log, 'utf8').split('\n')
let passed = 0
let failed = 0
let counted = false
for (const line of lines) {
  const summary = /^\s*Tests\s+(.*)\(\d+\)\s*$/.exec(line)
  const plain = /^(\d+) passed, (\d+) failed$/.exec(line.trim())
  if (summary !== null) {
    passed += Number(/(\d+) passed/.exec(summary[1])?.[1] ?? 0)
    failed += Number(/(\d+) failed/.exec(summary[1])?.[1] ?? 0)
    counted = true
  } else if (plain !== null) {
    passed += Number(plain[1])
    failed += Number(plain[2])
    counted = true
  }
}
if (status !== '0' && failed === 0) failed = 1
if (status === '0' && !counted) passed = 1
console.log(`${passed} ${failed}`)
