/**
 * Cost of reading a body after `JSON.parse`: a clean EndpointSlice of 100 endpoints and a Pod of
 * 5 KB. Run with `npx tsx bench/decode.bench.ts`; prints microseconds, median of the rounds.
 */
import { decodeObject } from '../packages/kube/decode.ts'
import { endpointSlice } from '../packages/kube/kinds/endpoint-slice.ts'
import { pod } from '../packages/kube/kinds/pod/pod.ts'
import type { MessageType } from '../packages/kube/schema.ts'
import { samplePod, sampleSlice } from './samples.ts'

const rounds = 15, perRound = 300

for (const [name, schema, object] of [
  ['EndpointSlice of 100', endpointSlice, sampleSlice(100)], ['Pod', pod, samplePod()],
] as readonly (readonly [string, MessageType<unknown>, object])[]) {
  const text = JSON.stringify(object)
  const times = { parse: [] as number[], ignore: [] as number[], strict: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    const parsed = (): unknown[] =>
      Array.from({ length: perRound }, () => JSON.parse(text) as unknown)
    times.parse.push(timed(Array.from({ length: perRound }, () => text), (one) => {
      JSON.parse(one)
    }))
    times.ignore.push(timed(parsed(), (json) => decodeObject(schema, json, 'Ignore')))
    times.strict.push(timed(parsed(), (json) => decodeObject(schema, json, 'Strict', text)))
  }
  console.log(`${name} (${text.length} bytes): parse ${median(times.parse).toFixed(1)} µs, decode ${
    median(times.ignore).toFixed(1)} µs (Ignore), ${median(times.strict).toFixed(1)} µs (Strict)`)
}

function timed<T>(inputs: readonly T[], run: (input: T) => unknown): number {
  const start = process.hrtime.bigint()
  for (const input of inputs) run(input)
  return Number(process.hrtime.bigint() - start) / 1000 / inputs.length
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!
}
