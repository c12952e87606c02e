import type { Env } from '@slicewise/base'
import type { Registry, User } from '../contract.ts'
import type { Authenticator } from './authenticate.ts'
import type { Exchange } from './exchange.ts'
import type { BodyKinds } from './protobuf-body.ts'
import type { Reply } from './reply.ts'
import type { Routes } from './routes.ts'
import type { ServiceAccountTokens } from './service-account-tokens.ts'
import type { Target } from './target.ts'
import type { WatchGauge } from './watch-stream.ts'

/** One request as far as it is understood: who asks for what, and where the answer goes. */
export interface Request {
  readonly exchange: Exchange
  readonly reply: Reply
  readonly target: Target
  readonly user: User
}

/** What every answer may rest on. */
export interface Ground {
  readonly env: Env
  readonly registry: Registry
  readonly routes: Routes
  readonly kinds: BodyKinds
  readonly authenticator: Authenticator
  readonly tokens: ServiceAccountTokens
  readonly watches: WatchGauge
}
