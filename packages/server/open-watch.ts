import type { Cancel, Env } from '@slicewise/base'
import type { StatusError } from '@slicewise/kube'
import type { Cached } from './cached.ts'
import type { WatchHandle, WatchRequest, WatchSink } from './contract.ts'
import type { View } from './history.ts'
import { limits } from './limits.ts'
import { checkWatchOptions, parseRevision, tooLarge, tooOld } from './revisions.ts'
import { type Selection, selects } from './selection.ts'
import type { WatchStart } from './watch.ts'
import type { Kept, WatchCache } from './watch-cache.ts'

/** What a watch is opened on. */
export interface WatchPlace {
  readonly env: Env
  readonly cache: WatchCache
  readonly kept: Kept
  readonly view: View
  readonly selection: Selection
}

/**
 * Opens a watch when the cache has the store's newest. Options that are refused throw; a start
 * that cannot be had ends the opened stream with an error, as the reference does.
 */
export async function openWatch(
  place: WatchPlace, request: WatchRequest, sink: WatchSink,
): Promise<WatchHandle> {
  checkWatchOptions(request)
  const asked = parseRevision(request.resourceVersion)
  if (asked.kind === 'at') await place.cache.recall(place.kept.collection, asked.revision)
  const start = startOf(place, request)
  if ('refused' in start) {
    const cancel = place.env.after(0, () => sink.end(start.refused))
    return { pause() {}, resume() {}, stop: cancel }
  }
  return timed(place, start, request, sink)
}

type Start = WatchStart | { readonly refused: StatusError }

function startOf({ cache, kept, view, selection }: WatchPlace, request: WatchRequest): Start {
  const { collection } = kept
  const asked = parseRevision(request.resourceVersion)
  const common = { selection, view, seq: collection.history.seq, after: 0 }
  if (request.sendInitialEvents === true || asked.kind !== 'at') {
    if (asked.kind === 'at' && asked.revision > cache.revision) {
      return { refused: tooLarge(asked.revision, cache.revision) }
    }
    if (request.sendInitialEvents === false) return { ...common, markInitialEnd: false }
    const objects: Cached[] = []
    collection.walk({ namespace: selection.namespace, from: '' }, object => {
      if (selects(selection, object)) objects.push(object)
    })
    const markInitialEnd = request.allowWatchBookmarks === true
    return { ...common, initial: { objects, revision: cache.revision }, markInitialEnd }
  }
  const seq = collection.history.seqAt(asked.revision)
  if (seq === undefined) {
    return { refused: tooOld(asked.revision, collection.history.floor) }
  }
  return { ...common, seq, after: asked.revision, markInitialEnd: false }
}

/** Adds the bookmarks and the end by time. */
function timed(
  { env, cache, kept }: WatchPlace, start: WatchStart, request: WatchRequest, sink: WatchSink,
): WatchHandle {
  const timers = new Set<Cancel>()
  const cancelAll = (): void => timers.forEach(cancel => cancel())
  const watch = kept.watches.open(start, {
    event: event => sink.event(event),
    bookmark: (revision, initialEnd) => sink.bookmark(revision, initialEnd),
    end(error) {
      cancelAll()
      sink.end(error)
    },
  })
  const totalMs = request.timeoutSeconds !== undefined && request.timeoutSeconds > 0
    ? request.timeoutSeconds * 1000
    : limits.watchTimeoutMinMs * (1 + env.random())
  timers.add(env.after(totalMs, () => watch.end()))
  if (request.allowWatchBookmarks === true) bookmarks(env, totalMs, timers, () => {
    watch.bookmark(cache.revision)
  })
  return {
    pause: () => watch.pause(),
    resume: () => watch.resume(),
    stop() {
      cancelAll()
      watch.stop()
    },
  }
}

/** About once a minute, each watch at its own moment, and shortly before the end. */
function bookmarks(env: Env, totalMs: number, timers: Set<Cancel>, mark: () => void): void {
  if (totalMs > limits.bookmarkBeforeEndMs) {
    timers.add(env.after(totalMs - limits.bookmarkBeforeEndMs, mark))
  }
  let current: Cancel | undefined
  const next = (): void => {
    if (current !== undefined) timers.delete(current)
    current = env.after(limits.bookmarkEveryMs * (0.75 + env.random() / 2), () => {
      mark()
      next()
    })
    timers.add(current)
  }
  next()
}
