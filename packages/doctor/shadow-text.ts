import { formatAge } from '@slicewise/kube'
import { limits } from './limits.ts'
import type { ShadowDifference, ShadowReport, ShadowedService } from './shadow.ts'

/** A report for a person: what differs, by Service, then the verdict. */
export function shadowText(report: ShadowReport, nowMs: number): string {
  return `${[...report.differing.flatMap((one) => serviceLines(one, nowMs)), verdict(report)]
    .join('\n')}\n`
}

/** One Service that differs. */
function serviceLines(
  { namespace, name, differences }: ShadowedService, nowMs: number,
): string[] {
  const matters = differences.filter((one) => one.matters)
  const shown = matters.slice(0, limits.reasonsMax).map((one) => `  ${line(one, nowMs)}`)
  const more = matters.length - shown.length
  return [
    `${namespace}/${name}: ${matters.length === 1 ? '1 difference' :
      `${matters.length} differences`}`,
    ...shown, ...(more > 0 ? [`  and ${more} more: --output json has them all`] : []), '',
  ]
}

function line(one: ShadowDifference, nowMs: number): string {
  const { id, slice, text, reason, lastWriter, controller } = one
  const classic = controller === 'endpoints-controller'
  const where = slice === undefined ? '' : `${classic ? 'endpoints' : 'slice'} ${slice}: `
  const by = lastWriter === undefined ? '' : `; last written by ${lastWriter.manager} ${
    formatAge(lastWriter.time, nowMs)} ago`
  return `${where}${text}, because ${reason}${by}  [${id}]`
}

function verdict(report: ShadowReport): string {
  const { services, endpoints, differing, packedOtherwise, unsettled } = report
  const of = `${services === 1 ? '1 Service' : `${services} Services`} with ${endpoints} endpoints`
  const packed = packedOtherwise === 0 ? ''
    : ` (${packedOtherwise} packed otherwise, which is no fault)`
  if (differing.length === 0) return `They agree: ${of}${packed}.`
  const moving = unsettled === 0 ? '' : `; ${unsettled} of them still in motion`
  return `They differ: ${differing.length} of ${of}${packed}${moving}.`
}
