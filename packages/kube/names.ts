/**
 * The grammar of names, labels, ports and the like. Each function returns what is wrong with a
 * text, empty when nothing is; the wording is that of the field errors of k8s.io/apimachinery.
 */

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const subdomain = `${label}(\\.${label})*`
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const wildcard = `\\*\\.${subdomain}`
const header = '[-A-Za-z0-9]+'
const cIdentifier = '[A-Za-z_][A-Za-z0-9_]*'
const configKey = '[-._a-zA-Z0-9]+'
const percent = '[0-9]+%'

const labelPattern = new RegExp(`^${label}$`)
const subdomainPattern = new RegExp(`^${subdomain}$`)
const qualifiedPattern = new RegExp(`^${qualified}$`)
const label1035Pattern = new RegExp(`^${label1035}$`)
const wildcardPattern = new RegExp(`^${wildcard}$`)
const headerPattern = new RegExp(`^${header}$`)
const cIdentifierPattern = new RegExp(`^${cIdentifier}$`)
const configKeyPattern = new RegExp(`^${configKey}$`)
const percentPattern = new RegExp(`^${percent}$`)

const tooLong = (max: number): string => `must be no more than ${max} characters`
const tooManyBytes = (max: number): string => `must be no more than ${max} bytes`
const encoder = new TextEncoder()

/** Length of a text in bytes of UTF-8, as every limit of the API counts. */
export function byteLength(text: string): number {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) > 127) return encoder.encode(text).length
  }
  return text.length
}

function shape(what: string, pattern: string, ...examples: string[]): string {
  const eg = examples.map((one) => `'${one}', `).join(' or ')
  return examples.length === 0
    ? `${what} (regex used for validation is '${pattern}')`
    : `${what} (e.g. ${eg}regex used for validation is '${pattern}')`
}

/** RFC 1123 label, at most 63 bytes: namespaces, services, volumes, containers. */
export function labelFaults(text: string): string[] {
  const faults = byteLength(text) > 63 ? [tooLong(63)] : []
  if (!labelPattern.test(text)) {
    faults.push(subdomainPattern.test(text) ? 'must not contain dots' : shape(
      'a lowercase RFC 1123 label must consist of lower case alphanumeric characters or \'-\', '
      + 'and must start and end with an alphanumeric character', label, 'my-name', '123-abc'))
  }
  return faults
}

/** RFC 1123 subdomain, at most 253 bytes: most object names. */
export function subdomainFaults(text: string): string[] {
  const faults = byteLength(text) > 253 ? [tooLong(253)] : []
  if (!subdomainPattern.test(text)) {
    faults.push(shape('a lowercase RFC 1123 subdomain must consist of lower case alphanumeric '
      + 'characters, \'-\' or \'.\', and must start and end with an alphanumeric character',
    subdomain, 'example.com'))
  }
  return faults
}

/** RFC 1035 label: as RFC 1123 but beginning with a letter. */
export function label1035Faults(text: string): string[] {
  const faults = byteLength(text) > 63 ? [tooLong(63)] : []
  if (!label1035Pattern.test(text)) {
    faults.push(shape('a DNS-1035 label must consist of lower case alphanumeric characters or '
      + '\'-\', start with an alphabetic character, and end with an alphanumeric character',
    label1035, 'my-name', 'abc-123'))
  }
  return faults
}

/** `*.` and a subdomain, as host of an Ingress rule. */
export function wildcardFaults(text: string): string[] {
  const faults = byteLength(text) > 253 ? [tooLong(253)] : []
  if (!wildcardPattern.test(text)) {
    faults.push(shape('a wildcard DNS-1123 subdomain must start with \'*.\', followed by a valid '
      + 'DNS subdomain, which must consist of lower case alphanumeric characters, \'-\' or \'.\' '
      + 'and end with an alphanumeric character', wildcard, '*.example.com'))
  }
  return faults
}

const qualifiedRule = 'must consist of alphanumeric characters, \'-\', \'_\' or \'.\', '
  + 'and must start and end with an alphanumeric character'
const qualifiedExamples = ['MyName', 'my.name', '123-abc']

