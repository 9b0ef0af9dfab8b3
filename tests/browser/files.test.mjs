// Evidence: attached to a duty, looked at by the authority, replaced by its supplier; and a file as an answer.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { watch } from './answers.mjs'
import { checkPage, checkQuickly, missing, PHONE } from './lib.mjs'
import { demonstration, fillIn, findProposal, follow, main, path, press, send } from './people.mjs'

// The check sum of a chunk; older versions of Node have none of their own.
function crc32 (bytes) {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return (sum ^ 0xffffffff) >>> 0
}

// A picture of stripes, as a camera or a drawing program would write it.
function picture (width, height) {
  const chunk = (kind, body) => {
    const whole = Buffer.concat([Buffer.from(kind, 'latin1'), body])
    const size = Buffer.alloc(4)
    const sum = Buffer.alloc(4)
    size.writeUInt32BE(body.length)
    sum.writeUInt32BE(crc32(whole))
    return Buffer.concat([size, whole, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2], 8)
  const line = (y) => Buffer.concat([Buffer.alloc(1), Buffer.alloc(width * 3, y % 40 < 20 ? 90 : 200)])
  const lines = Buffer.concat(Array.from({ length: height }, (_, y) => line(y)))
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))])
}

const file = (name, buffer) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(buffer) })
const pdf = (name, says) => file(name, `%PDF-1.7\n${says}\n`)
const long = `A very long name of a certificate ${'that_nobody_would_type_by_hand_'.repeat(4)}.txt`

