/**
 * Control planes side by side in one process, as tests start them: how long each takes once warm,
 * and what it adds to the memory. Run with `npx tsx bench/control-planes.bench.ts`; the last line
 * is JSON. `npm run bench` runs it from source with tsx; the packed bundle is no slower.
 */
import { startControlPlane } from '../packages/testing/index.ts'

const count = 20
const rounds = 5

{
  await using _warm = await startControlPlane({ nodes: 1 })
}
const each: number[] = []
let memory = 0
for (let round = 0; round < rounds; round++) {
  const before = process.memoryUsage().rss
  const from = performance.now()
  const planes = await Promise.all(
    Array.from({ length: count }, () => startControlPlane({ nodes: 1 })),
  )
  each.push((performance.now() - from) / count)
  memory = Math.max(memory, process.memoryUsage().rss - before)
  await Promise.all(planes.map((plane) => plane.close()))
}
const sorted = each.sort((a, b) => a - b)
console.log(JSON.stringify({
  'startControlPlane, one of 20 at once, ms': sorted[rounds >> 1],
  'memory of one of 20, MiB': memory / count / 2 ** 20,
}))
