import { type Scan, scan } from './scan.ts'

/** One file of the tree as the rules see it. `path` is relative to the root, with slashes. */
export interface Source {
  readonly path: string
  readonly text: string
  readonly code: Scan['code']
  readonly strings: Scan['strings']
  /** Offsets at which lines start. */
  readonly lines: readonly number[]
}

/** A broken rule. `line` counts from 1; 0 means the file as a whole. */
export interface Finding {
  readonly path: string
  readonly line: number
  readonly message: string
}

export type Rule = (source: Source) => Finding[]

export function readSource(path: string, text: string): Source {
  const lines = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.push(at + 1)
  const isCode = codeFile.test(path)
  return { path, text, lines, ...(isCode ? scan(text) : { code: text, strings: new Map() }) }
}

const codeFile = /\.(ts|mts|cts|js|mjs|cjs)$/

export const isCode = (path: string): boolean => codeFile.test(path)

/** Files that are never shipped: they may import anything and use the machine's clock. */
export const isTest = (path: string): boolean =>
  /\.(test|bench|cases)\.ts$/.test(path) ||
  /(^|\/)test-[\w-]+\.ts$/.test(path) ||
  /(^|\/)conformance(\.ts$|\/|-[\w-]+\.ts$)/.test(path) ||
  /\/(fixtures|scenarios)\//.test(path)

/** Tables: as long as what they describe. */
export const isData = (path: string): boolean =>
  path.endsWith('.cases.ts') || /\/scenarios\/|^parity\/requests\//.test(path)

/** The folder under `packages/`, or undefined for a file that belongs to no package. */
export const packageOf = (path: string): string | undefined =>
  /^packages\/([^/]+)\//.exec(path)?.[1]

export function lineAt(source: Source, offset: number): number {
  let low = 0
  let high = source.lines.length
  while (low + 1 < high) {
    const middle = (low + high) >> 1
    if (source.lines[middle]! <= offset) low = middle
    else high = middle
  }
  return low + 1
}

/** A finding for every match of `pattern` (with the g flag) in the code of `source`. */
export function findAll(
  source: Source,
  pattern: RegExp,
  message: (match: RegExpMatchArray) => string | undefined,
): Finding[] {
  const found: Finding[] = []
  for (const match of source.code.matchAll(pattern)) {
    const text = message(match)
    if (text === undefined) continue
    found.push({ path: source.path, line: lineAt(source, match.index), message: text })
  }
  return found
}
