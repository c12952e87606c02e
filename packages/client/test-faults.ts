import {
  type Api, type KubeObject, type ListOptions, type ObjectList, type ResourceRef, StatusError,
  type WatchEvent, type WatchOptions,
} from '@slicewise/kube'

/** What may befall a watch; every one ends it sooner or later. */
export type WatchFault =
  /** 410 instead of the first event, or after some. */
  | 'expired'
  /** The connection breaks. */
  | 'dropped'
  /** Nothing more comes, and nobody says so. */
  | 'silent'
  /** Events come twice, the second time late; later the stream ends. */
  | 'repeated'
  /** The server ends the stream in good order. */
  | 'ended'
  /** 503 instead of a stream. */
  | 'unavailable'

export interface FaultOptions {
  readonly random: () => number
  /** Share of watches that something befalls; may be changed while it runs. */
  share: number
  /** Faults to draw from. */
  faults: readonly WatchFault[]
  /** False: watch-lists are refused, as by servers that do not know them. */
  readonly watchLists: boolean
  /** Pages have at most so many objects, whatever was asked for. */
  readonly pageMax?: number
  /** Share of pages after the first one that are refused as expired. */
  readonly expiredPages?: number
}

/** Counts what was done to a client, so that a test can tell that it was worth its name. */
export type Injected = Map<WatchFault | 'watch-list refused' | 'page expired', number>

/** An Api whose lists and watches fail as those of real servers and networks do. */
export function faultyApi(inner: Api, options: FaultOptions): { api: Api; injected: Injected } {
  const injected: Injected = new Map()
  const count = (what: WatchFault | 'watch-list refused' | 'page expired'): void => {
    injected.set(what, (injected.get(what) ?? 0) + 1)
  }
  const faults = new Faults(inner, options, count)
  return {
    injected,
    api: {
      list: (ref, asked) => faults.list(ref, asked),
      watch: (ref, asked) => faults.watch(ref, asked),
      get: (...all) => inner.get(...all),
      create: (...all) => inner.create(...all),
      update: (...all) => inner.update(...all),
      patch: (...all) => inner.patch(...all),
      delete: (...all) => inner.delete(...all),
      deleteCollection: (...all) => inner.deleteCollection(...all),
    },
  }
}

const expired = (): StatusError =>
  new StatusError('Expired', 'The resourceVersion for the provided watch is too old.')

class Faults {
  readonly #inner: Api
  readonly #options: FaultOptions
  readonly #count: (what: WatchFault | 'watch-list refused' | 'page expired') => void

  constructor(
    inner: Api, options: FaultOptions,
    count: (what: WatchFault | 'watch-list refused' | 'page expired') => void,
  ) {
    this.#inner = inner
    this.#options = options
    this.#count = count
  }

  async list<T extends KubeObject>(
    ref: ResourceRef<T>, asked: ListOptions = {},
  ): Promise<ObjectList<T>> {
    const { pageMax, expiredPages = 0, random } = this.#options
    if (asked.continue !== undefined && random() < expiredPages) {
      this.#count('page expired')
      throw expired()
    }
    const limit = Math.min(asked.limit ?? Infinity, pageMax ?? Infinity)
    return this.#inner.list(ref, { ...asked, ...(limit === Infinity ? {} : { limit }) })
  }

  async *watch<T extends KubeObject>(
    ref: ResourceRef<T>, asked: WatchOptions = {},
  ): AsyncGenerator<WatchEvent<T>> {
    const { random, share, faults, watchLists } = this.#options
    if (asked.sendInitialEvents === true && !watchLists) {
      this.#count('watch-list refused')
      throw new StatusError('Invalid', 'sendInitialEvents: Forbidden')
    }
    const fault = random() < share ? faults[Math.floor(random() * faults.length)] : undefined
    if (fault !== undefined) this.#count(fault)
    if (fault === 'unavailable') throw new StatusError('ServiceUnavailable', 'try again')
    const events = this.#inner.watch(ref, asked)
    // Half of the time at once.
    let left = random() < 0.5 ? 0 : Math.floor(random() * 6)
    if (fault === 'repeated') return yield* repeated(events, random)
    if (fault !== undefined && left === 0) return yield* this.#end(fault, asked)
    for await (const event of events) {
      yield event
      if (fault !== undefined && --left === 0) return yield* this.#end(fault, asked)
    }
  }

  async *#end(fault: WatchFault, asked: WatchOptions): AsyncGenerator<never> {
    if (fault === 'expired') throw expired()
    if (fault === 'dropped') throw new Error('socket hang up')
    if (fault === 'silent') await untilAborted(asked.signal)
  }
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => reject(signal?.reason)
    if (signal?.aborted) return stop()
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/** Each event may come again, at once or after others; ends after some. Bookmarks come once. */
async function* repeated<T extends KubeObject>(
  events: AsyncIterable<WatchEvent<T>>, random: () => number,
): AsyncGenerator<WatchEvent<T>> {
  const late: WatchEvent<T>[] = []
  let left = 10 + Math.floor(random() * 20)
  for await (const event of events) {
    yield event
    if (--left === 0) return
    if (event.type === 'BOOKMARK') continue
    if (random() < 0.3) yield event
    if (random() < 0.3) late.push(event)
    if (late.length > 0 && random() < 0.3) yield late.splice(0, 1)[0] as WatchEvent<T>
  }
}
