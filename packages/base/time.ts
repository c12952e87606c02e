/** RFC 3339 text of a wall clock time in whole seconds, UTC: metav1.Time. */
export function seconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
