import { StatusError } from '@slicewise/kube'
import type { Document, Node, ParsedNode, ScalarTag } from 'yaml'
import type { ParsedText } from './json-text.ts'

/**
 * Reads YAML as the reference does: scalars by YAML 1.1 (`yes` is a boolean, `0644` octal), but
 * dates stay text, keys become text, and one document is read. Loaded at the first such body.
 */
export async function parseYamlText(text: string): Promise<ParsedText> {
  const yaml = await import('yaml')
  const tags = (all: readonly unknown[]): unknown[] =>
    all.filter((tag) => (tag as ScalarTag).tag !== 'tag:yaml.org,2002:timestamp')
  let document: Document.Parsed<ParsedNode> | undefined
  let value: unknown
  try {
    document = yaml.parseAllDocuments(text, {
      version: '1.1', uniqueKeys: false, customTags: tags as never, prettyErrors: true,
    })[0] as Document.Parsed<ParsedNode> | undefined
    const failure = document?.errors[0]
    if (failure !== undefined) throw failure
    value = document?.toJS({ mapAsMap: false, maxAliasCount: 100 }) as unknown
  } catch (error) {
    const what = error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
    throw new StatusError('BadRequest', `error converting YAML to JSON: ${what}`)
  }
  const findings: string[] = []
  if (document?.contents) findRepeated(yaml, document.contents, '', findings)
  return findings.length === 0 ? { value: plain(value) } : { value: plain(value), findings }
}

type Yaml = typeof import('yaml')

function findRepeated(yaml: Yaml, node: Node | null, path: string, findings: string[]): void {
  if (yaml.isSeq(node)) {
    node.items.forEach((one, i) => findRepeated(yaml, one as Node, `${path}[${i}]`, findings))
  }
  if (!yaml.isMap(node)) return
  const seen = new Set<string>()
  for (const pair of node.items) {
    const key = String(yaml.isScalar(pair.key) ? pair.key.value : pair.key)
    const inner = path === '' ? key : `${path}.${key}`
    if (seen.has(key)) findings.push(`duplicate field ${JSON.stringify(inner)}`)
    seen.add(key)
    findRepeated(yaml, pair.value as Node | null, inner, findings)
  }
}

/** What JSON can say: binary becomes base64 text, sets become maps, `NaN` nothing. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value === undefined) return null
  return JSON.parse(JSON.stringify(value, (_key, one: unknown) => {
    if (one instanceof Uint8Array) return Buffer.from(one).toString('base64')
    if (one instanceof Set) return Object.fromEntries([...one].map((key) => [String(key), null]))
    return typeof one === 'bigint' ? Number(one) : one
  })) as unknown
}

export async function yamlText(value: unknown): Promise<string> {
  const yaml = await import('yaml')
  return yaml.stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })
}
