// Type declarations of the packed package: tsc emits one file per source, this rewrites imports
// between packages to relative ones and refuses types that a user would have to install.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { BuildError } from './build-error.mjs'

const specifier = /(\bfrom\s+|\bimport\s*\(\s*|\bimport\s+)(['"])([^'"\n]+)\2/g

/** Files for tests only: they may reach outside of packages. */
const unshipped = ['*.test.ts', '*.bench.ts', '*.cases.ts', 'test-*.ts', 'conformance*.ts'].concat(
  ['scenarios', 'fixtures'].map((folder) => `${folder}/**`),
)

/** Writes dist/types and dist/testing.d.ts. Throws `BuildError`. */
export async function writeDeclarations(root, dist) {
  const raw = join(dist, 'types.raw')
  try {
    const errors = await emit(root, raw)
    const reached = copyReachable(root, join(raw, 'packages'), join(dist, 'types'))
    const error = errors.find((line) => reached.has(line.path))
    if (error !== undefined) throw new BuildError(`declarations: ${error.text}`)
  } finally {
    rmSync(raw, { recursive: true, force: true })
  }
  writeFileSync(join(dist, 'testing.d.ts'), "export * from './types/testing/index.js'\n")
}

/** Of all that tsc emitted, what the entry refers to. Returns the sources of it. */
function copyReachable(root, raw, out) {
  const todo = ['testing/index.d.ts']
  const seen = new Set(todo)
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    if (!existsSync(join(raw, path))) throw new BuildError(`declarations: tsc wrote no ${path}`)
    const targets = []
    const text = rewrite(root, path, readFileSync(join(raw, path), 'utf8'), targets)
    mkdirSync(dirname(join(out, path)), { recursive: true })
    writeFileSync(join(out, path), text)
    const fresh = targets.filter((target) => !seen.has(target))
    for (const target of fresh) seen.add(target)
    todo.push(...fresh)
  }
  return new Set([...seen].map((path) => join('packages', path.replace(/\.d\.ts$/, '.ts'))))
}

/** Resolves with the type errors of all packages: only those of declared files matter here. */
async function emit(root, outDir) {
  const config = join(root, 'dist', 'tsconfig.declarations.json')
  const compilerOptions = { noEmit: false, declaration: true, emitDeclarationOnly: true }
  const paths = { outDir, rootDir: root, stripInternal: true }
  const settings = {
    extends: '../tsconfig.json',
    compilerOptions: { ...compilerOptions, ...paths },
    include: [join(root, 'packages')],
    exclude: unshipped.map((pattern) => `../packages/**/${pattern}`),
  }
  writeFileSync(config, JSON.stringify(settings))
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const output = await new Promise((resolve) => {
    const options = { cwd: root, maxBuffer: 1 << 26 }
    execFile(process.execPath, [tsc, '-p', config], options, (_error, stdout) => resolve(stdout))
  })
  rmSync(config)
  return output.split('\n').flatMap((text) => {
    const path = /^(packages\/[^(]+)\(\d+,\d+\): error/.exec(text)?.[1]
    return path === undefined ? [] : [{ path, text }]
  })
}

/** Adds to `targets` the declaration files that `text` refers to, relative to packages. */
function rewrite(root, path, text, targets) {
  return text.replace(specifier, (whole, before, quote, name) => {
    if (name.startsWith('node:')) return whole
    const target = targetOf(root, path, name)
    targets.push(target.replace(/\.ts$/, '.d.ts'))
    const relation = relative(dirname(path), target).replace(/\.ts$/, '.js')
    return `${before}${quote}${relation.startsWith('.') ? relation : `./${relation}`}${quote}`
  })
}

/** The source file that `name` means in the declarations of `path`; both relative to packages. */
function targetOf(root, path, name) {
  if (name.startsWith('.')) return join(dirname(path), name)
  if (!name.startsWith('@slicewise/')) {
    throw new BuildError(`declarations: packages/${path} exposes types of the package ${name}`)
  }
  const [, folder, ...rest] = name.split('/')
  const key = rest.length === 0 ? '.' : `./${rest.join('/')}`
  const manifest = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'))
  const file = manifest.exports[key]
  if (file === undefined) throw new BuildError(`declarations: ${name} is not exported`)
  return join(folder, file)
}
