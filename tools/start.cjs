// The fast path of a start: a few hundred stats, then the program, all in this process.
'use strict'
const nodeModule = require('node:module')
const { join, dirname } = require('node:path')
const { pathToFileURL } = require('node:url')
const { isBuilt } = require('./freshness.cjs')

const root = dirname(__dirname)
const program = join(root, 'dist', 'cli.js')

async function start() {
  if (!isBuilt(root)) {
    const { prepare, PrepareError } = await import('./prepare.mjs')
    try {
      await prepare(root)
    } catch (error) {
      if (!(error instanceof PrepareError)) throw error
      console.error(`slicewise: ${error.message}`)
      process.exit(1)
    }
  }
  nodeModule.enableCompileCache?.(join(root, '.slicewise', 'compiled')) // from Node.js 22 on
  process.argv[1] = program
  await import(pathToFileURL(program).href)
}

start().catch((error) => {
  const help = error.code === 'EMFILE' ? ': raise the limit of open files (ulimit -n)' : ''
  console.error(`slicewise: the program cannot be loaded (${error.message})${help}`)
  process.exit(1)
})
