import { StatusError } from '@slicewise/kube'
import type { Cached } from './cached.ts'
import type { Collection, Range } from './collection.ts'
import type { CachedObject, ListAnswer, ListRequest } from './contract.ts'
import type { View } from './history.ts'
import { checkListOptions, parseRevision, tooLarge } from './revisions.ts'
import { type Selection, selects } from './selection.ts'
import type { WatchCache } from './watch-cache.ts'

/** Where a list starts and which state it shows. */
export interface Page {
  /** Undefined: the newest state. */
  readonly at: number | undefined
  readonly from: string
  /** 0: no limit. */
  readonly limit: number
  readonly continued: boolean
}

/** One page of a list, all from one state. Call it when the cache has the store's newest. */
export function listPage(
  cache: WatchCache, collection: Collection, selection: Selection, view: View, page: Page,
): ListAnswer {
  const found = collect(collection, selection, page)
  if (found === undefined) throw expired(page, cache.revision)
  const revision = page.at ?? cache.revision
  const items: CachedObject[] = found.items
  if (view.id !== '') for (let n = 0; n < items.length; n++) items[n] = view.show(items[n]!)
  if (found.next === undefined) return { revision, items }
  return {
    revision,
    items,
    continue: encodeToken({ revision, start: found.next }),
    ...(selection.everything ? { remaining: found.remaining } : {}),
  }
}

/** Throws what the reference throws for options that are no good. */
export function pageOf(request: ListRequest, newest: number): Page {
  checkListOptions(request)
  const asked = parseRevision(request.resourceVersion)
  const limit = Math.max(0, request.limit ?? 0)
  if (request.continue) {
    if (asked.kind === 'at') {
      throw new StatusError('BadRequest',
        'specifying resource version is not allowed when using continue')
    }
    const { revision, start } = decodeToken(request.continue)
    const from = start
    return { at: revision < 0 ? undefined : revision, from, limit, continued: true }
  }
  if (asked.kind !== 'at') {
    return { at: undefined, from: '', limit: asked.kind === 'any' ? 0 : limit, continued: false }
  }
  if (asked.revision > newest) throw tooLarge(asked.revision, newest)
  const exact = request.resourceVersionMatch === 'Exact'
    || (!request.resourceVersionMatch && limit > 0)
  return { at: exact ? asked.revision : undefined, from: '', limit, continued: false }
}

interface Found {
  readonly items: Cached[]
  /** Key of the last item, when more follow. */
  readonly next: string | undefined
  /** Items that follow; counted only where the reference tells it. */
  readonly remaining: number
}

function collect(collection: Collection, selection: Selection, page: Page): Found | undefined {
  const items: Cached[] = []
  let last = ''
  let next: string | undefined
  let remaining = 0
  const visit = (object: Cached, key: string): boolean => {
    if (page.from !== '' && key <= page.from) return true
    if (!selects(selection, object)) return true
    if (page.limit > 0 && items.length === page.limit) {
      next = last
      remaining++
      return selection.everything
    }
    items.push(object)
    last = key
    return true
  }
  const range: Range = { namespace: selection.namespace, from: page.from }
  if (page.at === undefined) collectNewest(collection, selection, range, visit)
  else if (!collection.walkAt(page.at, range, visit)) return undefined
  return { items, next, remaining }
}

/** A list of one named object reads one key. */
function collectNewest(
  collection: Collection,
  { exact, namespace }: Selection,
  range: Range,
  visit: (object: Cached, key: string) => boolean,
): void {
  if (exact?.field !== 'metadata.name' || (namespace === '' && collection.namespaced)) {
    collection.walk(range, visit)
    return
  }
  const key = collection.keyOf(namespace, exact.value)
  const object = collection.get(key)
  if (object !== undefined) visit(object, key)
}

function expired(page: Page, newest: number): StatusError {
  if (!page.continued) {
    return new StatusError('Expired', 'The resourceVersion for the provided list is too old.')
  }
  return new StatusError('Expired', 'The provided continue parameter is too old to display a '
    + 'consistent list result. You can start a new list without the continue parameter, or use '
    + 'the continue token in this response to retrieve the remainder of the results. Continuing '
    + 'with the provided token results in an inconsistent list - objects that were created, '
    + 'modified, or deleted between the time the first chunk was returned and now may show up in '
    + 'the list.', { continue: encodeToken({ revision: -1, start: page.from }), cause: newest })
}

interface Token {
  /** -1: goes on in the newest state. */
  readonly revision: number
  /** Key of the last item that was given. */
  readonly start: string
}

/** base64url of the reference's JSON `{v, rv, start}`; opaque to clients. */
export function encodeToken({ revision, start }: Token): string {
  const json = JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${start}\0` })
  const binary = String.fromCharCode(...new TextEncoder().encode(json))
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

/** Throws `BadRequest` for anything that `encodeToken` did not make. */
export function decodeToken(text: string): Token {
  try {
    const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
    const json = new TextDecoder().decode(Uint8Array.from(binary, one => one.charCodeAt(0)))
    const { v, rv, start } = JSON.parse(json)
    if (v === 'meta.k8s.io/v1' && Number.isSafeInteger(rv) && rv !== 0
      && typeof start === 'string' && start.endsWith('\0')) {
      return { revision: rv, start: start.slice(0, -1) }
    }
  } catch {
    // Falls through to the refusal.
  }
  throw new StatusError('BadRequest', 'continue key is not valid: it was not made by this server')
}
