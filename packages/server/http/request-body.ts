import type { Readable } from 'node:stream'
import type { Env } from '@slicewise/base'
import { StatusError } from '@slicewise/kube'
import { limits } from './limits.ts'

export const bodyTooLarge = (): StatusError => new StatusError(
  'RequestEntityTooLarge', `Request entity too large: limit is ${limits.bodyBytes}`)

/**
 * Collects a request's body. Too much of it, or too slow: refused, and the rest is thrown away so
 * that the refusal can be read; `cut` ends the exchange when the rest does not end either.
 */
export function readBody(
  env: Env, source: Readable, declared: string | undefined, cut: () => void,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const timer = env.after(limits.bodyMs, () => {
      refuse(new StatusError('Timeout', 'the request body did not arrive in time'))
    })
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      if (size > limits.bodyBytes) return refuse(bodyTooLarge())
      chunks.push(chunk)
    }
    const finish = (): void => {
      timer()
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size))
    }
    const lost = (): void => {
      timer()
      reject(new StatusError('BadRequest', 'the request body ended early'))
    }
    const refuse = (error: StatusError): void => {
      timer()
      source.off('data', onData).off('end', finish).off('close', lost)
      source.resume()
      const cancel = env.after(limits.refusedBodyMs, cut)
      source.once('close', cancel)
      reject(error)
    }
    if (declared !== undefined && Number(declared) > limits.bodyBytes) {
      return refuse(bodyTooLarge())
    }
    source.on('data', onData).once('end', finish).once('error', lost).once('close', lost)
  })
}
