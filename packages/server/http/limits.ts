/** Bounds of the HTTP side, each with the reason for its size. */
export const limits = {
  /** A request body; the size at which the reference answers 413. */
  bodyBytes: 3 * 1024 * 1024,
  /** A refused body is still read for this long, so that the client gets to see the refusal. */
  refusedBodyMs: 5_000,
  /** A body that does not arrive in this time is not worth a buffer. */
  bodyMs: 60_000,
  /** Request line and headers; tokens of many groups fit, floods do not. */
  headerBytes: 64 * 1024,
  /** Bodies above this are compressed for who asks; the reference's figure. */
  gzipBytes: 128 * 1024,
  /** Go clients keep idle connections for 90 s: closing earlier resets requests in flight. */
  idleConnectionMs: 180_000,
  /** Silence after which the kernel probes a connection, so that dead watchers are found. */
  keepAliveProbeMs: 30_000,
  /** Open connections; a watch over HTTP/1.1 takes one each. */
  connections: 20_000,
  /** Streams of one HTTP/2 connection: a process with a thousand watches may share one. */
  streamsPerConnection: 1_000,
  /** What a client may send unread on one HTTP/2 stream: one body of usual size at once. */
  streamWindowBytes: 256 * 1024,
  /** Size of the recycled buffers that lists are copied through; larger ones gain nothing. */
  chunkBytes: 256 * 1024,
  /** Buffers kept for reuse over all answers: enough for the lists that two cores can fill. */
  chunksKept: 8,
  /** A reader that takes nothing for this long is cut. */
  stalledReaderMs: 30_000,
  /** A watcher's socket takes no further events above this; they wait in the shared window. */
  watchSocketBytes: 100 * 1024,
  /** Table rows made in one turn: each parses its object, some 50 µs. */
  rowsPerTurn: 100,
  /** A table's cells hold ages: a frame older than this is made again for who reads it late. */
  tableFrameMs: 1_000,
  /** In-flight requests have this long to finish when the server closes. */
  closeMs: 4_000,
  /** Length of a request path with its query; longer ones are refused as bad. */
  targetBytes: 16 * 1024,
  /** Characters of all warnings of one answer, and of each once that is too much; as there. */
  warningsChars: 4_096,
  warningChars: 256,
  /** Remembered bearer tokens, so that a signature is checked once, not per request. */
  tokensRemembered: 4_096,
  /** An Authorization header is remembered up to this length: longer ones are nobody's habit. */
  headerRememberedChars: 1_024,
  /** How long a checked token is believed without asking again whether its account exists. */
  tokenBelievedMs: 10_000,
  /** Renewal of a certificate before it ends. */
  certificateRenewMs: 30 * 24 * 3600 * 1000,
  /** Life of the certificates that are made here. */
  certificateLifeMs: 365 * 24 * 3600 * 1000,
  /** Life of the certificate authority. */
  authorityLifeMs: 10 * 365 * 24 * 3600 * 1000,
} as const
