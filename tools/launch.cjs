// Runs dist/cli.js; installs and builds before if a source, the lockfile or node_modules changed.
// The words of an old JavaScript stand here on purpose: an old Node.js has to be able to say so.
'use strict'
var version = process.versions.node.split('.')
var major = Number(version[0])
if (major < 20 || (major === 20 && Number(version[1]) < 19)) {
  console.error('slicewise: Node.js 20.19 or later is needed, this is ' + process.version)
  process.exit(1)
}
require('./start.cjs')
