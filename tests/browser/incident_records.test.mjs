// Incidents that others recorded: brought in, found, tied to a supplier, taken out in VERIS and removed.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { checkPage, missing, shoot } from './lib.mjs'
import { demonstration, follow, main, path, send } from './people.mjs'

const incident = (id, victim, more = {}) => ({
  schema_version: '1.4.1',
  incident_id: id,
  source_id: 'Harbour watch',
  security_incident: 'Confirmed',
  summary: 'A disk with payslips was taken from a car outside a depot. It was not encrypted. The driver noticed in the morning.',
  reference: 'https://watch.example/2024/05/payslips; https://news.example/a-disk-with-payslips-is-missing-and-nobody-knows-where-it-went',
  victim: { victim_id: victim, country: ['GB'], industry: '92', employee_count: '101 to 1000', government: ['Unknown'] },
  timeline: { incident: { year: 2024, month: 5, day: 8 } },
  discovery_method: { internal: { variety: ['Reported by employee'] } },
  actor: { partner: { country: ['GB'], motive: ['Unknown'], name: ['Gannet Couriers'] } },
  action: { physical: { variety: ['Theft'], vector: ['Personal vehicle'] } },
  asset: { assets: [{ variety: 'M - Disk drive' }], cloud: ['Unknown'] },
  attribute: { confidentiality: { data_disclosure: 'Potentially', data: [{ variety: 'Personal' }], data_total: 250 } },
  plus: {},
  ...more
})

const file = [
  incident('1', 'Tarn Borough Council'),
  incident('2', 'The Royal and Ancient Board of Ferries, Piers, Moorings and Lighthouses of the Northern Isles', {
    summary: 'The list went to rota@depot.example by mistake.',
    action: { error: { variety: ['Loss', 'Misdelivery'], vector: ['Carelessness'] } }
  }),
  { schema_version: '1.2', incident_id: '3', timeline: { incident: { year: 2011 } } }
].map((one) => JSON.stringify(one)).join('\n')

describe('incident records', { skip: missing() }, () => {
  const { by } = demonstration()

  test('SEC-24: security brings a packed file in and reads what became of each incident', () => by('Soren Vale', async (page) => {
    await page.goto('/incident-records')
    await page.getByText('No incident records yet').waitFor()
    await checkPage(page, 'incident-records-none')
    await follow(page, 'Bring incidents in')
    await page.waitForURL(/incident-records\/import$/)
    await checkPage(page, 'incident-records-import')
    await send(page, 'Bring them in')
    await page.locator('.govuk-error-summary').getByText('Choose at least one file').waitFor()
    await checkPage(page, 'incident-records-import-errors')
    const bring = async () => {
      await page.goto('/incident-records/import')
      await page.locator('input[type=file]').setInputFiles({ name: 'watch.jsonl.gz', mimeType: 'application/gzip', buffer: gzipSync(file) })
      await send(page, 'Bring them in')
    }
    await bring()
    assert.match(await main(page), /Brought in\s+2[\s\S]*This is VERIS 1\.2[\s\S]*masked before it was kept/)
    await checkPage(page, 'incident-records-imported')
    await bring()
    assert.match(await main(page), /Brought in\s+0[\s\S]*the same\s+2/)
  }))

  test('SEC-21: a record is found by any of its categories, tied to a supplier, taken out in VERIS and removed', () => by('Soren Vale', async (page) => {
    await page.goto('/incident-records')
    await checkPage(page, 'incident-records')
    await shoot(page, 'security-incident-records')
    await page.locator('main a', { hasText: 'Disclosure' }).first().click()
    await page.waitForURL(/categories=disclosure/)
    assert.match(await main(page), /Lighthouses/)
    assert.doesNotMatch(await main(page), /Tarn Borough Council/)
    await page.goto('/incident-records?q=gannet')
    await page.locator('tbody tr', { hasText: 'Tarn Borough Council' }).locator('a').first().click()
    await page.getByRole('heading', { level: 1, name: 'Tarn Borough Council' }).waitFor()
    const record = path(page)
    await checkPage(page, 'incident-record')
    await follow(page, 'Change')
    await page.waitForURL(/change$/)
    await checkPage(page, 'incident-record-change')
    await page.getByRole('combobox', { name: 'Supplier' }).fill('Halyard Systems')
    await page.getByRole('option', { name: 'Halyard Systems' }).first().click()
    await send(page, 'Save')
    assert.match(await main(page), /Halyard Systems/)
    await page.locator('summary', { hasText: 'Take it out in VERIS' }).click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Take it out', exact: true }).click()])
    assert.match(download.suggestedFilename(), /^INC-\d{4}-\d{6}\.veris\.json$/)
    assert.equal(JSON.parse(await readFile(await download.path(), 'utf8')).incident_id, '1')
    await page.goto(`${record}/remove`)
    await checkPage(page, 'incident-record-remove')
    await page.locator('[name=reason]').fill('It was entered twice.')
    await send(page, 'Remove this record')
    assert.doesNotMatch(await main(page), /Tarn Borough Council/)
  }))

  test('SEC-24: whoever reads an incident at the authority takes it out in VERIS; a supplier is not offered it', async () => {
    let incident
    await by('Bo Kinsey', async (page) => {
      await page.goto('/incidents/new')
      await page.locator('main a', { hasText: 'Halyard Systems' }).first().click()
      await page.waitForURL(/\/incidents\/new\/[0-9a-f-]+$/)
      await page.locator('[name="q.what_happened"]').fill('A laptop of the night desk is gone.')
      const now = new Date()
      for (const [part, value] of [['date.day', now.getDate()], ['date.month', now.getMonth() + 1], ['date.year', now.getFullYear()]]) {
        await page.locator(`[name="q.discovered.${part}"]`).fill(String(value))
      }
      await page.getByLabel('A computer, telephone, disk or memory stick').check()
      await page.locator('[name="q.still_going_on"][value=yes]').check()
      await page.locator('[name="q.reach_me"]').fill('Bo Kinsey, on the night telephone')
      await send(page, 'Send the report')
      incident = path(page).replace('/sent', '')
      await page.goto(incident)
      assert.doesNotMatch(await main(page), /VERIS/)
    })
    await by('Soren Vale', async (page) => {
      await page.goto(incident)
      await page.locator('summary', { hasText: 'Take it out in VERIS' }).click()
      await checkPage(page, 'incident-veris')
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Take it out', exact: true }).click()])
      const told = JSON.parse(await readFile(await download.path(), 'utf8'))
      assert.equal(told.summary, 'A laptop of the night desk is gone.')
      assert.equal(told.security_incident, 'Suspected')
    })
  })
})
