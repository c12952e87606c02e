import {
  type ResourceSpec, StatusError, cause, decodeObject, invalid, tokenRequest,
} from '@slicewise/kube'
import type { Registry } from '../contract.ts'
import type { Routes } from './routes.ts'
import { type ServiceAccountTokens, type TokenClaims, issuer } from './service-account-tokens.ts'

const defaultSeconds = 3600
const secondsMin = 600
/** The reference's bound, 2^32 seconds. */
const secondsMax = 2 ** 32

const boundKinds = { Pod: 'pods', Node: 'nodes', Secret: 'secrets' } as const

interface TokenContext {
  readonly registry: Registry
  readonly routes: Routes
  readonly tokens: ServiceAccountTokens
  readonly accounts: ResourceSpec
  readonly namespace: string
  readonly name: string
  readonly nowMs: number
  readonly dryRun: boolean
}

/** `POST serviceaccounts/{name}/token`: a signed token for the account. */
export async function answerTokenRequest(context: TokenContext, body: unknown): Promise<object> {
  const { namespace, name } = context
  const account = context.registry.peek(context.accounts, namespace, name)
  if (account === undefined) {
    throw new StatusError('NotFound', `serviceaccounts "${name}" not found`, {
      details: { name, kind: 'serviceaccounts' },
    })
  }
  const { spec } = decodeObject(tokenRequest, body, 'Ignore').value
  const seconds = spec?.expirationSeconds ?? defaultSeconds
  const range = rangeFault(seconds)
  if (range !== undefined) {
    throw invalid('TokenRequest', 'authentication.k8s.io', '',
      [cause.invalid('spec.expirationSeconds', seconds, range)])
  }
  const audiences = spec?.audiences?.length ? spec.audiences : [issuer]
  const bound = boundTo(context, spec?.boundObjectRef)
  const claims: TokenClaims = {
    namespace, name, uid: account.uid, audiences, expirationSeconds: seconds,
    ...(bound === undefined ? {} : { bound }),
  }
  const signed = context.dryRun
    ? { token: '', expiresMs: context.nowMs + seconds * 1000 }
    : await context.tokens.sign(claims)
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, uid: account.uid, creationTimestamp: timeText(context.nowMs) },
    spec: {
      audiences, expirationSeconds: seconds, boundObjectRef: spec?.boundObjectRef ?? null,
    },
    status: { token: signed.token, expirationTimestamp: timeText(signed.expiresMs) },
  }
}

function rangeFault(seconds: number): string | undefined {
  if (seconds < secondsMin) return 'may not specify a duration less than 10 minutes'
  return seconds > secondsMax ? 'may not specify a duration larger than 2^32 seconds' : undefined
}

interface Reference {
  readonly kind?: string
  readonly name?: string
  readonly uid?: string
}

function boundTo(
  context: TokenContext, ref: Reference | null | undefined,
): TokenClaims['bound'] {
  if (ref === undefined || ref === null) return undefined
  const kind = ref.kind ?? ''
  if (!Object.hasOwn(boundKinds, kind)) {
    throw new StatusError('BadRequest',
      `cannot bind token for serviceaccount "${context.name}" to object type ` +
      `kind=${JSON.stringify(kind)}`)
  }
  const resource = boundKinds[kind as keyof typeof boundKinds]
  const spec = context.routes.find('', 'v1', resource)
  const name = ref.name ?? ''
  const found = spec && context.registry.peek(spec, spec.namespaced ? context.namespace : '', name)
  if (found === undefined) {
    throw new StatusError('NotFound', `${resource} "${name}" not found`, {
      details: { name, kind: resource },
    })
  }
  if ((ref.uid ?? '') !== '' && ref.uid !== found.uid) {
    throw new StatusError('Conflict',
      `Operation cannot be fulfilled on ${resource} "${name}": the UID in the bound object ` +
      `reference (${ref.uid}) does not match the UID in record`, {
        details: { name, kind: resource },
      })
  }
  return { kind: kind as keyof typeof boundKinds, name, uid: found.uid }
}

const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`
