// Incidents by e-mail: through a real SMTP server and `vouchsafe receive`, answered by real SMTP, and what is not clear decided about by people.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createTransport } from 'nodemailer'
import { checkPage, missing, PHONE, shoot, startBrowser } from './lib.mjs'
import { follow, main, path, send, startDemo, visits } from './people.mjs'

const REPORTS = 'incidents@crossings.example'
const NADIA = 'nadia.rowe@bowline.example'

describe('incidents by e-mail', { skip: missing() }, () => {
  const here = {}
  const by = visits(() => here)

  before(async () => {
    here.folder = await mkdtemp(join(tmpdir(), 'vouchsafe-post-'))
    here.post = spawn(process.execPath, [fileURLToPath(new URL('post.mjs', import.meta.url)), here.folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(here.post.stdout, 'data')
    here.port = Number(/port (\d+)/.exec(line)[1])
    here.demo = await startDemo({
      VOUCHSAFE_MAIL_SMTP: `smtp://127.0.0.1:${here.port}`,
      VOUCHSAFE_RECEIVE_ADDRESSES: REPORTS,
      VOUCHSAFE_RECEIVE_TRUSTED: 'mx.crossings.example'
    })
    await writeFile(join(here.folder, 'where.json'), JSON.stringify({ program: process.env.VOUCHSAFE_BIN, args: ['receive', '--data', here.demo.data] }))
    here.browser = await startBrowser()
  })
  after(async () => {
    await here.browser?.close()
    await here.demo?.stop()
    here.post?.kill()
    if (here.folder) await rm(here.folder, { recursive: true, force: true })
  })

  // Somebody's mail program writes a message once, and hands it to the server as often as `times` says.
  const write = async (from, message, times = 1) => {
    const written = await createTransport({ streamTransport: true, buffer: true }).sendMail({ from, to: REPORTS, ...message })
    const transport = createTransport({ host: '127.0.0.1', port: here.port, secure: false, ignoreTLS: true })
    for (let sent = 0; sent < times; sent++) await transport.sendMail({ envelope: written.envelope, raw: written.message })
    transport.close()
  }

  // What arrived for somebody that a machine answered, once something did.
  const arrived = async (to, wanted) => {
    for (const until = Date.now() + 20000; Date.now() < until; await wait(200)) {
      for (const name of await readdir(here.folder)) {
        if (!name.endsWith('.eml')) continue
        const text = await readFile(join(here.folder, name), 'utf8')
        if (text.startsWith(`X-To: ${to}\r\n`) && text.includes('auto-replied') && wanted.test(text)) return text
      }
    }
    throw new Error(`no answer to ${to} has arrived`)
  }

  let reference
  test('SEC-24: an e-mail of a supplier’s is a report, once, and its reference comes back by e-mail', async () => {
    const message = {
      messageId: '<report-1@bowline.example>',
      subject: 'A laptop is gone',
      text: 'It lay in the crew room. The booking of sam.bell@customers.example was on it.',
      attachments: [{ filename: 'crew room.txt', content: 'Door log: opened at 02:14' }]
    }
    await write(NADIA, message, 2)
    const answer = await arrived(NADIA, /INC-\d{4}-\d{6}/)
    reference = /INC-\d{4}-\d{6}/.exec(answer)[0]
    assert.match(answer, /Return-Path: <>/)
    assert.match(answer, /In-Reply-To: <report-1@bowline\.example>/)
    assert.doesNotMatch(answer, /laptop|sam\.bell/)
    await by('Nadia Rowe', async (page) => {
      await page.goto('/incidents')
      assert.equal(await page.locator('main table a', { hasText: 'An incident: Bowline' }).count(), 1, 'one report of two messages')
      await page.locator('main table a', { hasText: 'An incident: Bowline' }).first().click()
      await page.waitForURL(/\/incidents\/[0-9a-f-]+$/)
      assert.match(await main(page), /By e-mail/)
      assert.match(await main(page), /It lay in the crew room/)
      assert.doesNotMatch(await main(page), /sam\.bell/)
      await checkPage(page, 'incident-by-mail')
    })
  })

  test('SEC-24, SEC-25: what is not clear waits for a person, masked, and becomes a report on a telephone', async () => {
    await write('Robin Sayers <robin@elsewhere.example>', {
      subject: 'Found a folder',
      text: 'A folder of yours lay on pier 4. It names kim.hart@customers.example and sam.bell@customers.example.',
      attachments: [{ filename: 'pier.exe', content: 'MZ no picture' }]
    })
    await by('Soren Vale', async (page) => {
      await page.goto('/')
      assert.match(await main(page), /1 e-mail about an incident waits/)
      await follow(page, '1 e-mail about an incident waits for somebody')
      await page.waitForURL(/\/incidents\/mail$/)
      assert.match(await main(page), /robin@elsewhere\.example/)
      await checkPage(page, 'mail-list')
      await shoot(page, 'mail-list-phone')
      await page.locator('main table a', { hasText: 'Found a folder' }).click()
      await page.waitForURL(/\/incidents\/mail\/[0-9a-f-]+$/)
      assert.match(await main(page), /Nobody with an account/)
      assert.doesNotMatch(await main(page), /kim\.hart|sam\.bell/)
      await checkPage(page, 'mail-one')
      await shoot(page, 'mail-one-phone')
      await follow(page, 'Make it a report')
      await page.waitForURL(/\/report$/)
      await checkPage(page, 'mail-report-where')
      await page.locator('main a', { hasText: 'Halyard Systems' }).first().click()
      await page.waitForURL(/\/report\/[0-9a-f-]+$/)
      await checkPage(page, 'mail-report')
      await shoot(page, 'mail-report-phone')
      await send(page, 'Make it a report')
      assert.match(await main(page), /INC-\d{4}-\d{6}/)
    }, { viewport: PHONE })
  })

  test('SEC-24: an answer to ours is added to its incident, and an advertisement is set aside with a reason', async () => {
    await write(NADIA, { subject: `Re: ${reference}: found`, text: 'It lay under a bench.' })
    await write('news@elsewhere.example', { subject: 'Cheap lanterns', text: 'Buy now.', headers: { Precedence: 'bulk' } })
    await by('Soren Vale', async (page) => {
      await page.goto('/incidents/mail')
      await page.locator('main table a', { hasText: 'Cheap lanterns' }).click()
      await page.waitForURL(/\/incidents\/mail\/[0-9a-f-]+$/)
      await page.locator('summary', { hasText: 'Set it aside' }).click()
      await send(page, 'Set it aside')
      await checkPage(page, 'mail-aside-errors')
      await page.locator('[name=reason]').fill('It sells lanterns.')
      await send(page, 'Set it aside')
      assert.equal(path(page), '/incidents/mail')
      await page.locator('main table a', { hasText: reference }).click()
      await page.waitForURL(/\/incidents\/mail\/[0-9a-f-]+$/)
      await shoot(page, 'mail-answer')
      await page.locator('summary', { hasText: 'Add it to an incident' }).click()
      assert.equal(await page.locator('[name=reference]').inputValue(), reference)
      await send(page, 'Add it to an incident')
      assert.match(await main(page), new RegExp(reference))
      await page.goto('/incidents/mail?state=all')
      await checkPage(page, 'mail-all')
      await shoot(page, 'mail-all')
    })
  })
})
