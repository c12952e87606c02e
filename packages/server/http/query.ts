import { type DeleteOptions, StatusError } from '@slicewise/kube'

/** Anything but `false` and `0` is true, the empty text included. */
export function booleanOf(query: URLSearchParams, name: string): boolean | undefined {
  const value = query.get(name)
  if (value === null) return undefined
  const text = value.toLowerCase()
  return text !== 'false' && text !== '0'
}

export function integerOf(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name)
  if (value === null) return undefined
  if (!/^[+-]?[0-9]+$/.test(value)) {
    throw new StatusError('BadRequest',
      `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`)
  }
  const number = Number(value)
  if (!Number.isSafeInteger(number)) {
    throw new StatusError('BadRequest',
      `strconv.ParseInt: parsing ${JSON.stringify(value)}: value out of range`)
  }
  return number
}

function textOf(query: URLSearchParams, name: string): string | undefined {
  const value = query.get(name)
  return value === null || value === '' ? undefined : value
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** The same object without the members that are undefined. */
export function present<T extends object>(value: T): Present<T> {
  const out: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) if (member !== undefined) out[key] = member
  return out as Present<T>
}

export function listQuery(query: URLSearchParams): {
  labelSelector?: string
  fieldSelector?: string
  limit?: number
  continue?: string
  resourceVersion?: string
  resourceVersionMatch?: string
  sendInitialEvents?: boolean
} {
  integerOf(query, 'timeoutSeconds')
  return present({
    labelSelector: textOf(query, 'labelSelector'),
    fieldSelector: textOf(query, 'fieldSelector'),
    limit: integerOf(query, 'limit'),
    continue: textOf(query, 'continue'),
    resourceVersion: textOf(query, 'resourceVersion'),
    resourceVersionMatch: textOf(query, 'resourceVersionMatch'),
    sendInitialEvents: booleanOf(query, 'sendInitialEvents'),
  })
}

export function watchQuery(query: URLSearchParams): {
  labelSelector?: string
  fieldSelector?: string
  resourceVersion?: string
  resourceVersionMatch?: string
  sendInitialEvents?: boolean
  allowWatchBookmarks?: boolean
  timeoutSeconds?: number
} {
  integerOf(query, 'limit')
  const timeoutSeconds = integerOf(query, 'timeoutSeconds')
  return present({
    labelSelector: textOf(query, 'labelSelector'),
    fieldSelector: textOf(query, 'fieldSelector'),
    resourceVersion: textOf(query, 'resourceVersion'),
    resourceVersionMatch: textOf(query, 'resourceVersionMatch'),
    sendInitialEvents: booleanOf(query, 'sendInitialEvents'),
    allowWatchBookmarks: booleanOf(query, 'allowWatchBookmarks'),
    timeoutSeconds:
      timeoutSeconds === undefined || timeoutSeconds <= 0 ? undefined : timeoutSeconds,
  })
}

export function writeQuery(query: URLSearchParams): {
  fieldManager?: string
  fieldValidation?: string
  dryRun?: readonly string[]
} {
  return present({
    fieldManager: textOf(query, 'fieldManager'),
    fieldValidation: textOf(query, 'fieldValidation'),
    dryRun: query.has('dryRun') ? query.getAll('dryRun') : undefined,
  })
}

/** DeleteOptions given in the query; used only when the request has no body. */
export function deleteQuery(query: URLSearchParams): DeleteOptions {
  return present({
    gracePeriodSeconds: integerOf(query, 'gracePeriodSeconds'),
    orphanDependents: booleanOf(query, 'orphanDependents'),
    propagationPolicy: query.get('propagationPolicy') ?? undefined,
    dryRun: query.has('dryRun') ? query.getAll('dryRun') : undefined,
  })
}
