/** The lines in which two texts differ, found by their longest common subsequence. */

export interface LineDifference { readonly reference?: string; readonly ours?: string }

/** Lines that only one side has, in order; a replaced line is a pair. */
export function diffLines(reference: readonly string[], ours: readonly string[]): LineDifference[] {
  const lengths = commonLengths(reference, ours)
  const found: LineDifference[] = []
  let [left, right] = [0, 0]
  while (left < reference.length || right < ours.length) {
    const [there, here] = [reference[left], ours[right]]
    if (there === here) [left, right] = [left + 1, right + 1]
    else if (here === undefined || (there !== undefined
      && (lengths[left + 1]?.[right] ?? 0) >= (lengths[left]?.[right + 1] ?? 0))) {
      found.push({ reference: there ?? '' })
      left++
    } else {
      found.push({ ours: here })
      right++
    }
  }
  return pairs(found)
}

/** A line gone and a line come right after it are one line changed. */
function pairs(found: readonly LineDifference[]): LineDifference[] {
  const paired: LineDifference[] = []
  for (const each of found) {
    const last = paired.at(-1)
    if (each.ours !== undefined && last !== undefined && last.ours === undefined) {
      paired[paired.length - 1] = { ...last, ours: each.ours }
    } else paired.push(each)
  }
  return paired
}

/** `lengths[i][j]`: how many lines `a` from i and `b` from j have in common, in order. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--) {
    const [row, below] = [lengths[i] as Uint32Array, lengths[i + 1] as Uint32Array]
    for (let j = b.length - 1; j >= 0; j--) {
      row[j] = a[i] === b[j]
        ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  return lengths
}
