import { dirname, join } from 'node:path/posix'
import { importsOf } from './imports.ts'
import { type Finding, type Rule, type Source, isTest, lineAt, packageOf } from './source.ts'

/** What each package may import; nothing else, so never upward and never sideways. */
export const layers: Readonly<Record<string, readonly string[]>> = layerTable()

function layerTable(): Record<string, string[]> {
  const low = ['client', 'discovery', 'kube', 'base']
  const middle = ['catalog', 'engine', ...low]
  const acting = ['proxy', 'dns', 'controllers', 'nodes']
  const belowDoctor = [...acting, 'server', 'store', ...middle]
  const belowSystem = ['doctor', 'dashboard', ...belowDoctor]
  return {
    base: [],
    kube: ['base'],
    client: ['kube', 'base'],
    discovery: ['kube', 'base'],
    store: ['kube', 'base'],
    server: ['store', 'kube', 'base'],
    catalog: low,
    engine: ['client', 'kube', 'base'],
    ...Object.fromEntries(acting.map((name) => [name, middle])),
    doctor: belowDoctor,
    dashboard: ['doctor', ...belowDoctor],
    system: belowSystem,
    cli: ['system', ...belowSystem],
    testing: ['system', ...belowSystem],
  }
}

/** `exports` of each package by its folder, as its package.json says. */
export type Exports = ReadonlyMap<string, ReadonlySet<string>>

const scope = '@slicewise/'

/** Imports point down, and enter another package only where its package.json has a door. */
export function layerRule(exports: Exports): Rule {
  return (source) => {
    const findings: Finding[] = []
    for (const { specifier, at } of importsOf(source)) {
      const message = judge(source, specifier, exports)
      if (message !== undefined) {
        findings.push({ path: source.path, line: lineAt(source, at), message })
      }
    }
    return findings
  }
}

function judge(source: Source, specifier: string, exports: Exports): string | undefined {
  if (specifier.startsWith('.')) return judgeRelative(source, specifier)
  if (!specifier.startsWith(scope)) return undefined
  const [target = '', ...rest] = specifier.slice(scope.length).split('/')
  const own = packageOf(source.path)
  if (own === target) return `import of the own package by name: '${specifier}'`
  const door = rest.length === 0 ? '.' : `./${rest.join('/')}`
  const doors = exports.get(target)
  if (doors === undefined) return `no such package: '${specifier}'`
  if (!doors.has(door)) return `'${specifier}' is not among the exports of ${target}/package.json`
  return judgeLayer(source, own, target)
}

function judgeLayer(
  source: Source,
  own: string | undefined,
  target: string,
): string | undefined {
  if (own === undefined || isTest(source.path)) return undefined
  const allowed = layers[own]
  if (allowed === undefined) return `the package ${own} has no row in tools/tidy/layers.ts`
  if (allowed.includes(target)) return undefined
  return `${own} may not import ${target} (imports point down, never sideways)`
}

/** Tests, tools, parity and benchmarks import anything; shipped files stay inside their package. */
function judgeRelative(source: Source, specifier: string): string | undefined {
  const own = packageOf(source.path)
  if (own === undefined || isTest(source.path)) return undefined
  const target = join(dirname(source.path), specifier)
  if (target === 'package.json') return undefined // the version
  if (isTest(target)) return `shipped code imports the test file '${specifier}'`
  return packageOf(target) === own ? undefined : `'${specifier}' leaves the package ${own}`
}
