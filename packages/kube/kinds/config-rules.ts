import { invalidAll } from '../causes.ts'
import { byteLength, configKeyFaults } from '../names.ts'
import type { Stored } from '../object.ts'
import { sameValue } from '../same-value.ts'
import { type Cause, cause } from '../status.ts'
import type { ConfigMap, Secret } from './config.ts'

/** ConfigMaps and Secrets hold at most this much data. */
const dataBytesMax = 1024 * 1024
const frozen = 'field is immutable when `immutable` is set'
const accountAnnotation = 'kubernetes.io/service-account.name'

/** Bytes behind canonical base64 text. */
const base64Size = (text: string): number =>
  text.length / 4 * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0)

function toBase64(text: string): string {
  let binary = ''
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte)
  return btoa(binary)
}

const fromBase64 = (text: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)))

export function validateConfigMap(map: ConfigMap): Cause[] {
  const found: Cause[] = []
  const { data = {}, binaryData = {} } = map
  let size = 0
  for (const [key, value] of Object.entries(data)) {
    found.push(...invalidAll(`data[${key}]`, key, configKeyFaults(key)))
    if (Object.hasOwn(binaryData, key)) {
      found.push(cause.invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'))
    }
    size += byteLength(value)
  }
  for (const [key, value] of Object.entries(binaryData)) {
    found.push(...invalidAll(`binaryData[${key}]`, key, configKeyFaults(key)))
    size += base64Size(value)
  }
  if (size > dataBytesMax) found.push(cause.tooLong('[]', dataBytesMax))
  return found
}

export function validateConfigMapUpdate(next: ConfigMap, before: Stored<ConfigMap>): Cause[] {
  return [...frozenCauses(next, before, ['data', 'binaryData']), ...validateConfigMap(next)]
}

type Frozen = { immutable?: boolean; data?: unknown; binaryData?: unknown }

function frozenCauses(
  next: Frozen, before: Frozen, fields: readonly ('data' | 'binaryData')[],
): Cause[] {
  if (before.immutable !== true) return []
  return [
    ...(next.immutable === true ? [] : [cause.forbidden('immutable', frozen)]),
    ...fields.filter((field) => !sameValue(next[field], before[field]))
      .map((field) => cause.forbidden(field, frozen)),
  ]
}

/** `stringData` is only for writing: it goes into `data` and is dropped. */
export function defaultSecret(secret: Secret): void {
  for (const [key, value] of Object.entries(secret.stringData ?? {})) {
    secret.data ??= {}
    secret.data[key] = toBase64(value)
  }
  delete secret.stringData
  secret.type ||= 'Opaque'
}

export function validateSecret(secret: Secret): Cause[] {
  const found: Cause[] = []
  let size = 0
  for (const [key, value] of Object.entries(secret.data ?? {})) {
    found.push(...invalidAll(`data[${key}]`, key, configKeyFaults(key)))
    size += base64Size(value)
  }
  if (size > dataBytesMax) found.push(cause.tooLong('data', dataBytesMax))
  return [...found, ...secretTypeCauses(secret)]
}

function secretTypeCauses(secret: Secret): Cause[] {
  const data = secret.data ?? {}
  const missing = (...keys: string[]): Cause[] => keys
    .filter((key) => !Object.hasOwn(data, key)).map((key) => cause.required(`data[${key}]`))
  switch (secret.type) {
    case 'kubernetes.io/service-account-token':
      return secret.metadata?.annotations?.[accountAnnotation]
        ? [] : [cause.required(`metadata.annotations[${accountAnnotation}]`)]
    case 'kubernetes.io/dockercfg': return jsonCauses(data, '.dockercfg')
    case 'kubernetes.io/dockerconfigjson': return jsonCauses(data, '.dockerconfigjson')
    case 'kubernetes.io/basic-auth': {
      const both = missing('username', 'password')
      return both.length === 2 ? both : []
    }
    case 'kubernetes.io/ssh-auth':
      return data['ssh-privatekey'] ? [] : [cause.required('data[ssh-privatekey]')]
    case 'kubernetes.io/tls': return missing('tls.crt', 'tls.key')
    default: return []
  }
}

function jsonCauses(data: Readonly<Record<string, string>>, key: string): Cause[] {
  const text = data[key]
  if (text === undefined) return [cause.required(`data[${key}]`)]
  try {
    const value: unknown = JSON.parse(fromBase64(text))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return []
  } catch {
    // told below, without the secret text a parse error would quote
  }
  return [cause.invalid(`data[${key}]`, '<secret contents redacted>', 'must be a JSON object')]
}

/** A pair of certificate and key that is none; what stands in them is not looked at further. */
export function secretWarnings({ type, data = {} }: Secret): string[] {
  if (type !== 'kubernetes.io/tls') return []
  const isPem = (key: string): boolean => fromBase64(data[key] ?? '').includes('-----BEGIN ')
  if (!isPem('tls.crt')) return ['tls: failed to find any PEM data in certificate input']
  return isPem('tls.key') ? [] : ['tls: failed to find any PEM data in key input']
}

export function validateSecretUpdate(next: Secret, before: Stored<Secret>): Cause[] {
  const found = next.type === before.type
    ? [] : [cause.invalid('type', next.type ?? '', 'field is immutable')]
  return [...found, ...frozenCauses(next, before, ['data']), ...validateSecret(next)]
}
