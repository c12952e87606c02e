/** Fails on what a reviewer should not have to say: layers, platform edges, sizes, names, words. */
import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dependencies } from './dependencies.ts'
import { functionRule } from './tidy/functions.ts'
import { type Exports, layerRule } from './tidy/layers.ts'
import { envRule, nodeRule } from './tidy/platform.ts'
import { exportRule, nameRule, sizeRule, syntaxRule } from './tidy/shape.ts'
import { type Finding, type Rule, readSource } from './tidy/source.ts'
import { dependencyRule, manifestFindings, readmeFindings, wordRule } from './tidy/tree.ts'

/** Rules that look at one file at a time. */
export const fileRules = (exports: Exports): Rule[] => [
  layerRule(exports),
  nodeRule,
  envRule,
  functionRule,
  sizeRule,
  exportRule,
  syntaxRule,
  nameRule,
  wordRule,
  dependencyRule(dependencies),
]

/** Files that git tracks or would track: what is ignored is nobody's business. */
export function listFiles(root: string): string[] {
  if (!existsSync(join(root, '.git'))) return walk(root) // a source archive
  const options = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const out = execFileSync('git', options, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
  const paths = [...new Set(out.split('\0'))].filter((path) => path !== '')
  return paths.filter((path) => lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile())
}

const unkept = new Set(['node_modules', 'dist', '.slicewise'])

function walk(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return unkept.has(entry.name) ? [] : walk(root, path)
    return entry.isFile() ? [path] : []
  })
}

export function readExports(root: string): Exports {
  const found = new Map<string, ReadonlySet<string>>()
  for (const name of readdirSync(join(root, 'packages'))) {
    const file = join(root, 'packages', name, 'package.json')
    if (!existsSync(file)) continue
    const manifest = JSON.parse(readFileSync(file, 'utf8'))
    found.set(name, new Set(Object.keys(manifest.exports ?? {})))
  }
  return found
}

export function tidy(root: string): Finding[] {
  const paths = listFiles(root)
  const rules = fileRules(readExports(root))
  const findings: Finding[] = []
  for (const path of paths) {
    const bytes = readFileSync(join(root, path))
    if (bytes.includes(0)) continue // not text
    const source = readSource(path, bytes.toString('utf8'))
    for (const rule of rules) findings.push(...rule(source))
  }
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  findings.push(...manifestFindings(manifest, dependencies), ...readmeFindings(paths))
  return findings.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const findings = tidy(dirname(dirname(fileURLToPath(import.meta.url))))
  for (const { path, line, message } of findings) {
    console.log(line === 0 ? `${path}: ${message}` : `${path}:${line}: ${message}`)
  }
  if (findings.length > 0) {
    console.error(`tidy: ${findings.length} findings`)
    process.exit(1)
  }
}
