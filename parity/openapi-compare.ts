/**
 * Compares the schemas of this project's OpenAPI with the real API server's: names, types,
 * required fields, defaults, enumerations, list types and merge keys. Descriptions are our own
 * words and are not compared.
 *
 *   npx tsx parity/openapi-compare.ts [--reference KUBECONFIG]
 *
 * Starts the real server unless given. Prints one line a difference and ends with 1 if any.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { openApiOf, resourceTable } from '@slicewise/kube'
import { buildReference, startReference } from './reference/start.ts'
import type { Target } from './send.ts'
import { targetOf } from './target.ts'

type Json = Record<string, unknown>
type Schemas = Readonly<Record<string, Json>>
interface OpenApi { readonly components?: { readonly schemas?: Schemas } }

/**
 * Ours to word (descriptions), compared apart (properties), and union hints, which three types
 * carry and no client reads.
 */
const uncompared = new Set([
  'description', 'x-kubernetes-group-version-kind', 'properties', 'x-kubernetes-unions',
])

/** One line for each difference between the schemas that both documents have to offer. */
export function compareSchemas(ours: Schemas, theirs: Schemas): string[] {
  const found: string[] = []
  for (const [name, schema] of Object.entries(ours)) {
    const real = theirs[name]
    if (real === undefined) found.push(`${name}: the real server has no such schema`)
    else found.push(...schemaDifferences(name, schema, real))
  }
  return found
}

function schemaDifferences(name: string, ours: Json, theirs: Json): string[] {
  const found = valueDifferences(name, ours, theirs)
  const own = (ours['properties'] ?? {}) as Schemas
  const real = (theirs['properties'] ?? {}) as Schemas
  for (const field of new Set([...Object.keys(own), ...Object.keys(real)])) {
    if (own[field] === undefined) found.push(`${name}.${field}: missing here`)
    else if (real[field] === undefined) found.push(`${name}.${field}: not in the real server`)
    else found.push(...valueDifferences(`${name}.${field}`, own[field], real[field]))
  }
  return found
}

function valueDifferences(at: string, ours: Json, theirs: Json): string[] {
  const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)])
  return [...keys].filter((key) => !uncompared.has(key)).flatMap((key) => {
    const [own, real] = [canonical(key, ours[key]), canonical(key, theirs[key])]
    return own === real ? [] : [`${at}: ${key} is ${own ?? 'unset'}, really ${real ?? 'unset'}`]
  })
}

/** Text that is equal for equal values; lists that mean sets are sorted. */
function canonical(key: string, value: unknown): string | undefined {
  if (Array.isArray(value) && ['required', 'enum'].includes(key)) {
    return JSON.stringify([...value].sort())
  }
  return JSON.stringify(value, (_key, part: unknown) =>
    (typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).filter(([name]) => name !== 'description').sort())
      : part))
}

/** All component schemas of this project. */
export function ourSchemas(): Schemas {
  const api = openApiOf(resourceTable, '1.36')
  const all: Record<string, Json> = {}
  for (const path of Object.keys(api.index().paths)) {
    Object.assign(all, componentsOf(JSON.parse(api.document(path)?.text ?? '{}') as OpenApi))
  }
  return all
}

const componentsOf = (document: OpenApi): Schemas =>
  document.components?.schemas ?? {}

async function realSchemas(target: Target): Promise<Schemas> {
  const all: Record<string, Json> = {}
  for (const path of Object.keys(openApiOf(resourceTable, '1.36').index().paths)) {
    Object.assign(all, componentsOf(
      JSON.parse(await fetchText(target, `/openapi/v3/${path}`)) as OpenApi))
  }
  return all
}

function fetchText({ url, ca, token, certificate }: Target, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const sent = request(url + path, { ca, headers, ...certificate }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => { text += part })
      answer.on('end', () => (answer.statusCode === 200
        ? resolve(text) : reject(new Error(`${path}: ${answer.statusCode} ${text}`))))
    })
    sent.on('error', reject).end()
  })
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { reference: { type: 'string' } } })
  const dir = mkdtempSync(join(tmpdir(), 'openapi-compare-'))
  if (values.reference === undefined) buildReference()
  const started = values.reference === undefined
    ? await startReference({ dir, controllers: false, unsafeNoFsync: true }) : undefined
  try {
    const kubeconfig = values.reference ?? started?.kubeconfig ?? ''
    const ours = ourSchemas()
    const found = compareSchemas(ours, await realSchemas(targetOf('reference', kubeconfig)))
    for (const line of found) console.log(line)
    console.log(`${Object.keys(ours).length} schemas, ${found.length} differences`)
    if (found.length > 0) process.exitCode = 1
  } finally {
    await started?.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
