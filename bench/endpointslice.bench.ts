/**
 * What one Pod change costs the EndpointSlice controller, beside what it costs
 * kube-controller-manager. Run with `npx tsx bench/endpointslice.bench.ts [--reference] [--quick]`:
 * prints a table and, as the last line, the same as JSON. `--reference` adds the real components
 * (`parity/reference/build.sh` builds them, SLICEWISE_REFERENCE names their folder).
 */
import { type ReferenceFigures, measureReference } from './endpointslice/reference.ts'
import { type ChangeCost, measureChanges } from './endpointslice/changes.ts'
import {
  type ColdStart, type Rolling, measureColdStart, measureRolling,
} from './endpointslice/system.ts'

const quick = process.argv.includes('--quick')
const sizes = quick ? [1_000, 10_000] : [1_000, 10_000, 100_000]

interface Result {
  readonly node: string
  readonly changes: readonly ChangeCost[]
  readonly coldStart: ColdStart
  readonly rolling: Rolling
  readonly reference: ReferenceFigures | undefined
}

const changes = measureChanges(sizes, quick ? 3 : 9)
printChanges(changes)
const coldStart = await measureColdStart(10_000)
console.log(`cold start, ${coldStart.pods} Pods: ${coldStart.stateMs} ms from objects to plan, ${
  coldStart.totalMs} ms until ${coldStart.slices} slices are written (server in this process), ${
  coldStart.cpuMs} ms of CPU in all, heap ${coldStart.heapMiB} MiB`)
const rolling = await measureRolling(10_000, 500)
console.log(`rolling ${rolling.replaced} of ${rolling.pods}: ${rolling.writes} slice writes, lag ${
  rolling.lagMs} ms after the last Pod, ${rolling.cpuMs} ms of CPU in all`)
const reference = process.argv.includes('--reference')
  ? await measureReference(quick ? [1_000] : [1_000, 10_000]) : undefined
if (reference !== undefined) printReference(reference)

const result: Result = { node: process.version, changes, coldStart, rolling, reference }
console.log(JSON.stringify(result))

function printChanges(rows: readonly ChangeCost[]): void {
  console.log('one readiness flip: Change, state, plan, JSON of the slice, its event, state again')
  const line = (...cells: readonly (string | number)[]): void =>
    console.log(cells.map((cell) => String(cell).padStart(16)).join(''))
  line('Pods', 'CPU µs, median', 'least', 'most', 'wall µs, p99', 'places judged', 'heap MiB')
  for (const row of rows) {
    line(row.pods, row.cpuUs, row.cpuUsMin, row.cpuUsMax, row.wallUsP99, row.judged, row.heapMiB)
  }
}

function printReference(figures: ReferenceFigures): void {
  const { version, rows, unthrottled, floorMsP50, floorMsP99 } = figures
  console.log(`on kube-apiserver and etcd ${version}: two writes with their events take p50 ${
    floorMsP50} ms, p99 ${floorMsP99} ms`)
  for (const row of rows) {
    console.log(`${row.who}, ${row.pods} Pods: cold start ${row.coldStartMs} ms (CPU ${
      row.coldStartCpuMs} ms); a flip takes ${row.cpuMs} ms of CPU, is seen after p50 ${
      row.seenMsP50} ms, p99 ${row.seenMsP99} ms`)
  }
  for (const { pods, coldStartMs, coldStartCpuMs } of unthrottled) {
    console.log(`kube-controller-manager unthrottled, ${pods} Pods: cold start ${
      coldStartMs} ms (CPU ${coldStartCpuMs} ms)`)
  }
}