describe('files', { skip: missing() }, () => {
  const { by } = demonstration()
  const choose = (page, chosen) => page.locator('input[type=file][name=file]').setInputFiles(chosen)

  let duty
  test('SEC-4 OWN-4: a supplier attaches evidence to a duty on a telephone', () => by('Ash Marlow', async (page) => {
    // Of all duties that a lead sees, one of its own.
    await page.goto('/obligations')
    for (const link of await page.locator('main table a[href^="/obligations/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')))) {
      await page.goto(link)
      if (await page.getByRole('button', { name: 'Add the file', exact: true }).count() > 0) break
    }
    duty = path(page)
    await checkPage(page, 'duty-without-files')
    await page.setViewportSize(PHONE)
    await press(page, 'Add the file')
    assert.match(await page.locator('.govuk-error-summary').innerText(), /Choose a file/)
    await page.goto(duty)
    // Not what it says it is.
    await choose(page, file('harmless.pdf', 'MZ\x90\x00 a program'))
    await press(page, 'Add the file')
    assert.match(await page.locator('.govuk-error-summary').innerText(), /a program or a script/)
    await checkPage(page, 'file-refused')
    await page.goto(duty)
    await choose(page, file('Control room.png', picture(900, 500)))
    await page.locator('summary', { hasText: 'Add the dates that it covers' }).click()
    const dates = { file_from: [1, 4, 2026], file_to: [31, 3, 2027], file_expires: [31, 3, 2027] }
    for (const [name, parts] of Object.entries(dates)) {
      for (const [at, part] of ['day', 'month', 'year'].entries()) await page.locator(`[name="${name}.${part}"]`).fill(String(parts[at]))
    }
    await press(page, 'Add the file')
    await page.waitForURL(`**${duty}`)
    await choose(page, file(long, 'Checked by the watch on Monday.\n<script>alert(1)</script>\n'))
    await press(page, 'Add the file')
    await page.locator('main a', { hasText: 'A very long name' }).waitFor()
    assert.match(await main(page), /1 April 2026 to 31 March 2027/)
    await checkPage(page, 'duty-with-files')
  }, { viewport: PHONE }))

  test('SEC-4 OWN-4: the authority looks at it without opening it on its own machine', () => by('Soren Vale', async (page) => {
    await page.goto(duty)
    await page.locator('main a', { hasText: 'Control room.png' }).click()
    const shown = page.locator('.vs-preview img')
    await shown.waitFor()
    assert.ok(await shown.evaluate((image) => image.complete && image.naturalWidth === 900), 'the picture is drawn')
    await checkPage(page, 'file-picture')
    assert.equal(await page.getByRole('button', { name: 'Replace it', exact: true }).count(), 0, 'it is not the authority\'s to replace')
    const [download] = await Promise.all([page.waitForEvent('download'), follow(page, 'Download')])
    assert.equal(download.suggestedFilename(), 'Control room.png')
    assert.ok((await readFile(await download.path())).equals(picture(900, 500)), 'what comes back is what was sent')
    await page.goto(duty)
    await page.locator('main a', { hasText: 'A very long name' }).click()
    assert.match(await page.locator('pre.vs-preview').innerText(), /<script>alert\(1\)<\/script>/)
    await checkPage(page, 'file-text')
  }))

  test('OWN-4: the supplier replaces it by a new version; the old one stays', () => by('Ash Marlow', async (page) => {
    await page.goto(duty)
    await page.locator('main a', { hasText: 'Control room.png' }).click()
    const first = path(page)
    assert.equal(await page.getByRole('button', { name: 'Take it back', exact: true }).count(), 0, 'what was handed in stays')
    await choose(page, pdf('Control room, new.pdf', 'The new room.'))
    await press(page, 'Replace it')
    await page.waitForURL(`**${duty}`)
    assert.ok(!(await main(page)).includes('Control room.png'))
    await page.locator('main a', { hasText: 'Control room, new.pdf' }).click()
    assert.match(await page.getByRole('table', { name: 'Versions' }).innerText(), /Control room\.png/)
    await checkPage(page, 'file-versions')
    await page.goto(first)
    assert.match(await main(page), /A newer version has taken its place/)
    await checkQuickly(page, 'file-replaced')
  }))

  for (const javaScriptEnabled of [true, false]) {
    test(`OFF-8 OWN-4: a file answers a question, ${javaScriptEnabled ? 'while what is typed saves itself' : 'without JavaScript'}`, () => by('Ash Marlow', async (page) => {
      await page.goto('/proposals/new')
      await page.getByRole('radio', { name: 'Ferry bookings: Halyard Systems' }).check()
      await press(page, 'Start now')
      const answers = path(page)
      await page.goto(`${answers}/connections`)
      if (javaScriptEnabled) {
        await page.locator('[name="q.networks"]').fill('Two lines.')
        await page.locator('[data-saved=saved]').waitFor()
      }
      await page.locator('[name="q.network_diagram.upload"]').setInputFiles(pdf('Networks.pdf', 'A drawing.'))
      await page.locator('[name="q.storage_diagram.upload"]').setInputFiles(file('page.pdf', '<html>'))
      if (javaScriptEnabled) await page.locator('[name="q.networks"]').fill('Two lines, and a third.')
      await press(page, 'Save and continue')
      assert.match(await page.locator('.govuk-error-summary').innerText(), /a web page/)
      if (javaScriptEnabled) await checkPage(page, 'answer-file')
      assert.ok(await page.locator('[name="q.network_diagram.file"]').isChecked(), 'the file that was good is kept')
      if (javaScriptEnabled) assert.equal(await page.locator('[name="q.networks"]').inputValue(), 'Two lines, and a third.')
      await page.locator('[name="q.network_diagram.upload"]').setInputFiles(pdf('Networks 2.pdf', 'A better drawing.'))
      await send(page, 'Save and go to the list')
      await page.goto(answers.replace(/answers$/, 'check'))
      assert.match(await main(page), /Networks 2\.pdf/)
      await page.goto(answers.replace(/answers$/, 'files'))
      assert.match(await main(page), /Networks 2\.pdf/)
      await page.locator('main a', { hasText: 'Networks 2.pdf' }).click()
      assert.equal(await page.getByRole('button', { name: 'Take it back', exact: true }).count(), 1, 'until it is submitted')
    }, { javaScriptEnabled }))
  }

  test('OFF-8 OWN-4: handed in, a sealed answer\'s file is downloaded on asking', async () => {
    await by('Ash Marlow', async (page) => {
      await page.goto('/proposals/new')
      await page.getByRole('radio', { name: 'Ferry bookings: Halyard Systems' }).check()
      await press(page, 'Start now')
      await page.locator('main a[href$="/answers/work"]').click()
      while (/\/answers\/\w+$/.test(path(page))) {
        const section = path(page).split('/').pop()
        await fillIn(page, { ...watch, work_title: 'Watch with a drawing' })
        if (section === 'connections') await page.locator('[name="q.network_diagram.upload"]').setInputFiles(pdf('Networks.pdf', 'A drawing.'))
        await Promise.all([page.waitForURL((url) => !url.pathname.endsWith(section)), press(page, 'Save and continue')])
      }
      await follow(page, 'Check your answers')
      await checkQuickly(page, 'check-with-file')
      await page.getByRole('checkbox', { name: /answers are true/ }).check()
      await press(page, 'Submit the proposal')
      await page.waitForURL('**/sent')
    })
    await by('Mina Okafor', async (page) => {
      const proposal = await findProposal(page, 'Watch with a drawing')
      await page.goto(`${proposal}/files`)
      await checkPage(page, 'proposal-files')
      await page.locator('main a', { hasText: 'Networks.pdf' }).click()
      assert.match(await main(page), /Downloading it is recorded/)
      await checkPage(page, 'file-sealed')
      const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download')])
      assert.match((await readFile(await download.path())).toString(), /A drawing/)
      await page.goto(`${proposal}/history`)
      assert.match(await main(page), /A sensitive file was downloaded/)
    })
  })
})
