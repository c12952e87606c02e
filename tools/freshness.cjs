// Whether node_modules and dist still belong to the sources. Only stats on the fast path: it runs
// at every start and must stay far below 20 ms.
'use strict'
const fs = require('node:fs')
const { join } = require('node:path')

const stampFile = (root) => join(root, 'dist', '.stamp.json')
const installedFile = (root) => join(root, 'node_modules', '.package-lock.json')

/** `[path, size, mtimeMs]` of a file, or `[path, -1, 0]` when there is none. */
function fingerprint(root, path) {
  const stat = fs.statSync(join(root, path), { throwIfNoEntry: false })
  return stat === undefined ? [path, -1, 0] : [path, stat.size, stat.mtimeMs]
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** True when every file that the last build read is as it was then. */
function isBuilt(root) {
  const stamp = readJson(stampFile(root))
  if (stamp === undefined || stamp.node !== process.platform + process.arch) return false
  for (const [path, size, mtimeMs] of stamp.inputs) {
    const now = fingerprint(root, path)
    if (now[1] !== size || now[2] !== mtimeMs) return false
  }
  return true
}

/** Remembers what a build has read; `paths` are relative to the root. */
function writeStamp(root, paths) {
  const inputs = paths.map((path) => fingerprint(root, path))
  const stamp = { node: process.platform + process.arch, inputs }
  fs.writeFileSync(stampFile(root), JSON.stringify(stamp))
}

const meantFor = (list, value) => list === undefined || list.includes(value)

/** Does npm install this optional package here? Those that depend on the libc are not judged. */
const wantedHere = (entry) =>
  entry.libc === undefined &&
  meantFor(entry.os, process.platform) &&
  meantFor(entry.cpu, process.arch)

/**
 * True when node_modules holds what package-lock.json asks for, whoever installed it: npm keeps a
 * lockfile of what is there. A killed install leaves none.
 */
function isInstalled(root) {
  const wanted = readJson(join(root, 'package-lock.json'))
  const found = readJson(installedFile(root))
  if (wanted === undefined || found === undefined) return false
  for (const [path, entry] of Object.entries(wanted.packages)) {
    if (!path.startsWith('node_modules/')) continue
    const there = found.packages[path]
    if (there === undefined) {
      if (entry.optional !== true || (entry.os !== undefined && wantedHere(entry))) return false
    } else if (there.version !== entry.version) {
      return false
    }
  }
  return true
}

module.exports = { isBuilt, isInstalled, stampFile, writeStamp }
