import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/**
 * The kubectl in PATH, and the oldest and the newest of the `kubectl.1.N` that stand beside one in
 * PATH, as some distributions install them. Oldest first, each file once.
 */
export function installedKubectls(path = process.env['PATH'] ?? ''): string[] {
  const inPath = path.split(delimiter).map((folder) => join(folder, 'kubectl')).filter(existsSync)
  const folders = new Set(inPath.map((file) => dirname(realpathSync(file))))
  const versioned = [...folders]
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((file) => minorOf(file) > 0)
    .sort((a, b) => minorOf(a) - minorOf(b))
  const found = versioned.length === 0 ? inPath.slice(0, 1) : [versioned[0], versioned.at(-1)]
  return [...new Set(found.filter((file) => file !== undefined))]
}

function minorOf(file: string): number {
  return Number(/[/\\]kubectl\.1\.(\d+)$/.exec(file)?.[1] ?? 0)
}
