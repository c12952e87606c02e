import type { CST, CollectionTag, Document, LineCounter, ScalarTag, Tags } from 'yaml'
import { limits } from './limits.ts'
import { StatusError } from './status.ts'

export interface YamlBody {
  readonly json: unknown
  /** Such as `line 2: key "a" already set in map`. */
  readonly findings: readonly string[]
}

type Library = typeof import('yaml')
let library: Promise<Library> | undefined

/**
 * Reads the first document of a YAML text as kubectl does: plain `yes`, `no`, `on`, `off`, `y` and
 * `n` are booleans, `017` and `0o17` are octal, timestamps stay text, `<<` merges, keys become
 * text, the last of two equal keys wins. The library is loaded at the first call.
 *
 * Throws `BadRequest` with line and column for what is not YAML, for deep nesting, for keys that
 * are lists or maps, and when aliases would make the value larger than `limits.yamlExpandedMax`;
 * `RequestEntityTooLarge` for more than `limits.yamlPartsMax` parts.
 */
export async function readYaml(text: string): Promise<YamlBody> {
  library ??= import('yaml')
  const yaml = await library
  const lines = new yaml.LineCounter()
  try {
    const document = firstDocument(yaml, text, lines)
    if (document === undefined) return { json: null, findings: [] }
    const [error] = document.errors
    if (error !== undefined) throw refused(error.message, lines.linePos(error.pos[0]))
    const findings = checkKeys(yaml, document, (at) => lines.linePos(at))
    const json: unknown = document.toJS({ maxAliasCount: limits.yamlAliasesMax })
    return { json: text.includes('*') ? expanded(json) : json, findings }
  } catch (error) {
    if (error instanceof StatusError) throw error
    throw refused(error instanceof Error ? error.message : String(error), undefined)
  }
}

function firstDocument(
  yaml: Library, text: string, lines: LineCounter,
): Document.Parsed | undefined {
  const composer = new yaml.Composer({
    schema: 'yaml-1.1', customTags: kubernetesTags, uniqueKeys: false, prettyErrors: false,
    lineCounter: lines, logLevel: 'silent',
  })
  for (const document of composer.compose(tokensOf(yaml, text, lines))) {
    return document as Document.Parsed
  }
  return undefined
}

/**
 * The library's tokens, but never more than can be read in one turn, nor nested deeper than what
 * recurses over them can bear.
 */
function* tokensOf(yaml: Library, text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new yaml.Parser(lines.addNewLine)
  lines.addNewLine(0)
  let parts = 0
  for (const part of new yaml.Lexer().lex(text)) {
    if (++parts > limits.yamlPartsMax) {
      throw new StatusError('RequestEntityTooLarge',
        `yaml: more than ${limits.yamlPartsMax} words and signs: send it as JSON`)
    }
    yield* parser.next(part)
    if (parser.stack.length > limits.yamlDepthMax) {
      throw refused(`nested deeper than ${limits.yamlDepthMax} levels`,
        lines.linePos(parser.offset))
    }
  }
  yield* parser.end()
}

interface Place {
  readonly line: number
  readonly col: number
}

function refused(why: string, at: Place | undefined): StatusError {
  const where = at === undefined ? '' : ` line ${at.line}, column ${at.col}:`
  return new StatusError('BadRequest', `yaml:${where} ${why}`)
}

/** YAML 1.1 without what Go's reader leaves out: sexagesimal numbers, dates, sets, `!!binary`. */
function kubernetesTags(tags: Tags): Tags {
  const kept = tags.filter((tag) => {
    if (typeof tag === 'string') return true
    return !('format' in tag && tag.format === 'TIME')
      && !/:(timestamp|binary|omap|pairs|set)$/.test(tag.tag)
  })
  return [octal, ...kept]
}

const octal: ScalarTag | CollectionTag = {
  tag: 'tag:yaml.org,2002:int', default: true, format: 'OCT', test: /^[-+]?0o[0-7_]+$/,
  resolve: (text: string) => {
    const digits = Number.parseInt(text.replace(/[-+_]|0o/g, ''), 8)
    return text.startsWith('-') ? -digits : digits
  },
}

/** An alias is one value held twice; a copy each, unless that would be too much. */
function expanded(json: unknown): unknown {
  let size = 0
  const stack: unknown[] = [json]
  while (stack.length > 0) {
    const value = stack.pop()
    size += typeof value === 'string' ? value.length : 1
    if (size > limits.yamlExpandedMax) {
      throw refused('document contains excessive aliasing', undefined)
    }
    if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        size += key.length
        stack.push(member)
      }
    }
  }
  return JSON.parse(JSON.stringify(json)) as unknown
}

/** Finds repeated keys, and refuses keys that are no scalars, which JSON cannot have. */
function checkKeys(
  yaml: Library, document: Document.Parsed, place: (offset: number) => Place,
): string[] {
  const found: string[] = []
  const stack: unknown[] = [document.contents]
  while (stack.length > 0) {
    const node = stack.pop()
    if (yaml.isSeq(node)) for (const item of node.items) stack.push(item)
    if (!yaml.isMap(node)) continue
    const seen = new Set<string>()
    for (const { key, value } of node.items) {
      stack.push(value)
      if (yaml.isCollection(key)) {
        throw refused('invalid map key', key.range ? place(key.range[0]) : undefined)
      }
      if (!yaml.isScalar(key)) continue
      const name = String(key.value)
      if (seen.has(name) && key.range && found.length < limits.decodeFindingsMax) {
        const { line } = place(key.range[0])
        found.push(`line ${line}: key ${JSON.stringify(name)} already set in map`)
      }
      seen.add(name)
    }
  }
  return found
}
