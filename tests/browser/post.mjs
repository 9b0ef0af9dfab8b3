// A mail server of its own process, for journeys: real SMTP. What comes for the address for incidents it pipes to the program, as a mail server does, and
// says to its client what the exit code says; all else it lays into a folder, a file a message.
// Arguments: the folder. In it, `where.json` says which program takes reports in, and with which arguments.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

const folder = process.argv[2]
let count = 0

// The exit code of the program that is handed a message.
async function pipe (message) {
  const { program, args } = JSON.parse(await readFile(join(folder, 'where.json'), 'utf8'))
  const child = spawn(program, args, { stdio: ['pipe', 'inherit', 'inherit'] })
  child.stdin.on('error', () => {})
  child.stdin.end(message)
  const [code] = await once(child, 'exit')
  return code
}

const later = (code) => Object.assign(new Error(code === 75 ? 'try again later' : 'not taken'), { responseCode: code === 75 ? 451 : 554 })

async function take (stream, session) {
  const body = await buffer(stream)
  const { mailFrom, rcptTo } = session.envelope
  // As a server writes down to whom a message would be returned.
  const message = Buffer.concat([Buffer.from(`Return-Path: <${mailFrom ? mailFrom.address : ''}>\r\n`), body])
  for (const { address } of rcptTo) {
    if (address.startsWith('incidents@')) {
      const code = await pipe(message)
      if (code !== 0) throw later(code)
    } else {
      const name = join(folder, `${++count}.eml`)
      await writeFile(`${name}.part`, `X-To: ${address}\r\n${message}`)
      await rename(`${name}.part`, name)
    }
  }
}

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onData: (stream, session, done) => { take(stream, session).then(() => done(), done) }
})
server.listen(0, '127.0.0.1', () => { process.stdout.write(`port ${server.server.address().port}\n`) })
