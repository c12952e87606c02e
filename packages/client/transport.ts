/** What the client needs of HTTP: one request, its status, and its body as text or as lines. */
export interface Transport {
  request(request: TransportRequest): Promise<TransportResponse>
  /** Ends idle connections; requests in flight fail. */
  close(): Promise<void>
}

export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path and query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** The answer lasts, and must not keep other requests waiting for a connection. */
  readonly stream?: true
  readonly signal?: AbortSignal
}

export interface TransportResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The whole body. */
  text(): Promise<string>
  /** The body line by line, as lines become complete; ends the request when left early. */
  lines(): AsyncIterable<string>
}

const newline = 10

/**
 * Cuts a stream of UTF-8 chunks into lines; a last line without newline is still given. Only whole
 * lines are decoded: a newline is never part of a longer character, and decoding bytes that may end
 * within one costs eight times as much.
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest: Uint8Array[] = []
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(newline) + 1
    if (end === 0) {
      rest.push(chunk)
      continue
    }
    const text = decode([...rest, chunk.subarray(0, end)])
    rest = end === chunk.length ? [] : [chunk.subarray(end)]
    for (let from = 0; from < text.length;) {
      const to = text.indexOf('\n', from)
      yield text.slice(from, to)
      from = to + 1
    }
  }
  const last = decode(rest)
  if (last !== '') yield last
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The text of chunks that do not end within a character. */
export function decode(chunks: readonly Uint8Array[]): string {
  const [first, ...others] = chunks
  if (first === undefined) return ''
  if (others.length === 0) return decoder.decode(first)
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return decoder.decode(bytes)
}
