import { formatAge } from '@slicewise/kube'
import type { Finding } from './findings.ts'
import { limits } from './limits.ts'
import { nextCommands } from './next.ts'
import { some } from './standing.ts'
import type { PodReport } from './why-pod.ts'
import { type ServiceReport, selectorText } from './why-service.ts'
import type { Unread } from './world.ts'

/** A report for a person: the verdict, the reasons, what stands there, what to do next. */
export function serviceText(report: ServiceReport, nowMs: number): string {
  const { namespace, name } = report
  return layOut([
    [`Service ${namespace}/${name} ${serviceVerdict(report)}`],
    factsOf(report),
    reasons(report.findings, nowMs),
    standing(report),
    unreadLines(report.unread),
    section('Next', nextCommands(report)),
  ])
}

export function podText(report: PodReport, nowMs: number): string {
  const { namespace, name } = report
  const services = report.services.map((one) => `service/${one.name}: ${
    one.state === 'no endpoint' ? 'it is no endpoint of it' : `${one.state} endpoint`}${
    one.addresses.length > 0 ? ` ${one.addresses.join(', ')}` : ''}`)
  return layOut([
    [`Pod ${namespace}/${name} ${podVerdict(report)}`],
    report.verdict === 'not there' ? []
      : [`  labels ${selectorText(report.labels)}${report.node ? ` · Node ${report.node}` : ''}`],
    section('Services that select it', services),
    reasons(report.findings, nowMs),
    unreadLines(report.unread),
    section('Next', nextCommands(report)),
  ])
}

const layOut = (sections: readonly (readonly string[])[]): string =>
  `${sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n')}\n`

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)]
}

const endpointsWord = (count: number): string => (count === 1 ? '1 endpoint' : `${count} endpoints`)

/** The verdict in one sentence. */
export function serviceVerdict(report: ServiceReport): string {
  const { verdict, findings, ready, wanted } = report
  const [first] = findings
  const has = (id: Finding['id']): Finding | undefined => findings.find((one) => one.id === id)
  if (verdict === 'not there') return 'does not exist.'
  if (verdict === 'unknown') {
    const what = has('ServiceUnread') ? 'it' : has('PodsUnread') ? 'its Pods' : 'its slices'
    return `cannot be explained: ${what} could not be read.`
  }
  if (verdict === 'as it should') {
    if (has('ExternalName')) return `${clause(has('ExternalName'))}; it has no endpoints.`
    const standing = report.slices.reduce((sum, { endpoints }) => sum + endpoints, 0)
    if (has('NoSelector')) {
      if (standing === 0) return 'has no selector, and nobody has made endpoints for it.'
      return `has no selector; ${endpointsWord(standing)} ${
        standing === 1 ? 'stands' : 'stand'} there, kept by hand.`
    }
    const zero = has('ScaledToZero')
    if (zero && wanted === 0) return `has no endpoints, because ${zero.about} is scaled to zero.`
    if (wanted === 1) return 'has its endpoint, ready.'
    return `has its ${endpointsWord(wanted)}, all ready.`
  }
  if (has('NoPodsMatch')) return 'has no endpoints: no Pod has the labels that it selects.'
  if (has('WorkloadMakesNoPods')) return 'has no endpoints: its Pods were not made.'
  if (has('NoSelector')) return 'has no selector, and what stands there for it is wrong.'
  if (wanted === 0) return 'has no endpoints: all of its Pods have ended or are on their way out.'
  if (ready < wanted) return `has ${ready} of ${endpointsWord(wanted)} ready.`
  const inSlices = first !== undefined && /^(slice|endpoint|service)/.test(first.about)
  return inSlices
    ? `has ${endpointsWord(ready)} that should be ready, but its slices say something else.`
    : `has ${endpointsWord(ready)} ready, but not with all of its ports and families.`
}

const clause = (finding: Finding | undefined): string =>
  (finding?.text ?? '').replace(/^it is/, 'is')

