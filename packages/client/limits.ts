/** Limits of this package, each with the reason for its size. */
export const limits = {
  /** client-go's page size: large enough to be cheap, small enough not to stall a server. */
  listPage: 500,
  /** First and longest pause after a failure; client-go's reflector backs off 0.8–30 s. */
  retryMsMin: 800,
  retryMsMax: 30_000,
  /** A stream that lived this long ends any earlier backing off. */
  healthyMs: 120_000,
  /** A watch that ends sooner without an event is a failure: a broken server is not hammered. */
  shortWatchMs: 1_000,
  /**
   * A stream that says nothing for so long, not even a bookmark, is given up: its connection may be
   * dead without anybody having said so. Servers send bookmarks about once a minute.
   */
  silentMs: 180_000,
  /** Servers are asked to end watches after 5–10 minutes, so that load spreads over servers. */
  watchSecondsMin: 300,
  watchSecondsMax: 600,
  /** Texts of own writes kept until their watch events: a batch of 64 slices of 1,000 endpoints. */
  echoCharsMax: 16 * 2 ** 20,
  /** A stream of which so many bytes wait to be read is stopped until they are. */
  unreadBytesMax: 2 ** 20,
  /**
   * Requests at once over HTTP/1.1, watches not counted; others wait. A connection costs both sides
   * a TLS handshake of some 2 ms, so more of them finish a burst later, not sooner.
   */
  connectionsMax: 16,
  /** Files of credentials are read again after this; client-go does so for tokens. */
  credentialFileMs: 60_000,
  /** Connections of replaced certificates end after this: watches are ended by servers sooner. */
  retiredMs: 15 * 60_000,
  /** A plugin may wait for a person to log in. */
  pluginMsMax: 5 * 60_000,
  /** An ExecCredential: a token and two certificates are some 10 KB. */
  pluginCharsMax: 2 ** 20,
  /** How long a proxy may take to open a way, and how much it may say before. */
  proxyMsMax: 30_000,
  proxyBytesMax: 64 * 1024,
} as const
