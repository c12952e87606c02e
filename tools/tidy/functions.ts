import { type Finding, type Rule, type Source, isCode, lineAt } from './source.ts'

/** Longer functions hide what they decide; past one screen nobody reads them whole. */
export const functionLinesMax = 70

/** A function with a body in braces: offsets of its first word and of its closing brace. */
export interface FunctionSpan {
  readonly start: number
  readonly end: number
}

export const functionRule: Rule = (source) => {
  if (!isCode(source.path)) return []
  const findings: Finding[] = []
  for (const { start, end } of functionsOf(source)) {
    const line = lineAt(source, start)
    const length = lineAt(source, end) - line + 1
    if (length <= functionLinesMax) continue
    const message = `a function of ${length} lines (at most ${functionLinesMax})`
    findings.push({ path: source.path, line, message })
  }
  return findings
}

/** Functions, methods, accessors and arrows. A `describe` only groups tests and is not counted. */
export function functionsOf({ code }: Pick<Source, 'code'>): FunctionSpan[] {
  const pairs = bracketPairs(code)
  const found: FunctionSpan[] = []
  for (const [open, close] of pairs) {
    if (code[open] !== '(') continue
    const body = bodyAfter(code, close, pairs)
    const end = body === undefined ? undefined : pairs.get(body)
    const start = end === undefined ? undefined : headStart(code, open)
    if (end === undefined || start === undefined || isGroup(code, start)) continue
    found.push({ start, end })
  }
  found.push(...bareArrows(code, pairs))
  // A return type in parentheses looks like a second head of the same body: the first is meant.
  const byBody = new Map<number, FunctionSpan>()
  for (const span of found.sort((a, b) => b.start - a.start)) byBody.set(span.end, span)
  return [...byBody.values()].reverse()
}

/** Closing offset of each opening bracket. */
function bracketPairs(code: string): Map<number, number> {
  const pairs = new Map<number, number>()
  const open: number[] = []
  for (const match of code.matchAll(/[(){}[\]]/g)) {
    if ('({['.includes(match[0])) open.push(match.index)
    else {
      const opened = open.pop()
      if (opened !== undefined) pairs.set(opened, match.index)
    }
  }
  return new Map([...pairs].sort((a, b) => a[0] - b[0]))
}

const notFunctions = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'await', 'return'])

/** Where the function whose parameters open at `open` starts, or undefined for a statement. */
function headStart(code: string, open: number): number | undefined {
  const lead = code.slice(Math.max(0, open - 200), open)
  const match = /([\w$#]+)?\s*(<[^()]*>)?\s*$/.exec(lead)
  if (match === null) return open
  const word = match[1]
  if (word === undefined && match[2] === undefined) return open
  if (word === 'return' || (word === 'await' && !/\bfor\s+await\s*$/.test(lead))) return open
  if (word !== undefined && notFunctions.has(word)) return undefined
  return open - (lead.length - match.index)
}

/** `x => {`, `async x => {` */
function* bareArrows(code: string, pairs: Map<number, number>): Generator<FunctionSpan> {
  for (const match of code.matchAll(/(?<![\w$])[\w$]+\s*=>\s*\{/g)) {
    const end = pairs.get(match.index + match[0].length - 1)
    const typed = /[:|&<]\s*$/.test(code.slice(Math.max(0, match.index - 20), match.index))
    if (end !== undefined && !typed) yield { start: match.index, end }
  }
}

const group = /\bdescribe(\.\w+)?(\s*\([^()]*\))?\s*\([^()]*$/
const isGroup = (code: string, start: number): boolean =>
  group.test(code.slice(Math.max(0, start - 300), start))

/** The `{` of the body after the parameters' `)`, past a return type and `=>`. */
function bodyAfter(code: string, close: number, pairs: Map<number, number>): number | undefined {
  let at = skipSpace(code, close + 1)
  if (code[at] === ':') at = typeEnd(code, at + 1, pairs)
  at = skipSpace(code, at)
  if (code.startsWith('=>', at)) at = skipSpace(code, at + 2)
  return code[at] === '{' ? at : undefined
}

function skipSpace(code: string, from: number): number {
  let at = from
  while (at < code.length && /\s/.test(code[at]!)) at++
  return at
}

const typeOperators = new Set(
  'is keyof typeof infer extends asserts readonly unique new import'.split(' '),
)

/** Where a type ends: at a second operand in a row, or at what no type continues with. */
function typeEnd(code: string, from: number, pairs: Map<number, number>): number {
  let complete = false
  for (let at = skipSpace(code, from); at < code.length; at = skipSpace(code, at)) {
    const char = code[at]!
    if (code.startsWith('=>', at)) {
      // A function type goes on; behind the function's own arrow stands its body or value.
      if (!isTypeArrow(code, at, pairs)) return at
      complete = false
      at += 2
    } else if ('|&.?:'.includes(char)) {
      complete = false
      at++
    } else if (char === '(' || char === '[' || char === '{') {
      if (complete && char === '{') return at
      at = (pairs.get(at) ?? code.length) + 1
      complete = true
    } else if (char === '<') {
      at = angleEnd(code, at)
    } else if (/[\w$'"`]/.test(char)) {
      const word = wordAt(code, at)
      const operator = typeOperators.has(word)
      if (complete && !operator) return at
      complete = !operator
      at += word.length
    } else return at
  }
  return code.length
}

/** After `): (x) => y =>`: is this arrow part of the type? Only when the type has its `(`. */
function isTypeArrow(code: string, at: number, pairs: Map<number, number>): boolean {
  const body = skipSpace(code, at + 2)
  if (code[body] !== '{') return /^[\w$(]/.test(code[body] ?? '') && code[at - 2] === ')'
  const end = pairs.get(body)
  return end !== undefined && /^\s*(=>|\{|[|&])/.test(code.slice(end + 1, end + 20))
}

function wordAt(code: string, at: number): string {
  const quote = code[at]!
  if (quote === "'" || quote === '"' || quote === '`') {
    const end = code.indexOf(quote, at + 1)
    return code.slice(at, end < 0 ? code.length : end + 1)
  }
  return /^[\w$]+/.exec(code.slice(at, at + 200))?.[0] ?? quote
}

function angleEnd(code: string, at: number): number {
  let depth = 0
  for (let i = at; i < code.length; i++) {
    if (code[i] === '<') depth++
    else if (code[i] === '>' && code[i - 1] !== '=' && --depth === 0) return i + 1
  }
  return code.length
}
