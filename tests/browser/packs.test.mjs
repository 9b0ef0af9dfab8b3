// Editions of packs: an administrator uploads one, sees its faults, then what differs and what rests on it, installs it and puts it in use; a contract is moved.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { before, describe, test } from 'node:test'
import { checkPage, checkQuickly, missing, PHONE } from './lib.mjs'
import { demonstration, follow, main, path, send } from './people.mjs'
import { zip } from './workbook.mjs'

const own = fileURLToPath(new URL('../../packs/offshoring', import.meta.url))

describe('packs', { skip: missing() }, () => {
  const { by } = demonstration()
  let pack, form
  before(async () => {
    pack = await readFile(join(own, 'pack.yaml'), 'utf8')
    form = await readFile(join(own, 'forms/proposal.yaml'), 'utf8')
  })
  const archive = (main, questions) => zip(new Map([['pack.yaml', Buffer.from(main)], ['forms/proposal.yaml', Buffer.from(questions)]]))
  const upload = async (page, buffer) => {
    await page.goto('/packs/install')
    await page.locator('input[type=file]').setInputFiles({ name: 'offshoring.zip', mimeType: 'application/zip', buffer })
    await send(page, 'Upload and look')
  }
  // One question and its lines.
  const without = (text, id) => text.replace(new RegExp(`^ {6}- id: ${id}\\n(?: {8,}.*\\n| *\\n)*`, 'm'), '')

  test('OFF-2 OUT-0: an edition is uploaded, mended, looked at, installed and put in use', () => by('Ada Penhallow', async (page) => {
    await page.goto('/packs')
    await checkPage(page, 'packs')
    await follow(page, 'Install an edition')
    await page.waitForURL('**/packs/install')
    await checkPage(page, 'pack-install')
    await upload(page, archive(pack.replace('owed_by: supplier', 'owed_by: nobody_at_all'), form))
    assert.match(await main(page), /pack\.yaml:54/)
    await checkPage(page, 'pack-faults')
    const next = pack.replace('edition: "2026.1"', 'edition: "2027.1"').replace('change_note: First edition.', 'change_note: Fewer questions, a larger short path.')
      .replace('value: 10, unit: people', 'value: 12, unit: people').replace('- id: know_the_triggers', '- id: know_what_counts')
    await upload(page, archive(next, without(form, 'business_description')))
    const text = await main(page)
    assert.match(text, /Fewer questions, a larger short path\./)
    assert.match(text, /1 question is no longer asked/)
    assert.match(text, /know_what_counts/)
    await checkPage(page, 'pack-preview')
    const box = page.getByRole('checkbox')
    if (await box.count() > 0) {
      await send(page, 'Install this edition')
      assert.match(await page.locator('.govuk-error-summary').innerText(), /Say that you know/)
      await page.getByRole('checkbox').check()
    }
    await send(page, 'Install this edition')
    assert.equal(path(page), '/packs/offshoring/2027.1')
    await checkPage(page, 'pack-edition')
    await follow(page, 'Put in use')
    await page.waitForURL('**/use')
    await checkPage(page, 'pack-use')
    await page.getByLabel('Why?').fill('Agreed by the board on 2 March')
    await send(page, 'Put it in use')
    assert.match(await main(page), /In use/)
    await follow(page, 'See what differs')
    await page.waitForURL('**/difference')
    assert.match(await main(page), /From edition 2026\.1 to edition 2027\.1/)
    await checkPage(page, 'pack-difference')
  }))

  test('OFF-2: a contract is moved, with the duties that come and go', () => by('Ada Penhallow', async (page) => {
    await page.goto('/packs/offshoring/2027.1')
    await follow(page, 'Move contracts to it')
    await page.waitForURL('**/contracts')
    await checkPage(page, 'pack-move')
    assert.match(await main(page), /1 duty comes: /)
    await page.getByRole('checkbox').first().check()
    await page.getByLabel('Why do they move?').fill('Agreed with the supplier')
    await send(page, 'Move the chosen contracts')
    assert.equal(path(page), '/packs/offshoring/2027.1')
  }))

  test('OFF-2: a supplier reads what differs, on a telephone', () => by('Ash Marlow', async (page) => {
    await page.goto('/packs')
    await checkQuickly(page, 'packs-supplier')
    assert.equal(await page.getByText('Install an edition').count(), 0)
    await page.goto('/packs/offshoring/2027.1/difference')
    await checkQuickly(page, 'pack-difference-supplier')
  }, { viewport: PHONE }))
})
