import { expect, test } from 'vitest'
import { Histogram, Labelled, Metrics, exponentialBounds } from './metrics.ts'

test('the text of counters, gauges and histograms, those of one name together', () => {
  const metrics = new Metrics()
  const sizes = new Histogram([1, 2.5])
  for (const value of [0.5, 1, 2, 9]) sizes.observe(value)
  metrics.add(() => [
    { name: 'b_sizes', help: 'Two\nlines.', type: 'histogram', samples: [{ value: sizes }] },
    { name: 'a_total', help: 'A.', type: 'counter', samples: [{ labels: { n: 'x' }, value: 1 }] },
  ])
  metrics.add(() => [
    { name: 'a_total', help: 'A.', type: 'counter', samples: [
      { labels: { n: 'a "b"\\\n' }, value: 0.00001 },
    ] },
  ])
  expect(metrics.text()).toBe(`# HELP a_total A.
# TYPE a_total counter
a_total{n="x"} 1
a_total{n="a \\"b\\"\\\\\\n"} 1e-05
# HELP b_sizes Two\\nlines.
# TYPE b_sizes histogram
b_sizes_bucket{le="1"} 2
b_sizes_bucket{le="2.5"} 3
b_sizes_bucket{le="+Inf"} 4
b_sizes_sum 12.5
b_sizes_count 4
`)
})

test('labels are bounded: what is too many is counted as other', () => {
  const counts = new Labelled(['who', 'what'], () => 0, 2)
  for (const who of ['a', 'b', 'c', 'd', 'a']) counts.update((before) => before + 1, who, 'x')
  expect(counts.entries().map(({ labels, value }) => [labels['who'], labels['what'], value]))
    .toEqual([['a', 'x', 2], ['b', 'x', 1], ['other', 'other', 2]])
})

test('bounds grow by a factor, with the rounding of the reference', () => {
  expect(exponentialBounds(1e-8, 10, 5)).toEqual(
    [1e-8, 1e-7, 1e-6, 9.999999999999999e-6, 9.999999999999999e-5])
  expect(exponentialBounds(2, 2, 15).at(-1)).toBe(32_768)
})
