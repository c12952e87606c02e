import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

// A page of lmdb's data format 2 starts with 24 bytes of header; the first two pages are the
// meta pages, written in turn, of which the one with the newer transaction counts.
const headerBytes = 24
const magic = 0xbeef_c0de
const dataVersion = 2
const at = { magic: 24, version: 28, pageSize: 48, lastPage: 144, transaction: 152 }
const metaBytes = 160

interface Meta {
  readonly pageSize: number
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
    const size = fstatSync(file).size
    const first = readMeta(file, 0)
    if (first === undefined) return 'it does not start as an lmdb file'
    const second = readMeta(file, first.pageSize)
    if (second === undefined) return 'its second page is not that of an lmdb file'
    if (second.pageSize !== first.pageSize) return 'its first two pages do not fit together'
    const meta = second.transaction > first.transaction ? second : first
    const needed = (meta.lastPage + 1) * meta.pageSize
    return size < needed ? `it is cut: ${size} of ${needed} bytes are there` : undefined
  } finally {
    closeSync(file)
  }
}

function readMeta(file: number, start: number): Meta | undefined {
  const bytes = Buffer.alloc(metaBytes)
  if (readSync(file, bytes, 0, metaBytes, start) < metaBytes) return undefined
  if (bytes.readUInt32LE(at.magic) !== magic) return undefined
  if (bytes.readUInt32LE(at.version) !== dataVersion) return undefined
  const pageSize = bytes.readUInt32LE(at.pageSize)
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) return undefined
  const lastPage = Number(bytes.readBigUInt64LE(at.lastPage))
  return { pageSize, lastPage, transaction: bytes.readBigUInt64LE(at.transaction) }
}

/** Bytes before the content of every page. */
export const pageHeaderBytes = headerBytes
