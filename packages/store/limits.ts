/** Limits of this package, each with the reason for its size. */
export const limits = {
  /** Longest key in bytes. An lmdb page of 8 KB takes 4,026; an API path needs under 700. */
  keyLengthMax: 1024,
  /** Longest header in bytes: it is kept in memory for every key and scanned when a folder opens. */
  headerLengthMax: 4096,
  /** Longest value in bytes, ten times what the API server lets in (3 MB). */
  valueLengthMax: 32 * 1024 * 1024,
  /** Keys in one commit. The record number in the log has 32 bits; nobody needs more than dozens. */
  keysPerCommitMax: 65_536,
  /** Commits that one watcher is given in one turn before the event loop goes on. */
  commitsPerTurn: 128,
} as const
