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

/** Cuts a stream of UTF-8 chunks into lines; a last line without newline is still given. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true })
    let from = 0
    for (;;) {
      const end = text.indexOf('\n', from)
      if (end === -1) break
      yield rest + text.slice(from, end)
      rest = ''
      from = end + 1
    }
    rest += text.slice(from)
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}
