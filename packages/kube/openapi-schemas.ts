import { hasTypeMeta, jsonFields } from './decode-plan.ts'
import type { AnyType, Field, MessageType, Union } from './schema.ts'

/** JSON of an OpenAPI schema object. */
export type Schema = Readonly<Record<string, unknown>>

export interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1.'
export const refTo = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

/** Schemas that no message describes, by name. */
const special: Readonly<Record<string, Schema>> = {
  [`${meta}Time`]: {
    description: 'A moment in RFC 3339 form, in whole seconds.',
    type: 'string', format: 'date-time',
  },
  [`${meta}MicroTime`]: {
    description: 'A moment in RFC 3339 form, with six fraction digits.',
    type: 'string', format: 'date-time',
  },
  'io.k8s.apimachinery.pkg.api.resource.Quantity': {
    description: 'A number with a unit, such as 100m, 1.5Gi or 2e3.',
    oneOf: [{ type: 'string' }, { type: 'number' }],
  },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': {
    description: 'A whole number, or a text such as a port name or a percentage.',
    format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }],
  },
  'io.k8s.apimachinery.pkg.runtime.RawExtension': {
    description: 'Any object.', type: 'object',
  },
  [`${meta}FieldsV1`]: {
    description: 'A tree of field names: which fields a manager owns.', type: 'object',
  },
  [`${meta}Patch`]: {
    description: 'A patch in the form that the Content-Type names.', type: 'object',
  },
}

const scalarNames: Readonly<Record<string, string>> = {
  time: `${meta}Time`, microTime: `${meta}MicroTime`,
  quantity: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  intOrString: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  raw: 'io.k8s.apimachinery.pkg.runtime.RawExtension', fieldsV1: `${meta}FieldsV1`,
}

const plainScalars: Readonly<Record<string, Schema>> = {
  string: { type: 'string' }, bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' }, int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' }, bytes: { type: 'string', format: 'byte' },
}

const zeroes: Readonly<Record<string, unknown>> = {
  string: '', bool: false, int32: 0, int64: 0, double: 0,
}

/** Gathers component schemas: those added and all they refer to. */
export class SchemaSet {
  readonly #found = new Map<string, Schema>()
  readonly #kinds: ReadonlyMap<string, readonly GroupVersionKind[]>

  /** `kinds` tells which schema is the body of which kinds, by schema name. */
  constructor(kinds: ReadonlyMap<string, readonly GroupVersionKind[]>) {
    this.#kinds = kinds
  }

