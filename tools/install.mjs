// First half of `npm test`: makes a fresh clone ready, so that the tests find their runner and the
// built program. Does nothing when both are up to date.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import freshness from './freshness.cjs'
import { prepare, PrepareError } from './prepare.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const wantsBuild = !process.argv.includes('--no-build')
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`slicewise: Node.js 20.19 or later is needed, this is ${process.version}`)
  process.exit(1)
}
try {
  const build = wantsBuild && existsSync(join(root, 'packages', 'cli', 'main.ts'))
  if (!build || !freshness.isBuilt(root)) await prepare(root, { build })
} catch (error) {
  if (!(error instanceof PrepareError)) throw error
  console.error(`slicewise: ${error.message}`)
  process.exit(1)
}
