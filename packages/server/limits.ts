/** Limits of this package, each with the reason for its size. */
export const limits = {
  /** Changes of one resource that stay readable: reflectors come back with revisions so old. */
  historyChangesMax: 10_000,
  /** Never fewer than these, whatever their size, or a busy resource would expire its readers. */
  historyChangesMin: 1_000,
  /** Superseded bytes one resource may hold on to beyond that: 5,000 Pods of 5 KB. */
  historyBytesMax: 24 * 1024 * 1024,
  /** etcd's default compaction: clients may be away this long without a relist. */
  historyAgeMs: 5 * 60_000,
  /** Revisions from before a restart that are read back when a client asks for them: 0.5 s, in
   *  small turns, and as many as the window of one resource holds. */
  recalledRevisionsMax: 10_000,
  /** How often old history is dropped, stalled watches are cut and the store is compacted. */
  sweepEveryMs: 60_000,
  /** Parsed forms kept because a write or an event is usually read again at once; 10 KB each. */
  parsedKept: 128,
  /** Sets of managed fields that are read once for all objects: most kinds have a handful. */
  knownSetsMax: 64,
  /** Longer ones, some 100 fields, belong to one object only. */
  knownSetLengthMax: 8192,
  /** Events that keep their encoded frames after delivery, for watches slightly behind. */
  eventsKept: 256,
  /** Deliveries to watches stop after this much of one turn, so that requests are served too. */
  fanOutTurnMs: 4,
  /** Events of one watch that catches up before the next watch gets its turn. */
  catchUpEvents: 128,
  /** A watch without timeoutSeconds ends at random between this and twice this, as there. */
  watchTimeoutMinMs: 30 * 60_000,
  /** Bookmarks come about this often and this long before the end (the reference's figures). */
  bookmarkEveryMs: 60_000,
  bookmarkBeforeEndMs: 2_000,
  /** Attempts of an update that lost a race, as etcd3's store makes before it reports Conflict. */
  updateAttempts: 16,
  /** Attempts to evict a Pod that changes meanwhile (the reference's figure). */
  evictionAttempts: 20,
  /** Evicted Pods whose end a budget has not seen (the reference's figure). */
  disruptedPodsMax: 2000,
  /** Attempts for a free generated name (the reference's figure). */
  generateNameAttempts: 8,
  /** A generated name keeps this much of its prefix: 63 less five random letters. */
  generateNamePrefixMax: 58,
  /** Attempts of one create to find addresses and ports nobody took meanwhile. */
  allocateAttempts: 32,
  /** `fieldManager`, in characters. */
  fieldManagerMax: 128,
  /** Events an in-process reader may leave unread before its watch pauses. */
  readerEventsMax: 256,
  /** Longest header; the store takes no longer one. */
  headerBytesMax: 4096,
  /** Longest key of an object; the store takes 1024, and every other rule keeps names far below. */
  keyLengthMax: 1000,
  /** Objects that one commit removes because they are too old. */
  expiredAtOnce: 500,
  /** Deletions of one deletecollection that are under way together. */
  deletesAtOnce: 64,
  /** The kubernetes Service and what belongs to it are put right at least this often. */
  keepEveryMs: 10_000,
} as const