  /** By name, sorted. */
  all(): Readonly<Record<string, Schema>> {
    return Object.fromEntries([...this.#found].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  addMessage(type: MessageType<unknown>): Schema {
    if (!this.#found.has(type.name)) {
      this.#found.set(type.name, {})
      this.#found.set(type.name, this.#messageSchema(type))
    }
    return refTo(type.name)
  }

  addSpecial(name: string): Schema {
    this.#found.set(name, special[name]!)
    return refTo(name)
  }

  addLiteral(name: string, schema: Schema): Schema {
    this.#found.set(name, schema)
    return refTo(name)
  }

  /** The schema of a list of a kind: the kind's name and `List`. */
  addList(
    of: MessageType<unknown>, listMeta: MessageType<unknown>, kind: GroupVersionKind,
  ): Schema {
    return this.addLiteral(`${of.name}List`, {
      description: `A list of objects of kind ${kind.kind}.`,
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion: apiVersionProperty,
        items: {
          description: 'The objects.', type: 'array',
          items: { default: {}, allOf: [this.addMessage(of)] },
        },
        kind: kindProperty,
        metadata: {
          description: 'Revision of the list and where it continues.',
          default: {}, allOf: [this.addMessage(listMeta)],
        },
      },
      'x-kubernetes-group-version-kind': [{ ...kind, kind: `${kind.kind}List` }],
    })
  }

  #messageSchema(type: MessageType<unknown>): Schema {
    const properties: Record<string, Schema> = {}
    const required: string[] = []
    if (hasTypeMeta(type)) {
      properties['apiVersion'] = apiVersionProperty
      properties['kind'] = kindProperty
    }
    for (const [name, field] of jsonFields(type)) {
      properties[name] = this.#property(field)
      if (field.required) required.push(name)
    }
    const kinds = this.#kinds.get(type.name)
    return {
      ...(type.doc === undefined ? {} : { description: type.doc }),
      type: 'object',
      ...(required.length === 0 ? {} : { required }),
      properties: Object.fromEntries(
        Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1))),
      ...(type.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
      ...(type.union === undefined ? {} : { 'x-kubernetes-unions': [unionOf(type.union)] }),
      ...(kinds === undefined ? {} : { 'x-kubernetes-group-version-kind': kinds }),
    }
  }

  #property(field: Field): Schema {
    const { type } = field
    const described = field.doc === undefined ? {} : { description: field.doc }
    const preset = defaultOf(field)
    const start = { ...described, ...(preset === undefined ? {} : { default: preset }) }
    switch (type.kind) {
      case 'list':
        return {
          ...start, type: 'array', items: this.#element(type.of, field.enum), ...extensions(field),
        }
      case 'map':
        return {
          ...start, type: 'object', additionalProperties: this.#element(type.of, field.enum),
          ...extensions(field),
        }
      case 'message': return { ...start, allOf: [this.addMessage(type)], ...extensions(field) }
      default: {
        const name = scalarNames[type.kind]
        if (name !== undefined) return { ...start, allOf: [this.addSpecial(name)] }
        return {
          ...start, ...plainScalars[type.kind],
          ...(field.enum === undefined ? {} : { enum: [...field.enum].sort() }),
        }
      }
    }
  }

  /** Of a list or map. */
  #element(type: AnyType, values?: readonly string[]): Schema {
    const enumerated = values === undefined ? {} : { enum: [...values].sort() }
    switch (type.kind) {
      case 'list': return { type: 'array', items: this.#element(type.of) }
      case 'map': return { type: 'object', additionalProperties: this.#element(type.of) }
      case 'message': return { default: {}, allOf: [this.addMessage(type)] }
      default: {
        const name = scalarNames[type.kind]
        if (name !== undefined) return this.addSpecial(name)
        const zero = zeroes[type.kind]
        const preset = zero === undefined ? {} : { default: zero }
        return { ...plainScalars[type.kind], ...preset, ...enumerated }
      }
    }
  }
}

const apiVersionProperty: Schema = {
  description: 'Group and version of the form the object is written in.', type: 'string',
}
const kindProperty: Schema = { description: 'The kind of the object.', type: 'string' }

function defaultOf(field: Field): unknown {
  if (field.default !== undefined) return field.default
  if (field.pointer) return undefined
  if (field.type.kind === 'message') return {}
  return field.always ? zeroes[field.type.kind] : undefined
}

const unionOf = ({ discriminator, fields }: Union): Schema => ({
  ...(discriminator === undefined ? {} : { discriminator }),
  'fields-to-discriminateBy': fields,
})

function extensions(field: Field): Schema {
  const strategies = [
    field.merge ? 'merge' : '', field.retainKeys ? 'retainKeys' : '',
    field.replace ? 'replace' : '',
  ]
    .filter((strategy) => strategy !== '')
  return {
    ...(field.keys === undefined ? {} : { 'x-kubernetes-list-map-keys': field.keys }),
    ...(field.list === undefined ? {} : { 'x-kubernetes-list-type': field.list }),
    ...(field.map === undefined ? {} : { 'x-kubernetes-map-type': field.map }),
    ...(field.mergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': field.mergeKey }),
    ...(strategies.length === 0 ? {} : { 'x-kubernetes-patch-strategy': strategies.join(',') }),
  }
}
