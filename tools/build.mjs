// Bundles the program and the testing package: `node tools/build.mjs` (with type declarations, for
// the packed package, without what earlier builds left) or, from the launcher, without.
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { basename, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BuildError } from './build-error.mjs'
import freshness from './freshness.cjs'

/** What is built from what. The program is always needed, the rest when it is there. */
const entries = { cli: 'packages/cli/main.ts', testing: 'packages/testing/index.ts' }

/** What npm says it has installed. */
const installedLock = 'node_modules/.package-lock.json'

/** Chunks of an earlier build stay so long: a running program may still load them lazily. */
const oldChunkMs = 24 * 3600_000

/** CommonJS dependencies in an ES module bundle call `require` for Node's own modules. */
const banner =
  "import { createRequire as slicewiseRequire } from 'node:module';" +
  'const require = slicewiseRequire(import.meta.url);'

/** Writes dist and its stamp. Throws `BuildError`. */
export async function build(root, { types }) {
  if (!existsSync(join(root, entries.cli))) {
    throw new BuildError(`${entries.cli} does not exist: there is no program to build`)
  }
  const dist = join(root, 'dist')
  mkdirSync(dist, { recursive: true })
  rmSync(freshness.stampFile(root), { force: true })
  const { outputFiles, metafile } = await bundle(root, dist)
  for (const file of outputFiles) replaceFile(file.path, file.contents)
  const written = new Set(outputFiles.map((file) => file.path))
  removeOldChunks(dist, written, types ? 0 : oldChunkMs)
  if (types && existsSync(join(root, entries.testing))) {
    await (await import('./declarations.mjs')).writeDeclarations(root, dist)
  }
  freshness.writeStamp(root, stampPaths(root, metafile))
}

/**
 * `await import('yaml')` has named exports in Node.js, which finds them in CommonJS code, and only
 * `default` in a bundle. Such imports go through a module that spells the names out.
 */
const namedCommonJs = {
  name: 'named-commonjs',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === seen || isBuiltin(path)) return undefined
      const options = { kind: 'import-statement', resolveDir, pluginData: seen }
      const found = await bundler.resolve(path, options)
      if (found.errors.length > 0 || !isCommonJs(found.path)) return undefined
      return { path, namespace: 'named-commonjs', pluginData: { resolveDir, file: found.path } }
    })
    bundler.onLoad({ filter: /.*/, namespace: 'named-commonjs' }, ({ path, pluginData }) => {
      const names = Object.keys(createRequire(import.meta.url)(pluginData.file))
      const lines = names
        .filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default')
        .map((name) => `const $${name} = all.${name}; export { $${name} as ${name} };`)
      const contents = [`import all from ${JSON.stringify(path)};`, 'export default all;', ...lines]
      return { contents: contents.join('\n'), resolveDir: pluginData.resolveDir }
    })
  },
}

const seen = {}

/**
 * lmdb finds its native code and a dictionary from where its JavaScript stands. Bundled, it asks
 * Node.js for that; its JavaScript loads in 12 ms from the bundle, in 38 from its packages.
 */
const nativeLmdb = {
  name: 'native-lmdb',
  setup(bundler) {
    bundler.onLoad({ filter: /node_modules\/lmdb\/\w+\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (!text.includes('import.meta.url')) return undefined
      const home = `import { pathToFileURL as toUrl } from 'node:url';
        const standsAt = new URL('../${basename(path)}', toUrl(require.resolve('lmdb'))).href;`
      return { contents: home + text.replaceAll('import.meta.url', 'standsAt') }
    })
  },
}

function isCommonJs(file) {
  if (/\.(cjs|mjs|ts|json)$/.test(file)) return file.endsWith('.cjs')
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type !== 'module'
  }
  return true
}

async function bundle(root, dist) {
  const { build: esbuild } = await import('esbuild')
  const present = Object.entries(entries).filter(([, path]) => existsSync(join(root, path)))
  try {
    return await esbuild({
      absWorkingDir: root,
      entryPoints: Object.fromEntries(present),
      outdir: dist,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      chunkNames: 'chunks/[name]-[hash]',
      plugins: [namedCommonJs, nativeLmdb],
      banner: { js: banner },
      sourcemap: 'linked',
      sourcesContent: false,
      legalComments: 'none',
      metafile: true,
      write: false,
      logLevel: 'silent',
    })
  } catch (error) {
    throw new BuildError(firstMessage(error))
  }
}

function firstMessage(error) {
  const [first, ...others] = error.errors ?? []
  if (first === undefined) return `the build failed: ${error.message}`
  const at = first.location ? `${first.location.file}:${first.location.line}: ` : ''
  const more = others.length > 0 ? ` (and ${others.length} more)` : ''
  return `the build failed: ${at}${first.text}${more}`
}

/** Another process may be reading the old file: it keeps what it opened. */
function replaceFile(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return
  mkdirSync(dirname(path), { recursive: true })
  const fresh = `${path}.${process.pid}`
  writeFileSync(fresh, contents, { mode: path.endsWith(`${sep}cli.js`) ? 0o755 : 0o644 })
  renameSync(fresh, path)
}

function removeOldChunks(dist, written, olderThanMs) {
  const folder = join(dist, 'chunks')
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (written.has(path) || Date.now() - statSync(path).mtimeMs < olderThanMs) continue
    rmSync(path)
  }
}

/** Sources and package.json files that were read; npm's lockfile stands for the dependencies. */
function stampPaths(root, metafile) {
  const sources = Object.keys(metafile.inputs)
    .map((path) => relative(root, join(root, path)))
    .filter((path) => path.startsWith(`packages${sep}`))
  const manifests = readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join('packages', entry.name, 'package.json'))
  const tools = ['tools/build.mjs', 'package.json', 'package-lock.json', installedLock]
  return [...tools, ...Object.values(entries), ...manifests, ...sources]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const since = performance.now()
  try {
    await build(dirname(dirname(fileURLToPath(import.meta.url))), { types: true })
    console.error(`built dist in ${((performance.now() - since) / 1000).toFixed(1)} s`)
  } catch (error) {
    if (!(error instanceof BuildError)) throw error
    console.error(error.message)
    process.exit(1)
  }
}
