/** What Prometheus' text format knows of numbers, and no more. */

export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly labels?: Labels
  readonly value: number | Histogram
}

export interface MetricFamily {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly samples: readonly Sample[]
}

/** Counts of values up to each bound, in ascending order; what is above the last is in `count`. */
export class Histogram {
  readonly bounds: readonly number[]
  /** `buckets[i]` counts values up to `bounds[i]`. */
  readonly buckets: number[]
  count = 0
  sum = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.buckets = bounds.map(() => 0)
  }

  observe(value: number): void {
    this.count++
    this.sum += value
    for (let at = this.bounds.length - 1; at >= 0; at--) {
      if (value > (this.bounds[at] ?? 0)) break
      this.buckets[at] = (this.buckets[at] ?? 0) + 1
    }
  }
}

/**
 * Numbers by their labels. There are never more than `most` sets of labels, lest a client's words
 * fill the memory: what comes after that is counted together, each label being `other`.
 */
export class Labelled<T> {
  readonly #make: () => T
  readonly #names: readonly string[]
  readonly #most: number
  readonly #known = new Map<string, { readonly labels: Labels; value: T }>()

  constructor(names: readonly string[], make: () => T, most = 200) {
    this.#names = names
    this.#make = make
    this.#most = most
  }

  /** The number of these label values, in the order of the names. */
  of(...values: readonly string[]): T {
    return this.#entry(values).value
  }

  /** Sets it anew from what it was; for numbers that are no objects. */
  update(change: (before: T) => T, ...values: readonly string[]): void {
    const entry = this.#entry(values)
    entry.value = change(entry.value)
  }

  entries(): readonly { readonly labels: Labels; readonly value: T }[] {
    return [...this.#known.values()]
  }

  #entry(values: readonly string[]): { value: T } {
    const key = values.join('\n')
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const full = this.#known.size >= this.#most && values.some((one) => one !== 'other')
    if (full) return this.#entry(values.map(() => 'other'))
    const labels = Object.fromEntries(this.#names.map((name, at) => [name, values[at] ?? '']))
    const made = { labels, value: this.#make() }
    this.#known.set(key, made)
    return made
  }
}

/** Everything that one process counts; each part says what it has when somebody asks. */
export class Metrics {
  readonly #parts: (() => readonly MetricFamily[])[] = []

  add(part: () => readonly MetricFamily[]): void {
    this.#parts.push(part)
  }

  /** Families by name, those of several parts joined. */
  families(): readonly MetricFamily[] {
    const found = new Map<string, MetricFamily>()
    for (const family of this.#parts.flatMap((part) => part())) {
      const known = found.get(family.name)
      const samples = [...known?.samples ?? [], ...family.samples]
      found.set(family.name, { ...family, samples })
    }
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Prometheus text exposition format 0.0.4. */
  text(): string {
    return this.families().map(familyText).join('')
  }
}

export function familyText({ name, help, type, samples }: MetricFamily): string {
  const lines = samples.flatMap(({ labels = {}, value }) =>
    (typeof value === 'number'
      ? [`${name}${labelText(labels)} ${numberText(value)}`]
      : histogramLines(name, labels, value)))
  return `# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n` +
    `# TYPE ${name} ${type}\n${lines.map((line) => `${line}\n`).join('')}`
}

function histogramLines(name: string, labels: Labels, histogram: Histogram): string[] {
  const { bounds, buckets, count, sum } = histogram
  const bucket = (le: string, value: number): string =>
    `${name}_bucket${labelText({ ...labels, le })} ${value}`
  return [
    ...bounds.map((bound, at) => bucket(numberText(bound), buckets[at] ?? 0)),
    bucket('+Inf', count),
    `${name}_sum${labelText(labels)} ${numberText(sum)}`,
    `${name}_count${labelText(labels)} ${count}`,
  ]
}

function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return parts.length === 0 ? '' : `{${parts.join(',')}}`
}

const escaped = (value: string): string =>
  value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')

/** As Go prints them: small ones with an exponent, which has two digits at least. */
function numberText(value: number): string {
  if (value === Infinity) return '+Inf'
  const isSmall = value !== 0 && Math.abs(value) < 1e-4
  return (isSmall ? value.toExponential() : String(value)).replace(/e([+-])(\d)$/, 'e$10$2')
}

/**
 * `count` bounds from `first` on, each `factor` times the one before. The reference multiplies in
 * the same way, and its rounding shows in the bounds: queries over both have to find them equal.
 */
export function exponentialBounds(first: number, factor: number, count: number): number[] {
  const bounds = [first]
  while (bounds.length < count) bounds.push((bounds.at(-1) ?? 0) * factor)
  return bounds
}