/** `[prefix/]name`: label keys, condition types, finalizers, protocols of applications. */
export function qualifiedNameFaults(text: string): string[] {
  const parts = text.split('/')
  if (parts.length > 2) {
    return [shape(`a valid label key ${qualifiedRule}`, qualified, ...qualifiedExamples)
      + ' with an optional DNS subdomain prefix and \'/\' (e.g. \'example.com/MyName\')']
  }
  const faults: string[] = []
  if (parts.length === 2) {
    const prefix = parts[0] ?? ''
    if (prefix === '') faults.push('prefix part must be non-empty')
    else faults.push(...subdomainFaults(prefix).map((fault) => `prefix part ${fault}`))
  }
  const name = parts[parts.length - 1] ?? ''
  if (name === '') faults.push('name part must be non-empty')
  else if (byteLength(name) > 63) faults.push(`name part ${tooManyBytes(63)}`)
  if (!qualifiedPattern.test(name)) {
    faults.push(`name part ${shape(qualifiedRule, qualified, ...qualifiedExamples)}`)
  }
  return faults
}

export function labelValueFaults(text: string): string[] {
  const faults = byteLength(text) > 63 ? [tooManyBytes(63)] : []
  if (text !== '' && !qualifiedPattern.test(text)) {
    faults.push(shape('a valid label must be an empty string or consist of alphanumeric '
      + 'characters, \'-\', \'_\' or \'.\', and must start and end with an alphanumeric character',
    `(${qualified})?`, 'MyValue', 'my_value', '12345'))
  }
  return faults
}

/** IANA service name: at most 15 bytes, a letter, no double hyphen. */
export function portNameFaults(text: string): string[] {
  const faults = byteLength(text) > 15 ? [tooLong(15)] : []
  if (!/^[-a-z0-9]+$/.test(text)) {
    faults.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  }
  if (!/[a-z]/.test(text)) faults.push('must contain at least one letter (a-z)')
  if (text.includes('--')) faults.push('must not contain consecutive hyphens')
  if (text.startsWith('-') || text.endsWith('-')) {
    faults.push('must not begin or end with a hyphen')
  }
  return faults
}

export function portNumberFaults(port: number): string[] {
  return port >= 1 && port <= 65535 ? [] : ['must be between 1 and 65535, inclusive']
}

export function httpHeaderNameFaults(text: string): string[] {
  return headerPattern.test(text) ? [] : [shape(
    'a valid HTTP header must consist of alphanumeric characters or \'-\'', header, 'X-Header-Name',
  )]
}

export function cIdentifierFaults(text: string): string[] {
  return cIdentifierPattern.test(text) ? [] : [shape(
    'a valid C identifier must start with alphabetic character or \'_\', followed by a string of '
    + 'alphanumeric characters or \'_\'', cIdentifier, 'my_name', 'MY_NAME', 'MyName')]
}

/** Any printable ASCII but `=`. */
export function envNameFaults(text: string): string[] {
  if (text === '') return ['environment variable name must be non-empty']
  return /^[\x20-\x3c\x3e-\x7e]+$/.test(text) ? [] : [
    'a valid environment variable name must consist only of printable ASCII characters '
    + 'other than \'=\'',
  ]
}

/** Key of a ConfigMap or Secret; also a file name, so `.`, `..` and a leading `..` are out. */
export function configKeyFaults(text: string): string[] {
  const faults = byteLength(text) > 253 ? [tooLong(253)] : []
  if (!configKeyPattern.test(text)) {
    faults.push(shape('a valid config key must consist of alphanumeric characters, \'-\', \'_\' '
      + 'or \'.\'', configKey, 'key.name', 'KEY_NAME', 'key-name'))
  }
  if (text === '.') faults.push('must not be \'.\'')
  else if (text === '..') faults.push('must not be \'..\'')
  else if (text.startsWith('..')) faults.push('must not start with \'..\'')
  return faults
}

export function percentFaults(text: string): string[] {
  return percentPattern.test(text) ? [] : [shape(
    'a valid percent string must be a numeric string followed by an ending \'%\'',
    percent, '1%', '93%')]
}

/** Names of RBAC objects: anything that is one segment of a path. */
export function pathSegmentFaults(text: string): string[] {
  if (text === '.' || text === '..') return [`may not be '${text}'`]
  return ['/', '%'].filter((char) => text.includes(char)).map((char) => `may not contain '${char}'`)
}
