import { StatusError } from '@slicewise/kube'

/** Nesting beyond this is refused: code that walks values recurses, and no kind needs a tenth. */
const depthMax = 500

/** Repeated members told of one body, as the reference has it. */
const findingsMax = 100
/** Characters of a member's path that are told. */
const pathMax = 1_000

export interface ParsedText {
  readonly value: unknown
  /** `duplicate field "data.a"`, in order of appearance. */
  readonly findings?: readonly string[]
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a

/** Members named in the text, repeated ones counted each time, and the deepest nesting. */
function measure(text: Uint8Array): { members: number; depth: number } {
  let members = 0
  let depth = 0
  let deepest = 0
  for (let i = 0; i < text.length; i++) {
    const byte = text[i] as number
    if (byte === quote) {
      for (i++; i < text.length && text[i] !== quote; i++) if (text[i] === backslash) i++
    } else if (byte === colon) members++
    else if (byte === 0x7b || byte === 0x5b) {
      depth++
      if (depth > deepest) deepest = depth
    } else if (byte === 0x7d || byte === 0x5d) depth--
  }
  return { members, depth: deepest }
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const one of value) if (typeof one === 'object') count += countMembers(one)
    return count
  }
  const members = value as Record<string, unknown>
  for (const key in members) {
    count++
    const one = members[key]
    if (typeof one === 'object') count += countMembers(one)
  }
  return count
}

const decoder = new TextDecoder('utf-8', { fatal: true })

export function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new StatusError('BadRequest', 'the body is not valid UTF-8')
  }
}

/**
 * Parses JSON and finds repeated members: the last one wins, the others are findings. Whether any
 * member is repeated is seen by counting, so the usual body is walked but twice.
 */
export function parseJsonBytes(bytes: Uint8Array): ParsedText {
  const { members, depth } = measure(bytes)
  if (depth > depthMax) {
    throw new StatusError('BadRequest', `the body is nested deeper than ${depthMax} levels`)
  }
  const text = textOf(bytes)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    throw new StatusError('BadRequest', `error decoding the body: ${what}`)
  }
  if (countMembers(value) === members) return { value }
  return { value, findings: repeatedMembers(text) }
}

/** Walks valid JSON text once more, keeping the path. Only for texts that repeat a member. */
function repeatedMembers(text: string): string[] {
  const findings = new Set<string>()
  let at = 0
  const blank = (): void => {
    while (' \t\r\n'.includes(text[at] ?? 'x')) at++
  }
  const string = (): string => {
    const from = at
    for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++
    at++
    return JSON.parse(text.slice(from, at)) as string
  }
  const walk = (path: string): void => {
    blank()
    if (text[at] === '{') return object(path)
    if (text[at] === '[') return list(path)
    if (text[at] === '"') return void string()
    while (at < text.length && !',]} \t\r\n'.includes(text[at] as string)) at++
  }
  const object = (path: string): void => {
    const seen = new Set<string>()
    for (at++, blank(); text[at] !== '}'; blank()) {
      const key = string()
      const inner = path === '' ? key : `${path}.${key}`
      if (seen.has(key) && findings.size < findingsMax) {
        findings.add(`duplicate field ${JSON.stringify(inner.slice(0, pathMax))}`)
      }
      seen.add(key)
      blank()
      at++
      walk(inner)
      blank()
      if (text[at] === ',') at++
      blank()
    }
    at++
  }
  const list = (path: string): void => {
    let index = 0
    for (at++, blank(); text[at] !== ']'; blank()) {
      walk(`${path}[${index++}]`)
      blank()
      if (text[at] === ',') at++
      blank()
    }
    at++
  }
  walk('')
  return [...findings]
}
