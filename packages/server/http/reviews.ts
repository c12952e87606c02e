import {
  type ResourceSpec, StatusError, cause, decodeObject, invalid, localSubjectAccessReview,
  selfSubjectAccessReview, selfSubjectRulesReview, subjectAccessReview, tokenReview,
} from '@slicewise/kube'
import type { User } from '../contract.ts'
import { type Authenticator, anonymous } from './authenticate.ts'
import { apiVersionOf } from './spliced.ts'
import { issuer } from './service-account-tokens.ts'

/** What a review needs to know beside its body. */
export interface ReviewContext {
  readonly spec: ResourceSpec
  readonly namespace: string
  readonly user: User
  readonly authenticator: Authenticator
  readonly nowMs: number
}

type Review = (context: ReviewContext, body: unknown) => object | Promise<object>

/** Questions that are posted as objects and answered in their status; nothing is stored. */
const reviews: Readonly<Record<string, Review>> = {
  selfsubjectaccessreviews: reviewOwnAccess,
  subjectaccessreviews: (context, body) => reviewAccess(context, body, false),
  localsubjectaccessreviews: (context, body) => reviewAccess(context, body, true),
  selfsubjectrulesreviews: reviewOwnRules,
  selfsubjectreviews: reviewSelf,
  tokenreviews: reviewToken,
}

const reviewGroups = new Set(['authorization.k8s.io', 'authentication.k8s.io'])

export const isReview = (spec: ResourceSpec): boolean =>
  reviewGroups.has(spec.group) && Object.hasOwn(reviews, spec.resource)

/** The answered review, complete with kind and apiVersion. */
export async function answerReview(context: ReviewContext, body: unknown): Promise<object> {
  const { spec } = context
  checkType(spec, body)
  const answered = await (reviews[spec.resource] as Review)(context, body)
  return { kind: spec.kind, apiVersion: apiVersionOf(spec), metadata: {}, ...answered }
}

function checkType(spec: ResourceSpec, body: unknown): void {
  const { kind, apiVersion } = (body ?? {}) as { kind?: unknown; apiVersion?: unknown }
  const fits = (kind === undefined || kind === '' || kind === spec.kind)
    && (apiVersion === undefined || apiVersion === '' || apiVersion === apiVersionOf(spec))
  if (typeof body === 'object' && body !== null && !Array.isArray(body) && fits) return
  throw new StatusError('BadRequest',
    `the object provided is unrecognized (must be of type ${spec.kind})`)
}

interface Attributes {
  readonly resourceAttributes?: object | undefined
  readonly nonResourceAttributes?: object | undefined
}

function checkAttributes(spec: Attributes): void {
  const { resourceAttributes, nonResourceAttributes } = spec
  const detail = resourceAttributes === undefined
    ? 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
    : 'cannot be specified in combination with resourceAttributes'
  if ((resourceAttributes === undefined) !== (nonResourceAttributes === undefined)) return
  const field = resourceAttributes === undefined
    ? 'spec.resourceAttributes' : 'spec.nonResourceAttributes'
  const value = resourceAttributes === undefined ? null : nonResourceAttributes
  throw invalid('', 'authorization.k8s.io', '', [cause.invalid(field, value, detail)])
}

/** Who has credentials may do everything: permissions are stored, and nothing enforces them. */
function statusFor(groups: readonly string[], spec: Attributes): object {
  const unauthenticated = groups.includes('system:unauthenticated')
  const path = (spec.nonResourceAttributes as { path?: string } | undefined)?.path ?? ''
  const allowed = !unauthenticated || /^\/(healthz|livez|readyz|version)(\/|$)/.test(path)
  if (!allowed) return { allowed, reason: 'requests without credentials are refused' }
  return groups.includes('system:masters') ? { allowed }
    : { allowed, reason: 'every authenticated user is allowed everything on this server' }
}

function reviewOwnAccess({ user }: ReviewContext, body: unknown): object {
  const { spec } = decodeObject(selfSubjectAccessReview, body, 'Ignore').value
  const attributes: Attributes = spec ?? {}
  checkAttributes(attributes)
  return { spec, status: statusFor(user.groups, attributes) }
}

function reviewAccess(context: ReviewContext, body: unknown, local: boolean): object {
  const schema = local ? localSubjectAccessReview : subjectAccessReview
  const { spec = {} } = decodeObject(schema, body, 'Ignore').value
  checkAttributes(spec)
  const groups = spec.groups ?? []
  if ((spec.user ?? '') === '' && groups.length === 0) {
    throw invalid('', 'authorization.k8s.io', '', [
      cause.invalid('spec.user', '', 'at least one of user or group must be specified'),
    ])
  }
  const namespace = (spec.resourceAttributes as { namespace?: string } | undefined)?.namespace
  if (local && namespace !== context.namespace) {
    throw invalid('', 'authorization.k8s.io', '', [
      cause.invalid('spec.resourceAttributes.namespace', namespace ?? '',
        'must match metadata.namespace'),
    ])
  }
  const known = spec.user === anonymous.name ? anonymous.groups : groups
  return {
    ...(local ? { metadata: { namespace: context.namespace } } : {}),
    spec,
    status: statusFor(known, spec),
  }
}

function reviewOwnRules(_context: ReviewContext, body: unknown): object {
  const { spec } = decodeObject(selfSubjectRulesReview, body, 'Ignore').value
  if ((spec?.namespace ?? '') === '') {
    throw new StatusError('BadRequest', 'no namespace on request')
  }
  return {
    spec: {},
    status: {
      resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      incomplete: false,
    },
  }
}

const userInfo = (user: User): object => ({
  username: user.name,
  ...(user.uid === undefined ? {} : { uid: user.uid }),
  groups: user.groups,
  ...(user.extra === undefined ? {} : { extra: user.extra }),
})

function reviewSelf({ user, nowMs }: ReviewContext): object {
  return {
    metadata: { creationTimestamp: `${new Date(nowMs).toISOString().slice(0, 19)}Z` },
    status: { userInfo: userInfo(user) },
  }
}

async function reviewToken({ authenticator }: ReviewContext, body: unknown): Promise<object> {
  const { spec = {} } = decodeObject(tokenReview, body, 'Ignore').value
  if ((spec.token ?? '') === '') {
    throw new StatusError('BadRequest',
      'token is required for TokenReview in authentication')
  }
  const wanted = spec.audiences?.length ? spec.audiences : [issuer]
  const user = await authenticator.userOfToken(spec.token ?? '', wanted)
  if (user === undefined) return { spec, status: { user: {}, error: 'invalid bearer token' } }
  return {
    spec,
    status: { authenticated: true, user: userInfo(user), audiences: wanted },
  }
}
