import { immutableCause, labelCauses } from '../../causes.ts'
import { byteLength } from '../../names.ts'
import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import { domainPathCauses } from './domain-path.ts'
import type { IngressClass, IngressClassParametersReference } from './ingress-class.ts'
import { objectCauses } from './ingress-rules.ts'

const controllerBytesMax = 250
const scopes = ['Cluster', 'Namespace']

export function defaultIngressClass({ spec }: IngressClass): void {
  if (spec?.parameters !== undefined) spec.parameters.scope ??= 'Cluster'
}

export const ingressClassGeneration = (next: IngressClass, before: IngressClass): boolean =>
  !sameValue(next.spec, before.spec)

export function validateIngressClass({ spec = {} }: IngressClass): Cause[] {
  return [...controllerCauses(spec.controller ?? ''), ...parametersCauses(spec.parameters)]
}

export function validateIngressClassUpdate(
  next: IngressClass, before: Stored<IngressClass>,
): Cause[] {
  const controller = next.spec?.controller ?? ''
  const found = controller === (before.spec?.controller ?? '')
    ? [] : [immutableCause('spec.controller', controller)]
  return [...found, ...validateIngressClass(next)]
}

function controllerCauses(controller: string): Cause[] {
  const field = 'spec.controller'
  return [
    ...(byteLength(controller) > controllerBytesMax
      ? [cause.tooLong(field, controllerBytesMax)] : []),
    ...domainPathCauses(field, controller),
  ]
}

function parametersCauses(parameters: IngressClassParametersReference | undefined): Cause[] {
  if (parameters === undefined) return []
  const at = 'spec.parameters'
  const { namespace } = parameters
  const scope = parameters.scope ?? undefined
  const found = objectCauses(parameters, at)
  if (scope === undefined) return [...found, cause.required(`${at}.scope`)]
  if (!scopes.includes(scope)) {
    found.push(cause.notSupported(`${at}.scope`, scope, scopes))
  } else if (scope === 'Cluster') {
    if (namespace !== undefined) {
      found.push(cause.forbidden(`${at}.namespace`, '`parameters.scope` is set to \'Cluster\''))
    }
  } else if (namespace === undefined) {
    found.push(cause.required(`${at}.namespace`, '`parameters.scope` is set to \'Namespace\''))
  } else {
    found.push(...labelCauses(`${at}.namespace`, namespace))
  }
  return found
}
