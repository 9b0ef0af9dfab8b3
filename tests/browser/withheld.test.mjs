// What is attached to an incident: looked through by the program itself, withheld where something is found, decided about file by file.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { checkPage, missing, PHONE, shoot } from './lib.mjs'
import { demonstration, follow, main, path, send } from './people.mjs'
import { zip } from './workbook.mjs'

// A number of the form of a National Insurance number; nobody has it.
const NINO = 'AB 12 34 56 C'

const file = (name, buffer) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(buffer) })
const packed = (parts) => zip(new Map(Object.entries(parts).map(([name, text]) => [name, Buffer.from(text)])))

const letter = (words) => packed({
  '[Content_Types].xml': '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
  'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="w"><w:body>${words.map((line) => `<w:p><w:r><w:t>${line}</w:t></w:r></w:p>`).join('')}</w:body></w:document>`
})

const email = `From: desk@halyard.example\nTo: incidents@authority.example\nSubject: Who was on board\n\nNational Insurance number: ${NINO}\n`

// A PDF of one page with these words.
function pdf (words) {
  const show = `BT /F1 12 Tf 72 700 Td (${words}) Tj ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>',
    '<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>', `<< /Length ${show.length} >>\nstream\n${show}\nendstream`
  ]
  let out = '%PDF-1.7\n'
  const places = objects.map((object, n) => {
    const at = out.length
    out += `${n + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const table = out.length
  const lines = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  return `${out}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${lines}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`
}

// Loads the page again until it says so: files are looked through while people go on.
async function until (page, address, says) {
  for (let n = 0; n < 100; n++) {
    await page.goto(address)
    if (says.test(await main(page))) return
    await wait(200)
  }
  assert.match(await main(page), says)
}

describe('what is attached to an incident', { skip: missing() }, () => {
  const { by } = demonstration()

  let incident
  test('SEC-25: files with data about people are kept at once, and withheld', () => by('Bo Kinsey', async (page) => {
    await page.goto('/incidents/new')
    await page.locator('main a', { hasText: 'Halyard Systems' }).first().click()
    await page.locator('[name="q.what_happened"]').fill('A list of passengers went to the wrong desk.')
    const now = new Date()
    for (const [part, value] of [['date.day', now.getDate()], ['date.month', now.getMonth() + 1], ['date.year', now.getFullYear()], ['time', '00:05']]) {
      await page.locator(`[name="q.discovered.${part}"]`).fill(String(value))
    }
    await page.getByLabel('Data about people').check()
    await page.locator('[name="q.still_going_on"][value=over]').check()
    await page.locator('[name="q.reach_me"]').fill('Bo Kinsey')
    await send(page, 'Send the report')
    incident = path(page).replace('/sent', '')
    const attach = async (chosen) => {
      await page.goto(`${incident}/files`)
      await page.locator('input[type=file][name=file]').setInputFiles(chosen)
      await send(page, 'Add the file')
    }
    await attach(file('Letter.docx', letter(['Dear desk', `National Insurance number ${NINO}`])))
    await attach(file('Passengers.pdf', pdf(`National Insurance number ${NINO}`)))
    await attach(file('Who was on board.eml', email))
    await attach(file('Timetable.docx', letter(['The night ferry leaves at ten.'])))
    await until(page, incident, /3 files are withheld/)
    await checkPage(page, 'withheld-overview')
    await follow(page, 'Files that are withheld')
    const said = await main(page)
    for (const words of [/Letter\.docx/, /National Insurance number \(as good as certain\): line 2/, /page 1, line 1/, /Who was on board\.eml/]) assert.match(said, words)
    assert.doesNotMatch(await page.content(), /12 34 56/)
    assert.doesNotMatch(said, /Timetable/)
    await checkPage(page, 'withheld-files')
    await shoot(page, 'withheld-files')
    await page.setViewportSize(PHONE)
    await shoot(page, 'withheld-files-phone')
  }))

  const section = (page, name) => page.locator('section', { has: page.getByRole('heading', { name }) })
  const decide = async (page, name, choice, reason) => {
    await section(page, name).locator(`[name^=choice-][value=${choice}]`).check()
    await section(page, name).locator('[name^=reason-]').fill(reason)
    await send(page, section(page, name).getByRole('button', { name: 'Decide' }))
  }

  test('SEC-25: others read the rest of the report, and not the files', () => by('Mina Okafor', async (page) => {
    await page.goto(incident)
    assert.match(await main(page), /Whoever brought them is asked to decide/)
    await page.goto(`${incident}/files`)
    const said = await main(page)
    assert.match(said, /3 more files are here/)
    assert.match(said, /Timetable\.docx/)
    assert.doesNotMatch(said, /Letter\.docx/)
    await checkPage(page, 'withheld-from-others')
    await shoot(page, 'withheld-from-others')
  }))

  test('SEC-25: one is declared essential, one released, one withdrawn, each with its reason', () => by('Bo Kinsey', async (page) => {
    await page.goto(`${incident}/screening/files`)
    // What is lacking is said.
    await send(page, section(page, 'Letter.docx').getByRole('button', { name: 'Decide' }))
    await checkPage(page, 'withheld-lacking')
    await decide(page, 'Letter.docx', 'essential', 'It names who has to be warned.')
    assert.match(await section(page, 'Letter.docx').innerText(), /Declared essential: It names who has to be warned/)
    await decide(page, 'Passengers.pdf', 'release', 'The number is made up.')
    await decide(page, 'Who was on board.eml', 'withdraw', 'It was sent by mistake.')
    const said = await main(page)
    assert.doesNotMatch(said, /Passengers\.pdf/)
    assert.match(said, /Withdrawn: It was sent by mistake/)
    await checkPage(page, 'withheld-decided')
    await shoot(page, 'withheld-decided')
  }))

  test('SEC-25: security looks in place, which is recorded; the released file is read by all', async () => {
    await by('Soren Vale', async (page) => {
      await page.goto(`${incident}/screening/files`)
      await send(page, section(page, 'Letter.docx').getByRole('button', { name: /Show it in place/ }))
      await page.locator('mark', { hasText: NINO }).first().waitFor()
      await checkPage(page, 'withheld-in-place')
      await shoot(page, 'withheld-in-place')
      await page.goto(`${incident}/history`)
      assert.match(await main(page), /A sensitive file was downloaded/)
    })
    await by('Mina Okafor', async (page) => {
      await page.goto(`${incident}/files`)
      const said = await main(page)
      assert.match(said, /Passengers\.pdf/)
      assert.doesNotMatch(said, /Letter\.docx|Who was on board/)
    })
  })
})
