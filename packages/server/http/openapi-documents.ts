import type { Env } from '@slicewise/base'
import type { ResourceSpec } from '@slicewise/kube'
import type { Request } from './front.ts'

export class OpenApiDocuments {
  constructor(_env: Env, _resources: readonly ResourceSpec[]) {}

  async answer(request: Request, _segments: readonly string[]): Promise<boolean> {
    await request.reply.value(200, { paths: {} })
    return true
  }
}