function podVerdict({ verdict, services }: PodReport): string {
  if (verdict === 'not there') return 'does not exist.'
  if (verdict === 'unknown') return 'cannot be explained: too little of it could be read.'
  if (services.length === 0) return 'is an endpoint of nothing: no Service selects it.'
  const ready = services.filter(({ state }) => state === 'ready').length
  const count = services.length === 1 ? '1 Service' : `${services.length} Services`
  if (verdict === 'as it should') return `is a ready endpoint of ${count}.`
  return ready === services.length
    ? `is an endpoint of ${count}, and does not offer all that they ask for.`
    : `is a ready endpoint of ${ready} of ${count} that ${
      services.length === 1 ? 'selects' : 'select'} it.`
}

function factsOf(report: ServiceReport): string[] {
  if (report.type === '' || report.type === 'ExternalName') return []
  const facts = [
    report.type,
    ...(report.selector === undefined ? [] : [`selects ${selectorText(report.selector)}`]),
    ...(report.ports.length === 0 ? [] : [`ports ${report.ports.join(', ')}`]),
    report.families.join(' and '),
  ]
  return [`  ${facts.filter((one) => one !== '').join(' · ')}`]
}

/** Findings that say the same are told once, with the names of all. */
function reasons(findings: readonly Finding[], nowMs: number): string[] {
  const faults = findings.filter(({ severity }) => severity === 'fault')
  const notices = findings.filter(({ id, severity }) =>
    severity === 'notice' && !saidBefore.has(id))
  const why = section('Why', grouped(faults, nowMs))
  const also = section('Worth knowing', grouped(notices, nowMs))
  return why.length > 0 && also.length > 0 ? [...why, '', ...also] : [...why, ...also]
}

/** Notices that the verdict has told already, or that are noise where nothing is wrong. */
const saidBefore = new Set<Finding['id']>([
  'NoSelector', 'ExternalName', 'ScaledToZero', 'LabelsDiffer', 'OtherNamespace',
])

function grouped(findings: readonly Finding[], nowMs: number): string[] {
  const groups = new Map<string, Finding[]>()
  for (const one of findings) {
    const key = `${one.id} ${one.text}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  const lines = [...groups.values()].map((group) => reasonLine(group, nowMs))
  const more = lines.length - limits.reasonsMax
  const told = lines.slice(0, limits.reasonsMax)
  if (more > 0) told.push(`and ${more} more: --output json has them all`)
  return told
}

function reasonLine(group: readonly Finding[], nowMs: number): string {
  const [first] = group as [Finding]
  const since = group.map((one) => one.since ?? '')
    .filter((one) => !Number.isNaN(Date.parse(one))).sort()[0]
  const about = group.length === 1 ? first.about : some(group.map((one) => one.about))
  const age = since === undefined ? '' : `, since ${formatAge(since, nowMs)}`
  const { lastWriter, lastWritten } = first.details ?? {}
  const by = lastWriter === undefined ? ''
    : `, last written by ${lastWriter} ${formatAge(String(lastWritten ?? ''), nowMs)} ago`
  return `${about}: ${first.text}${age}${by}  [${first.id}]`
}

function standing({ slices, endpoints, name, differences }: ServiceReport): string[] {
  const lines = slices.slice(0, limits.slicesMax).map((slice) =>
    `slice ${slice.name}  ${slice.family}  ${slice.ports}  ${endpointsWord(slice.endpoints)}, ${
      slice.ready} ready  (${slice.manager || 'by hand'})`)
  if (slices.length > limits.slicesMax) lines.push(`and ${slices.length - limits.slicesMax} more`)
  if (endpoints !== undefined) {
    lines.push(`endpoints/${name}  ${endpoints.ready} ready, ${endpoints.notReady} not`)
  }
  const packing = differences.some(({ id, matters }) => !matters && id !== 'SliceMissing')
  if (packing) lines.push('packed otherwise than usual, which is no fault')
  return section('What stands there', lines)
}

const unreadLines = (unread: readonly Unread[]): string[] =>
  section('Could not be read', unread.map(({ what, why, message }) =>
    `${what}: ${why === 'Forbidden' ? 'no right to' : message}`))
