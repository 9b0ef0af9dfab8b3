// Workbooks as a spreadsheet leaves them: single cells of one put otherwise, by nothing but the ZIP and XML that they are.
import { deflateRawSync, inflateRawSync } from 'node:zlib'

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xEDB88320 ^ (n >>> 1) : n >>> 1; return n >>> 0 })
const crc = (bytes) => { let c = 0xFFFFFFFF; for (const b of bytes) c = crcTable[(c ^ b) & 255] ^ (c >>> 8); return (c ^ 0xFFFFFFFF) >>> 0 }

// The parts of a ZIP, by name, in order.
export function unzip (zip) {
  const parts = new Map()
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  for (let n = 0, at = zip.readUInt32LE(end + 16); n < zip.readUInt16LE(end + 10); n++) {
    const [method, size, nameLength, extra, comment, local] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32), zip.readUInt32LE(at + 42)]
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength)
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const bytes = zip.subarray(start, start + size)
    parts.set(name, method === 8 ? inflateRawSync(bytes) : Buffer.from(bytes))
    at += 46 + nameLength + extra + comment
  }
  return parts
}

// A ZIP of these parts.
export function zip (parts) {
  const [files, directory] = [[], []]
  let offset = 0
  for (const [name, bytes] of parts) {
    const [packed, title] = [deflateRawSync(bytes), Buffer.from(name)]
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034B50, 0); head.writeUInt16LE(20, 4); head.writeUInt16LE(8, 8); head.writeUInt32LE(crc(bytes), 14)
    head.writeUInt32LE(packed.length, 18); head.writeUInt32LE(bytes.length, 22); head.writeUInt16LE(title.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014B50, 0); entry.writeUInt16LE(20, 4); head.copy(entry, 6, 4, 30); entry.writeUInt32LE(offset, 42)
    files.push(head, title, packed)
    directory.push(entry, title)
    offset += 30 + title.length + packed.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054B50, 0); end.writeUInt16LE(parts.size, 8); end.writeUInt16LE(parts.size, 10); end.writeUInt32LE(central.length, 12); end.writeUInt32LE(offset, 16)
  return Buffer.concat([...files, central, end])
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const plain = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

// The texts that cells share.
const shared = (parts) => [...parts.get('xl/sharedStrings.xml').toString().matchAll(/<si>([\s\S]*?)<\/si>/g)].map(([, si]) => plain([...si.matchAll(/<t[^>]*>([\s\S]*?)<\/t>/g)].map(([, t]) => t).join('')))

// The cell for the answer to a question, on the second sheet.
export function answerCell (book, id) {
  const parts = unzip(book)
  const at = shared(parts).indexOf(id)
  const [, row] = new RegExp(`<c r="B(\\d+)"[^>]*t="s"[^>]*><v>${at}</v></c>`).exec(parts.get('xl/worksheets/sheet2.xml').toString())
  return `G${row}`
}

// The same workbook with these cells of the sheet of answers put otherwise; what begins with `=` is a formula.
export function filledIn (book, answers) {
  const parts = unzip(book)
  let sheet = parts.get('xl/worksheets/sheet2.xml').toString()
  for (const [cell, text] of Object.entries(answers)) {
    const found = new RegExp(`<c r="${cell}"( s="\\d+")?[^>]*?(/>|>[\\s\\S]*?</c>)`)
    const body = text.startsWith('=') ? `><f>${escaped(text.slice(1))}</f><v>7</v></c>` : ` t="inlineStr"><is><t>${escaped(text)}</t></is></c>`
    if (!found.test(sheet)) throw new Error(`no cell ${cell}`)
    sheet = sheet.replace(found, (_, style = '') => `<c r="${cell}"${style}${body}`)
  }
  parts.set('xl/worksheets/sheet2.xml', Buffer.from(sheet))
  return zip(parts)
}
