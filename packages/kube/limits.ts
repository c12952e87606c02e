/** Bounds of this package. Each stops hostile input from costing more than its size. */
export const limits = {
  /** Findings reported for one body; the reference stops at the same number. */
  decodeFindingsMax: 100,
  /** Causes that one refusal tells; nobody reads more, and each is longer than what caused it. */
  causesMax: 1000,
  /** Pairs of ports of one Pod that are compared for a warning: 100 ports of one number. */
  portPairsMax: 5_000,
  /** Directories of the paths in one volume that are compared for a warning: a hundred times what
   *  people write. */
  volumePathPartsMax: 20_000,
  /** Owners that claim to control, each of whose causes quotes all owners. */
  rivalControllersMax: 3,
  /** Characters of a refused value that an error message repeats. */
  decodeQuotedMax: 64,
  /** Nesting inside a free-form value: what writes JSON recurses, a thousand levels are safe. */
  rawDepthMax: 1000,
  /** Words and signs of one YAML text: some 15,000 lines, half a second to read. */
  yamlPartsMax: 100_000,
  /** Nesting of a YAML text: its reader recurses, and a stack that runs out ends the process. */
  yamlDepthMax: 500,
  /** Aliases of one YAML text; the library multiplies nested ones. People write a handful. */
  yamlAliasesMax: 100,
  /** Characters of a YAML text with its aliases written out: twice the largest body. */
  yamlExpandedMax: 6 * 1024 * 1024,
  /** As in the reference; a person needs a dozen. */
  jsonPatchOperationsMax: 10_000,
  /** Characters that the `copy` operations of one patch may add: as much as one body. */
  jsonPatchCopiedMax: 3 * 1024 * 1024,
  /** List elements that the operations of one patch may move: a tenth of a second. */
  jsonPatchShiftedMax: 50_000_000,
  /** Entries of managers that update; the oldest beyond are merged into one. */
  updateManagersMax: 10,
  /** Printed field sets that are remembered: a few kinds with a few writers each, 20 KB a set. */
  printedSetsKept: 16,
  /** Places of one of them: a Pod has some 150, longer ones belong to one object only. */
  printedSetMax: 1000,
  /** Path elements of a keyed list that are remembered: names of containers, variables, volumes. */
  elementsKept: 256,
  /** Characters of the key of one of them: no usual name is longer. */
  elementKeyMax: 64,
  /** Texts of quantities whose value is remembered: a cluster has some dozens. */
  quantitiesKept: 256,
  /** Characters of the annotation of client-side apply: annotations hold 256 KiB together. */
  lastAppliedMax: 256 * 1024,
} as const
