import type { LabelSelector } from './kinds/meta.ts'
import { StatusError } from './status.ts'

export type SelectorOperator = '=' | '!=' | 'in' | 'notin' | 'exists' | '!' | '>' | '<'

export interface LabelRequirement {
  readonly key: string
  readonly operator: SelectorOperator
  /** Sorted, without repetition; one element for `=`, `!=`, `>` and `<`. */
  readonly values: readonly string[]
}

/** A condition on labels: all requirements hold. Plain data, to be compared and printed. */
export interface Selector {
  /** Sorted by key. Empty: everything matches. */
  readonly requirements: readonly LabelRequirement[]
  /** True only for `nothing`, which matches no object at all. */
  readonly nothing: boolean
}

export type Labels = Readonly<Record<string, string>>

export const everything: Selector = { requirements: [], nothing: false }
export const nothing: Selector = { requirements: [], nothing: true }

const noLabels: Labels = {}

export function matchesSelector(selector: Selector, labels: Labels | undefined): boolean {
  if (selector.nothing) return false
  const present = labels ?? noLabels
  for (const requirement of selector.requirements) {
    if (!holds(requirement, present)) return false
  }
  return true
}

function holds(requirement: LabelRequirement, labels: Labels): boolean {
  const { key, operator, values } = requirement
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (operator) {
    case '=': return value === values[0]
    case '!=': return value !== values[0]
    case 'in': return value !== undefined && values.includes(value)
    case 'notin': return value === undefined || !values.includes(value)
    case 'exists': return value !== undefined
    case '!': return value === undefined
    case '>': return value !== undefined && isInt64(value) && BigInt(value) > BigInt(values[0]!)
    case '<': return value !== undefined && isInt64(value) && BigInt(value) < BigInt(values[0]!)
  }
}

/** The text that `parseSelector` reads back; empty for `everything`. */
export function printSelector(selector: Selector): string {
  return selector.requirements.map(printRequirement).join(',')
}

function printRequirement({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'exists': return key
    case '!': return `!${key}`
    case 'in':
    case 'notin': return `${key} ${operator} (${values.join(',')})`
    default: return `${key}${operator}${values[0]}`
  }
}

/** Absent selects nothing, empty everything. Throws `BadRequest` for a malformed selector. */
export function selectorFrom(source: LabelSelector | undefined): Selector {
  if (source === undefined) return nothing
  const requirements = Object.entries(source.matchLabels ?? {})
    .map(([key, value]) => requirement(key, '=', [value]))
  for (const { key, operator, values } of source.matchExpressions ?? []) {
    const found = Object.hasOwn(expressionOperators, operator)
      ? expressionOperators[operator] : undefined
    if (found === undefined) {
      throw badRequest(`${JSON.stringify(operator)} is not a valid label selector operator`)
    }
    requirements.push(requirement(key, found, values ?? []))
  }
  return sorted(requirements)
}

const expressionOperators: Readonly<Record<string, SelectorOperator>> = {
  In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!',
}

/** Every label equal, as in `spec.selector` of a Service. Values are not checked. */
export function selectorFromLabels(labels: Labels): Selector {
  return sorted(Object.entries(labels).map(
    ([key, value]): LabelRequirement => ({ key, operator: '=', values: [value] }),
  ))
}

function sorted(requirements: LabelRequirement[]): Selector {
  requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return { requirements, nothing: false }
}

type Token =
  | { readonly kind: 'word' | 'symbol'; readonly text: string }
  | { readonly kind: 'end'; readonly text: '' }

const binaryOperators = ['in', 'notin', '=', '==', '!=', 'gt', 'lt']

/**
 * Reads the `labelSelector` query parameter: `k=v`, `k==v`, `k!=v`, `k in (a,b)`, `k notin (a,b)`,
 * `k`, `!k`, `k>1`, `k<1`, joined by commas. Throws `BadRequest`.
 */
export function parseSelector(text: string): Selector {
  return sorted(new SelectorParser(scan(text)).parse())
}

function scan(text: string): Token[] {
  const tokens: Token[] = []
  const pattern = /[ \t\r\n]*(?:(==|!=|[=!(),<>])|([^ \t\r\n=!(),<>]+))/gy
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[1] !== undefined) tokens.push({ kind: 'symbol', text: match[1] })
    else tokens.push({ kind: 'word', text: match[2] ?? '' })
  }
  tokens.push({ kind: 'end', text: '' })
  return tokens
}

