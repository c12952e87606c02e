/** RFC 3339 in whole seconds, as metav1.Time is written. */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

/** Milliseconds of a metav1.Time; NaN for none. */
export function timeMs(text: string | null | undefined): number {
  return text == null ? NaN : Date.parse(text)
}
