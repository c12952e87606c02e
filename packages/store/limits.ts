/** Limits of this package, each with the reason for its size. */
export const limits = {
  /** Longest key in bytes. An lmdb page of 8 KB takes 4,026; an API path needs under 700. */
  keyLengthMax: 1024,
  /** Longest header in bytes: one is in memory for every key, and read when a folder opens. */
  headerLengthMax: 4096,
  /** Headers of many entries share a block of this size when a folder opens. */
  headerBlockBytes: 256 * 1024,
  /** Longest value in bytes, ten times what the API server lets in (3 MB). */
  valueLengthMax: 32 * 1024 * 1024,
  /** Keys in one commit. Its number in the log has 32 bits; nobody needs more than dozens. */
  keysPerCommitMax: 65_536,
  /** Commits that one watcher is given in one turn before the event loop goes on. */
  commitsPerTurn: 128,
  /** Versions read from the disk for one turn of a watcher that is far behind; about 10 ms. */
  versionsPerTurn: 512,
  /** Address space for the data file, not memory. lmdb maps the file anew when it outgrows this. */
  mapBytes: 16 * 1024 ** 3,
  /** The data file grows by a part of its size, at least by this much, */
  reserveBytesMin: 1024 * 1024,
  /** and at most by this much: a commit waits meanwhile. */
  reserveBytesMax: 8 * 1024 * 1024,
  /** Values of 5 KB fill pages of 8 KB without a search for neighbouring free ones. */
  pageBytes: 8192,
  /** Pages that one record may make lmdb write anew: its path in the tree, split, and the lists of
   *  free pages. */
  pagesPerWrite: 4,
  /** Records from this many bytes on are compressed; shorter ones gain nothing. */
  compressFrom: 200,
  /** A transaction takes no further commit once it has this much: its answer must not wait. */
  batchBytesMax: 8 * 1024 * 1024,
  /** Bytes queued behind a disk that does not answer; more are refused. */
  waitingBytesMax: 256 * 1024 * 1024,
  /** Newest commits kept in memory, so that watchers in step never read the disk. */
  recentCommitsMax: 4096,
  /** Bytes of the values among them: watchers in step need the last turns only. What stays longer
   *  outlives the quick collections of its memory: 8 MB here cost 35 MB. */
  recentBytesMax: 1024 * 1024,
  /** Versions that compaction looks at between two turns; about 3 ms. */
  versionsPerSweep: 128,
  /** The lock file is touched this often while the store is open, */
  lockTouchedEveryMs: 5_000,
  /** and one of another machine that was not touched for this long is left over. */
  lockStaleAfterMs: 20_000,
} as const