class SelectorParser {
  readonly #tokens: readonly Token[]
  #at = 0
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' }
  }

  #take(): Token {
    const token = this.#next
    this.#at++
    return token
  }

  #nextIs(...symbols: string[]): boolean {
    return this.#next.kind === 'symbol' && symbols.includes(this.#next.text)
  }

  parse(): LabelRequirement[] {
    const found: LabelRequirement[] = []
    if (this.#next.kind === 'end') return found
    if (!this.#startsRequirement()) throw expected(this.#next, "!, identifier, or 'end of string'")
    while (true) {
      found.push(this.#requirement())
      const token = this.#take()
      if (token.kind === 'end') return found
      if (token.text !== ',' || token.kind !== 'symbol') {
        throw expected(token, "',' or 'end of string'")
      }
      if (!this.#startsRequirement()) throw expected(this.#next, "identifier after ','")
    }
  }

  #startsRequirement(): boolean {
    return this.#next.kind === 'word' || this.#nextIs('!')
  }

  #requirement(): LabelRequirement {
    const negated = this.#nextIs('!')
    if (negated) this.#at++
    const token = this.#take()
    if (token.kind !== 'word') throw inRequirement(expected(token, 'identifier'))
    const key = token.text
    if (!labelKey(key)) throw inRequirement(invalidKey(key, '<nil>'))
    if (negated) return requirement(key, '!', [])
    if (this.#next.kind === 'end' || this.#nextIs(',')) return requirement(key, 'exists', [])
    const operator = this.#take()
    switch (operator.text) {
      case 'in':
      case 'notin': return requirement(key, operator.text, this.#values())
      case '=':
      case '==': return requirement(key, '=', [this.#value()])
      case '!=':
      case '>':
      case '<': return requirement(key, operator.text, [this.#value()])
      default: throw inRequirement(expected(operator, binaryOperators.join(', ')))
    }
  }

  #value(): string {
    if (this.#next.kind === 'end' || this.#nextIs(',')) return ''
    const token = this.#take()
    if (token.kind !== 'word') throw inRequirement(expected(token, 'identifier'))
    return token.text
  }

  /** `(a,b)`; between two commas, or in `()`, stands the empty value. */
  #values(): string[] {
    const open = this.#take()
    if (open.kind !== 'symbol' || open.text !== '(') {
      // The reference has no comma here alone.
      throw inRequirement(badRequest(`found '${open.text}' expected: '('`))
    }
    const values: string[] = []
    while (true) {
      if (this.#next.kind === 'word') values.push(this.#take().text)
      else if (this.#nextIs(',', ')')) values.push('')
      else throw inRequirement(expected(this.#next, "',', ')' or identifier"))
      const token = this.#take()
      if (token.kind === 'symbol' && token.text === ')') return values
      if (token.kind !== 'symbol' || token.text !== ',') {
        throw inRequirement(expected(token, "',' or ')'"))
      }
    }
  }
}

function requirement(
  key: string, operator: SelectorOperator, unsorted: readonly string[],
): LabelRequirement {
  const values = [...new Set(unsorted)].sort()
  if (!labelKey(key)) throw inRequirement(invalidKey(key, 'key'))
  if ((operator === 'in' || operator === 'notin') && values.length === 0) {
    throw badRequest("values: Invalid value: []: for 'in', 'notin' operators, "
      + "values set can't be empty")
  }
  if ((operator === 'exists' || operator === '!') && values.length > 0) {
    throw badRequest(`values: Invalid value: ${JSON.stringify(values)}: values set must be empty `
      + 'for exists and does not exist')
  }
  if ((operator === '>' || operator === '<') && !isInt64(values[0] ?? '')) {
    throw inRequirement(badRequest(`values[0]: Invalid value: ${JSON.stringify(values[0])}: for `
      + "'Gt', 'Lt' operators, the value must be an integer"))
  }
  for (const [index, value] of values.entries()) {
    if (!labelValue(value)) {
      throw inRequirement(badRequest(
        `values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: a valid label must be `
          + "an empty string or consist of at most 63 alphanumeric characters, '-', '_' or '.', "
          + 'and must start and end with an alphanumeric character',
      ))
    }
  }
  return { key, operator, values }
}

const namePart = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

function labelKey(key: string): boolean {
  const slash = key.indexOf('/')
  if (slash < 0) return namePart.test(key)
  const prefix = key.slice(0, slash)
  return prefix.length <= 253 && subdomain.test(prefix) && namePart.test(key.slice(slash + 1))
}

function labelValue(value: string): boolean {
  return value === '' || namePart.test(value)
}

function isInt64(text: string): boolean {
  return /^-?[0-9]{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)
}

function badRequest(text: string): StatusError {
  return new StatusError('BadRequest', text)
}

function inRequirement(error: StatusError): StatusError {
  return badRequest(`unable to parse requirement: ${error.message}`)
}

function expected(found: Token, what: string): StatusError {
  return badRequest(`found '${found.text}', expected: ${what}`)
}

function invalidKey(key: string, field: string): StatusError {
  return badRequest(`${field}: Invalid value: ${JSON.stringify(key)}: a valid label key must `
    + "consist of at most 63 alphanumeric characters, '-', '_' or '.', start and end with an "
    + "alphanumeric character, and may have a DNS subdomain prefix and '/'")
}
