let lastSecond = NaN
let lastText = ''

/** RFC 3339 in whole seconds, as metav1.Time is written. */
export function timeText(ms: number): string {
  const second = Math.floor(ms / 1000)
  if (second !== lastSecond) {
    lastText = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`
    lastSecond = second
  }
  return lastText
}

/** Milliseconds of a metav1.Time; NaN for none. */
export function timeMs(text: string | null | undefined): number {
  return text == null ? NaN : Date.parse(text)
}
