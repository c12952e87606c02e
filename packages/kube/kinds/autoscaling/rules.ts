import { nonNegativeCauses } from '../../causes.ts'
import type { Stored } from '../../object.ts'
import { compareQuantities } from '../../quantity.ts'
import { type Cause, cause } from '../../status.ts'
import type {
  HPAScalingPolicy, HPAScalingRules, HorizontalPodAutoscaler, HorizontalPodAutoscalerSpec,
} from './autoscaler.ts'
import { cpuMetric, defaultCpuUtilization, withoutCarried } from './conversion.ts'
import { metricsCauses } from './metric-rules.ts'
import { referenceCauses } from './reference-rules.ts'

const windowSecondsMax = 3600
const periodSecondsMax = 1800

const upDefaults = (): HPAScalingRules => ({
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
})
const downDefaults = (): HPAScalingRules => ({
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
})

export function defaultAutoscaler(object: HorizontalPodAutoscaler): void {
  const spec = (object.spec ??= emptySpec())
  spec.minReplicas ??= 1
  if (!spec.metrics?.length) spec.metrics = [cpuMetric(defaultCpuUtilization)]
  const { behavior } = spec
  if (behavior !== undefined) {
    behavior.scaleUp = { ...upDefaults(), ...behavior.scaleUp }
    behavior.scaleDown = { ...downDefaults(), ...behavior.scaleDown }
  }
  if (object.metadata !== undefined) object.metadata = withoutCarried(object.metadata)
}

const emptySpec = (): HorizontalPodAutoscalerSpec =>
  ({ scaleTargetRef: { kind: '', name: '' }, maxReplicas: 0 })

export function prepareAutoscalerCreate(object: HorizontalPodAutoscaler): void {
  object.status = { desiredReplicas: 0, currentMetrics: null as never }
}

export function validateAutoscaler(object: HorizontalPodAutoscaler): Cause[] {
  return specCauses(object.spec ?? emptySpec(), undefined)
}

export function validateAutoscalerUpdate(
  next: HorizontalPodAutoscaler, before: Stored<HorizontalPodAutoscaler>,
): Cause[] {
  return specCauses(next.spec ?? emptySpec(), before.spec)
}

function specCauses(
  spec: HorizontalPodAutoscalerSpec, old: HorizontalPodAutoscalerSpec | undefined,
): Cause[] {
  const { minReplicas, maxReplicas } = spec
  const found: Cause[] = []
  const lowest = old?.minReplicas === 0 ? 0 : 1
  if (minReplicas !== undefined && minReplicas < lowest) {
    found.push(cause.invalid('spec.minReplicas', minReplicas,
      `must be greater than or equal to ${lowest}`))
  }
  if (maxReplicas === 0) {
    found.push(cause.required('spec.maxReplicas', 'must be set and greater than 0'))
  } else if (maxReplicas < 0) {
    found.push(cause.invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to 1'))
  }
  if (minReplicas !== undefined && maxReplicas < minReplicas) {
    found.push(cause.invalid('spec.maxReplicas', maxReplicas,
      'must be greater than or equal to `minReplicas`'))
  }
  const target = spec.scaleTargetRef
  const kept = old?.scaleTargetRef
  const checked = kept?.kind === target.kind && kept.apiVersion === target.apiVersion
    ? 'nothing' : target.kind === 'ReplicationController' ? 'form' : 'group'
  return [
    ...found,
    ...referenceCauses(target, 'spec.scaleTargetRef', checked),
    ...metricsCauses(spec),
    ...scalingCauses(spec.behavior?.scaleUp, 'spec.behavior.scaleUp'),
    ...scalingCauses(spec.behavior?.scaleDown, 'spec.behavior.scaleDown'),
  ]
}

function scalingCauses(rules: HPAScalingRules | undefined, at: string): Cause[] {
  if (rules === undefined) return []
  const found: Cause[] = []
  const { stabilizationWindowSeconds: window = 0, selectPolicy, policies = [], tolerance } = rules
  const field = `${at}.stabilizationWindowSeconds`
  if (window < 0) {
    found.push(cause.invalid(field, window, 'must be greater than or equal to zero'))
  }
  if (window > windowSecondsMax) {
    found.push(cause.invalid(field, window, `must be less than or equal to ${windowSecondsMax}`))
  }
  if (selectPolicy !== undefined && !['Max', 'Min', 'Disabled'].includes(selectPolicy)) {
    found.push(cause.notSupported(`${at}.selectPolicy`, selectPolicy, ['Max', 'Min', 'Disabled']))
  }
  if (policies.length === 0) {
    found.push(cause.required(`${at}.policies`, 'must specify at least one Policy'))
  }
  for (const [index, policy] of policies.entries()) {
    found.push(...policyCauses(policy, `${at}.policies[${index}]`))
  }
  if (tolerance !== undefined && compareQuantities(tolerance, '0') < 0) {
    found.push(cause.invalid(`${at}.tolerance`, tolerance, 'must be greater than or equal to 0'))
  }
  return found
}

function policyCauses({ type, value, periodSeconds }: HPAScalingPolicy, at: string): Cause[] {
  const found: Cause[] = []
  if (type !== 'Pods' && type !== 'Percent') {
    found.push(cause.notSupported(`${at}.type`, type, ['Pods', 'Percent']))
  }
  if (value <= 0) found.push(cause.invalid(`${at}.value`, value, 'must be greater than zero'))
  if (periodSeconds <= 0) {
    found.push(cause.invalid(`${at}.periodSeconds`, periodSeconds, 'must be greater than zero'))
  }
  if (periodSeconds > periodSecondsMax) {
    found.push(cause.invalid(`${at}.periodSeconds`, periodSeconds,
      `must be less than or equal to ${periodSecondsMax}`))
  }
  return found
}

export function validateAutoscalerStatus({ status }: HorizontalPodAutoscaler): Cause[] {
  return [
    ...nonNegativeCauses('status.currentReplicas', status?.currentReplicas),
    ...nonNegativeCauses('status.desiredReplicas', status?.desiredReplicas),
  ]
}
