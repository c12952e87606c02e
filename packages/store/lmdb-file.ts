import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

// The first two pages of lmdb's data format 2 are the meta pages, written in turn, of which the
// one with the newer transaction counts. Places are those of 64-bit little-endian machines.
const magic = 0xbeef_c0de
const dataVersion = 2
const at = { magic: 24, version: 28, pageSize: 48, lastPage: 144, transaction: 152 }
const metaBytes = 160

/** What the newer meta page says. */
export interface Meta {
  readonly pageSize: number
  /** Number of the last page that was ever used. */
  readonly lastPage: number
  readonly transaction: bigint
}

/**
 * Why lmdb could not work with this data file, or undefined. lmdb maps the file into memory, and a
 * process that touches a page behind the end of a cut file is killed: so this looks first.
 */
export function dataFileDamage(path: string): string | undefined {
  const file = openSync(path, 'r')
  try {
    const meta = readMeta(file)
    if (typeof meta === 'string') return meta
    const size = fstatSync(file).size
    const needed = (meta.lastPage + 1) * meta.pageSize
    return size < needed ? `it is cut: ${size} of ${needed} bytes are there` : undefined
  } finally {
    closeSync(file)
  }
}

/** The meta page that counts, or why there is none. */
export function readMeta(file: number): Meta | string {
  const first = readMetaPage(file, 0)
  if (first === undefined) return 'it does not start as an lmdb file'
  const second = readMetaPage(file, first.pageSize)
  if (second === undefined) return 'its second page is not that of an lmdb file'
  if (second.pageSize !== first.pageSize) return 'its first two pages do not fit together'
  return second.transaction > first.transaction ? second : first
}

function readMetaPage(file: number, start: number): Meta | undefined {
  const bytes = Buffer.alloc(metaBytes)
  if (readSync(file, bytes, 0, metaBytes, start) < metaBytes) return undefined
  if (bytes.readUInt32LE(at.magic) !== magic) return undefined
  if (bytes.readUInt32LE(at.version) !== dataVersion) return undefined
  const pageSize = bytes.readUInt32LE(at.pageSize)
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) return undefined
  const lastPage = Number(bytes.readBigUInt64LE(at.lastPage))
  return { pageSize, lastPage, transaction: bytes.readBigUInt64LE(at.transaction) }
}
