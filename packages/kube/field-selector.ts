import { StatusError } from './status.ts'

export interface FieldRequirement {
  readonly field: string
  readonly operator: '=' | '!='
  readonly value: string
}

/** All requirements hold; empty: everything matches. In the order written. */
export type FieldSelector = readonly FieldRequirement[]

/**
 * Reads the `fieldSelector` query parameter: `a=b`, `a==b`, `a!=b`, joined by commas; in values
 * `\,` `\=` and `\\` stand for the plain character. Which fields exist is for the resource to say
 * (`checkFieldSelector`). Throws `BadRequest`.
 */
export function parseFieldSelector(text: string): FieldSelector {
  const found: FieldRequirement[] = []
  for (const term of splitTerms(text)) {
    if (term === '') continue
    const match = /!=|==|=/.exec(term)
    if (match === null) {
      throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`)
    }
    const field = term.slice(0, match.index)
    const value = unescape(term.slice(match.index + match[0].length))
    if (field === '' && value === '') continue
    found.push({ field, operator: match[0] === '!=' ? '!=' : '=', value })
  }
  return found
}

/**
 * Throws `BadRequest` when a requirement names a field that cannot be selected on. `plain`: only
 * the names can, and the refusal says so.
 */
export function checkFieldSelector(
  selector: FieldSelector, supported: (field: string) => boolean, plain = false,
): void {
  for (const { field } of selector) {
    if (supported(field)) continue
    throw badRequest(plain
      ? `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
      : `field label not supported: ${field}`)
  }
}

/** `valueOf` gives a field's value as text, empty when unset. */
export function matchesFieldSelector(
  selector: FieldSelector, valueOf: (field: string) => string,
): boolean {
  for (const { field, operator, value } of selector) {
    if ((valueOf(field) === value) !== (operator === '=')) return false
  }
  return true
}

/** The value that `field` must have for a match, when the selector demands exactly one. */
export function exactFieldValue(selector: FieldSelector, field: string): string | undefined {
  return selector.find((one) => one.field === field && one.operator === '=')?.value
}

/** The text that `parseFieldSelector` reads back. */
export function printFieldSelector(selector: FieldSelector): string {
  return selector
    .map(({ field, operator, value }) => `${field}${operator}${value.replace(/[\\,=]/g, '\\$&')}`)
    .join(',')
}

function splitTerms(text: string): string[] {
  const terms: string[] = []
  let start = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === ',') {
      terms.push(text.slice(start, at))
      start = at + 1
    }
  }
  terms.push(text.slice(start))
  return terms
}

function unescape(value: string): string {
  if (!/[\\,=]/.test(value)) return value
  return value.replace(/\\(.?)|[,=]/gsu, (whole, escaped: string | undefined) => {
    if (escaped === undefined) {
      throw badRequest('invalid field selector: unescaped character in value: '
        + `${whole.charCodeAt(0)}`)
    }
    if (escaped === '\\' || escaped === ',' || escaped === '=') return escaped
    throw badRequest(`invalid field selector: invalid escape sequence: ${whole}`)
  })
}

function badRequest(text: string): StatusError {
  return new StatusError('BadRequest', text)
}
