/**
 * The notation in which every kind is written once. A schema is plain data: from it come the static
 * type (`Infer`), decoding and type checking (`decode.ts`), OpenAPI (`openapi.ts`), protobuf
 * (`protobuf.ts`), strategic merge keys (`patch/`) and ownership keys for apply (`apply/`).
 */

export type ScalarKind =
  | 'string' | 'bool' | 'int32' | 'int64' | 'double'
  | 'bytes' | 'time' | 'microTime' | 'quantity' | 'intOrString'
  /** Any JSON value, `RawExtension` or `FieldsV1` on the wire: bytes holding JSON text. */
  | 'raw' | 'fieldsV1'

export interface ScalarType<T> {
  readonly kind: ScalarKind
  readonly __value?: T
}
export interface ListType<T> {
  readonly kind: 'list'
  readonly of: AnyType
  readonly __value?: T
}
export interface MapType<T> {
  readonly kind: 'map'
  readonly of: AnyType
  readonly __value?: T
}
export interface MessageType<T> {
  readonly kind: 'message'
  /** OpenAPI name, such as `io.k8s.api.core.v1.Pod`; the last part is the protobuf message. */
  readonly name: string
  readonly fields: Readonly<Record<string, Field>>
  /** Server-side apply owns the whole as one leaf (`x-kubernetes-map-type: atomic`). */
  readonly atomic: boolean
  readonly doc: string | undefined
  readonly union?: Union
  readonly __value?: T
}
/** Members that exclude each other, as OpenAPI tells it; `fields`: the discriminator's values. */
export interface Union {
  readonly discriminator?: string
  readonly fields: Readonly<Record<string, string>>
}
export type Type<T> = ScalarType<T> | ListType<T> | MapType<T> | MessageType<T>
export type AnyType = Type<unknown>

export interface FieldOptions {
  /** A Go pointer: kept in JSON even when zero, and absent stays absent. */
  readonly pointer?: true
  /** Listed under `required` in OpenAPI. */
  readonly required?: true
  /** One line, in our own words, shown by `kubectl explain`. */
  readonly doc?: string
  /** Allowed values as OpenAPI lists them; refusing others is the validation rules' work. */
  readonly enum?: readonly string[]
  /** Schema default, as OpenAPI prints it and as apply completes list keys. */
  readonly default?: unknown
  /** How server-side apply sees a list (default atomic) or a map (default granular). */
  readonly list?: 'atomic' | 'set' | 'map'
  readonly keys?: readonly string[]
  readonly map?: 'atomic' | 'granular'
  /** Strategic merge patch: `merge` with a key for lists of objects, without for scalars. */
  readonly merge?: true
  readonly mergeKey?: string
  readonly retainKeys?: true
  /** Strategic merge patch replaces a message that it would else merge. */
  readonly replace?: true
}

export interface Field extends FieldOptions {
  /** Protobuf field number. */
  readonly number: number
  readonly type: AnyType
  /** Always present in JSON, with its zero value when unset (Go without `omitempty`). */
  readonly always: boolean
  /** The message's fields stand directly in the parent in JSON. */
  readonly inline: boolean
}

interface TypedField<T, Always extends boolean, Inline extends boolean> extends Field {
  readonly always: Always
  readonly inline: Inline
  readonly __field?: T
}

type AnyTyped = TypedField<unknown, boolean, boolean>
type FieldValue<F> = F extends TypedField<infer T, boolean, boolean> ? T : never
type KeysWhere<F, Always extends boolean, Inline extends boolean> = {
  [K in keyof F]: F[K] extends TypedField<unknown, Always, Inline> ? K : never
}[keyof F]
type Inlined<F> = { [K in KeysWhere<F, boolean, true>]: FieldValue<F[K]> }[
  KeysWhere<F, boolean, true>
]
type UnionToIntersection<U> =
  (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void ? I : never
type Flat<T> = { [K in keyof T]: T[K] }
type ValueOf<F extends Record<string, AnyTyped>> = Flat<
  { [K in KeysWhere<F, true, false>]: FieldValue<F[K]> } &
  { [K in KeysWhere<F, false, false>]?: FieldValue<F[K]> } &
  ([KeysWhere<F, boolean, true>] extends [never] ? unknown : UnionToIntersection<Inlined<F>>)
>

/** The TypeScript type of a schema's JSON values. */
export type Infer<S> = S extends Type<infer T> ? T : never

const scalar = <T>(kind: ScalarKind): ScalarType<T> => ({ kind })

export const string = scalar<string>('string')
export const bool = scalar<boolean>('bool')
export const int32 = scalar<number>('int32')
export const int64 = scalar<number>('int64')
export const double = scalar<number>('double')
/** Base64 text in JSON. */
export const bytes = scalar<string>('bytes')
/** RFC 3339 in whole seconds, UTC, or null. */
export const time = scalar<string | null>('time')
/** RFC 3339 with exactly six fraction digits, UTC, or null. */
export const microTime = scalar<string | null>('microTime')
export const quantity = scalar<string>('quantity')
export const intOrString = scalar<number | string>('intOrString')
export const raw = scalar<unknown>('raw')
export const fieldsV1 = scalar<Record<string, unknown>>('fieldsV1')

/** A string restricted, for the type checker only, to known values. */
export const oneOf = <const T extends string>(..._values: readonly T[]): ScalarType<T> =>
  ({ kind: 'string' })

export const list = <T>(of: Type<T>): ListType<T[]> => ({ kind: 'list', of })
export const map = <T>(of: Type<T>): MapType<Record<string, T>> => ({ kind: 'map', of })

/** A field left out of JSON when zero, or absent when `pointer`. */
export const field = <T>(
  number: number, type: Type<T>, options?: FieldOptions,
): TypedField<T, false, false> => ({ number, type, always: false, inline: false, ...options })

/** A field that stands in JSON always, with its zero value when unset. */
export const always = <T>(
  number: number, type: Type<T>, options?: FieldOptions,
): TypedField<T, true, false> => ({ number, type, always: true, inline: false, ...options })

/** A sub-message on the wire whose fields stand directly in the parent in JSON. */
export const inline = <T>(number: number, type: MessageType<T>): TypedField<T, false, true> =>
  ({ number, type, always: false, inline: true })

/** One message. `name` is the OpenAPI schema name. */
export const message = <const F extends Record<string, AnyTyped>>(
  name: string, fields: F,
  options?: { readonly atomic?: true; readonly doc?: string; readonly union?: Union },
): MessageType<ValueOf<F>> => ({
  kind: 'message', name, fields, atomic: options?.atomic ?? false, doc: options?.doc,
  ...(options?.union === undefined ? {} : { union: options.union }),
})
