// A form as a workbook: taken out, filled in, brought back; and a form of 315 questions, brought in from its publisher's files.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { after, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { checkPage, checkQuickly, missing, PHONE, shoot } from './lib.mjs'
import { demonstration, follow, main, path, press, send } from './people.mjs'
import { answerCell, filledIn } from './workbook.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const questions = here('../../../shared/data/gcloud_questions/gcloud13_questions.json')
const withSet = existsSync(questions)

describe('workbooks', { skip: missing() }, () => {
  let packs
  const { by } = demonstration(async () => {
    packs = await mkdtemp(join(tmpdir(), 'vouchsafe-packs-'))
    if (withSet) {
      // As an operator does it: the built-in pack with the questions of somebody else at the end of its form, as an edition of one's own.
      await cp(here('../../packs/offshoring'), join(packs, 'offshoring'), { recursive: true })
      const args = ['import', 'form', questions, questions.replace('questions.json', 'manifests.json'), '--name', 'proposal', '--append', '--edition', '2027.1', '--into', join(packs, 'offshoring')]
      const { stdout } = await promisify(execFile)(process.env.VOUCHSAFE_BIN, args)
      assert.match(stdout, /266 questions/)
    }
    return { VOUCHSAFE_PACKS: packs }
  })
  after(() => rm(packs, { recursive: true, force: true }))
  const begin = async (page) => {
    await page.goto('/proposals/new')
    await page.getByRole('radio', { name: 'Ferry bookings: Halyard Systems' }).check()
    await press(page, 'Start now')
    await page.waitForURL('**/answers')
    return path(page).replace(/\/answers$/, '')
  }
  const bring = async (page, proposal, name, buffer) => {
    await page.goto(`${proposal}/workbook`)
    await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
    await send(page, 'Read the workbook')
  }

  test('OFF-6 OFF-Q1: a supplier takes the form out, fills it in and brings it back', () => by('Ash Marlow', async (page) => {
    const proposal = await begin(page)
    await follow(page, 'Fill the form in with a spreadsheet')
    await page.waitForURL('**/workbook')
    await checkPage(page, 'workbook')
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Take the form out as a workbook')])
    assert.match(download.suggestedFilename(), /^proposal-\d{4}-\d\d-\d\d\.xlsx$/)
    const book = await readFile(await download.path())

    await bring(page, proposal, 'form.xlsx', book)
    assert.match(await main(page), /The workbook changes no answer/)
    await checkQuickly(page, 'workbook-unchanged')
    await bring(page, proposal, 'form.xlsx', Buffer.from('no workbook'))
    assert.match(await page.locator('.govuk-error-summary').innerText(), /ends in \.xlsx/)
    await checkQuickly(page, 'workbook-refused')

    const cells = Object.fromEntries(['work_title', 'certainty', 'staff_total', 'business_description'].map((id) => [id, answerCell(book, id)]))
    const filled = { [cells.work_title]: 'Harbour watch', [cells.certainty]: 'It is planned', [cells.staff_total]: '=3+4', [cells.business_description]: 'Boats are watched at night.' }
    await bring(page, proposal, 'form.xlsx', filledIn(book, filled))
    const told = await main(page)
    assert.match(told, /1 cell cannot be saved\. Nothing is saved yet/)
    assert.ok(told.includes(`Answers, ${cells.staff_total}`) && told.includes('holds a formula'), told)
    assert.match(told, /3 answers change/)
    await checkPage(page, 'workbook-problems')
    await shoot(page, 'supplier-workbook')
    filled[cells.staff_total] = '7'
    await bring(page, proposal, 'form.xlsx', filledIn(book, filled))
    await checkPage(page, 'workbook-preview')
    await send(page, 'Save these answers')
    assert.equal(path(page), `${proposal}/answers`)
    await page.goto(`${proposal}/answers/business`)
    assert.equal(await page.locator('[name="q.staff_total"]').inputValue(), '7')
  }))

  test('OUT-0: the contract manager puts the edition with the questions of somebody else on a contract', { skip: !withSet }, () => by('Mina Okafor', async (page) => {
    await page.goto('/contracts')
    await page.locator('main table a', { hasText: 'Ferry bookings' }).click()
    await page.getByRole('tab', { name: 'Packs' }).click()
    await page.locator('details:has(select[name=pack]) > summary').click()
    await page.locator('select[name=pack]').selectOption('offshoring 2027.1')
    await page.locator('[name=reason]').fill('The questions of the marketplace are asked as well.')
    await send(page, page.locator('main form[action$="/packs"] button[type=submit]'))
    assert.match(await page.locator('main').textContent(), /The questions of the marketplace are asked as well\./)
  }))

  test('OFF-6: a form of 315 questions is filled in on a telephone, each answer saved as one goes', { skip: !withSet }, () => by('Ash Marlow', async (page) => {
    const proposal = await begin(page)
    await page.goto(`${proposal}/answers/before_you_begin`)
    await page.locator('[name="q.lot"][value=cloud_hosting]').check()
    await page.locator('[data-saved=saved]').waitFor()
    await page.goto(`${proposal}/answers/multiq_api_hosting`)
    await checkPage(page, 'form-of-315')
    const usage = page.locator('[name="q.api_usage"]')
    assert.equal(await usage.isVisible(), false)
    await page.locator('[name="q.api_hosting"][value=yes]').check()
    assert.equal(await usage.isVisible(), true)
    assert.match(await main(page), /At most 200 words/)
    // How long the service takes for a save, as the browser meets it.
    const times = []
    page.on('response', async (response) => {
      if (response.request().method() !== 'POST') return
      await response.finished()
      const { requestStart, responseEnd } = response.request().timing()
      times.push(responseEnd - requestStart)
    })
    for (let n = 0; n < 12; n++) {
      const saved = page.waitForResponse((response) => response.request().method() === 'POST')
      await usage.fill(`By its own address, as the manual says on page ${n + 1}.`)
      assert.equal((await saved).status(), 200)
    }
    times.sort((a, b) => a - b)
    console.log(`a save among 315 questions: ${times.map((t) => t.toFixed(0)).join(' ')} ms`)
    await page.reload()
    assert.match(await usage.inputValue(), /page 12/)
    await page.goto(`${proposal}/answers`)
    await checkQuickly(page, 'form-of-315-sections')
  }, { viewport: PHONE }))
})
