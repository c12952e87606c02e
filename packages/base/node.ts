export { makeFolder, writePrivately } from './node-files.ts'
