import {
  type Infer, always, bool, field, int64, list, map, message, string, time,
} from '../schema.ts'
import { objectMeta } from './meta.ts'

const pkg = 'io.k8s.api.authentication.v1.'

export const userInfo = message(`${pkg}UserInfo`, {
  username: field(1, string),
  uid: field(2, string),
  groups: field(3, list(string), { list: 'atomic' }),
  extra: field(4, map(list(string))),
})
export interface UserInfo extends Infer<typeof userInfo> {}

export const boundObjectReference = message(`${pkg}BoundObjectReference`, {
  kind: field(1, string),
  apiVersion: field(2, string),
  name: field(3, string),
  uid: field(4, string),
})
export interface BoundObjectReference extends Infer<typeof boundObjectReference> {}

export const tokenRequestSpec = message(`${pkg}TokenRequestSpec`, {
  audiences: always(1, list(string), { list: 'atomic' }),
  expirationSeconds: always(4, int64, { pointer: true }),
  boundObjectRef: always(3, boundObjectReference, { pointer: true }),
})
export interface TokenRequestSpec extends Infer<typeof tokenRequestSpec> {}

export const tokenRequestStatus = message(`${pkg}TokenRequestStatus`, {
  token: always(1, string),
  expirationTimestamp: always(2, time),
})
export interface TokenRequestStatus extends Infer<typeof tokenRequestStatus> {}

export const tokenRequest = message(`${pkg}TokenRequest`, {
  metadata: field(1, objectMeta),
  spec: always(2, tokenRequestSpec),
  status: field(3, tokenRequestStatus),
}, { doc: 'Asks for a token of a service account.' })
export interface TokenRequest extends Infer<typeof tokenRequest> {}

export const tokenReviewSpec = message(`${pkg}TokenReviewSpec`, {
  token: field(1, string, { required: true }),
  audiences: field(2, list(string), { list: 'atomic' }),
})
export interface TokenReviewSpec extends Infer<typeof tokenReviewSpec> {}

export const tokenReviewStatus = message(`${pkg}TokenReviewStatus`, {
  authenticated: field(1, bool),
  user: field(2, userInfo),
  audiences: field(4, list(string), { list: 'atomic' }),
  error: field(3, string),
})
export interface TokenReviewStatus extends Infer<typeof tokenReviewStatus> {}

export const tokenReview = message(`${pkg}TokenReview`, {
  metadata: field(1, objectMeta),
  spec: always(2, tokenReviewSpec, { required: true }),
  status: field(3, tokenReviewStatus),
}, { doc: 'Asks whose token this is.' })
export interface TokenReview extends Infer<typeof tokenReview> {}

export const selfSubjectReviewStatus = message(`${pkg}SelfSubjectReviewStatus`, {
  userInfo: field(1, userInfo),
})
export interface SelfSubjectReviewStatus extends Infer<typeof selfSubjectReviewStatus> {}

export const selfSubjectReview = message(`${pkg}SelfSubjectReview`, {
  metadata: field(1, objectMeta),
  status: field(2, selfSubjectReviewStatus),
}, { doc: 'Asks who the caller is.' })
export interface SelfSubjectReview extends Infer<typeof selfSubjectReview> {}
