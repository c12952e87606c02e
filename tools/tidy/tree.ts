import type { Dependency } from '../dependencies.ts'
import { importsOf } from './imports.ts'
import { type Finding, type Rule, isTest, lineAt, packageOf } from './source.ts'

/**
 * Words that tell of the machine where the work was done, not of the project; they have no place in
 * a tracked file. Spelt in pieces: this file is tracked too.
 */
const foreignWords: readonly (readonly [pattern: RegExp, why: string])[] = [
  [new RegExp('(?<![\\w.])/wo' + 'rk/'), 'a path of one machine'],
  [new RegExp('/tmp/br' + 'ief'), 'a path of one machine'],
  [new RegExp('registry\\.npm' + 'js\\.org'), 'a host of the package registry'],
  [new RegExp('(proxy|sum)\\.golang\\.' + 'org'), 'a host of the module proxy'],
  [new RegExp('deb\\.debian\\.' + 'org'), 'a host of the package mirror'],
  [new RegExp('\\bhelper' + '-\\d'), 'a word of one machine'],
  [new RegExp('\\b(design|style)\\.' + 'md\\b'), 'a document that this repository does not hold'],
  [new RegExp('\\bissue' + ' \\d{1,2}\\b', 'i'), 'a number without a tracker'],
]

export const wordRule: Rule = (source) => {
  const findings: Finding[] = []
  source.text.split('\n').forEach((text, index) => {
    for (const [pattern, why] of foreignWords) {
      const match = pattern.exec(text)
      if (match === null) continue
      findings.push({ path: source.path, line: index + 1, message: `'${match[0]}': ${why}` })
    }
  })
  return findings
}

/** Packages whose `.` runs in a browser take only dependencies that do so too. */
const browserPackages = new Set(['base', 'kube', 'discovery', 'client', 'controllers', 'catalog'])

/** Every package that shipped code imports has its reason in `tools/dependencies.ts`. */
export function dependencyRule(table: readonly Dependency[]): Rule {
  const rows = new Map(table.map((row) => [row.name, row]))
  return (source) => {
    const own = packageOf(source.path)
    if (own === undefined || isTest(source.path)) return []
    const findings: Finding[] = []
    for (const { specifier, at } of importsOf(source)) {
      const message = judge(source.path, own, specifier, rows)
      if (message !== undefined) {
        findings.push({ path: source.path, line: lineAt(source, at), message })
      }
    }
    return findings
  }
}

function judge(
  path: string,
  own: string,
  specifier: string,
  rows: ReadonlyMap<string, Dependency>,
): string | undefined {
  if (/^(\.|node:|@slicewise\/)/.test(specifier)) return undefined
  const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
  const row = rows.get(name)
  if (row === undefined) return `the dependency ${name} has no row in tools/dependencies.ts`
  const named = path.startsWith('packages/client/node')
  if (row.browser || named || !browserPackages.has(own)) return undefined
  return `${name} does not run in a browser, ${own} has to`
}

/** What the manifest promises, against the table: both name the same packages. */
export function manifestFindings(
  manifest: { dependencies?: Record<string, string>; devDependencies?: Record<string, string> },
  table: readonly Dependency[],
): Finding[] {
  const path = 'package.json'
  const findings: Finding[] = []
  const installed = { ...manifest.devDependencies, ...manifest.dependencies }
  for (const row of table) {
    if (installed[row.name] !== undefined) continue
    findings.push({ path, line: 0, message: `${row.name} is in the table but not installed` })
  }
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (table.some((row) => row.name === name && !row.bundled)) continue
    const message = `${name} is a dependency of the packed program without a row that says why`
    findings.push({ path, line: 0, message })
  }
  for (const row of table) {
    if (row.bundled || manifest.dependencies?.[row.name] !== undefined) continue
    const message = `${row.name} is not bundled, so it has to stand in dependencies`
    findings.push({ path, line: 0, message })
  }
  return findings
}

/** Each package says what it is and what it never does. */
export function readmeFindings(paths: readonly string[]): Finding[] {
  const present = new Set(paths)
  const packages = new Set(paths.map(packageOf).filter((name) => name !== undefined))
  return [...packages]
    .map((name) => `packages/${name}/README.md`)
    .filter((path) => !present.has(path))
    .map((path) => ({ path, line: 0, message: 'missing: what the package is, what it never does' }))
}
