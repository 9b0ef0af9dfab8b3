// A list of findings brought in, what people are told, and how they choose to be told.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkPage, missing, PHONE, shoot } from './lib.mjs'
import { demonstration, follow, main, press, send } from './people.mjs'

describe('findings and notices', { skip: missing() }, () => {
  const { by } = demonstration()
  const list = [
    'id,contract,party,work,country,since,noticed,finding,facts',
    'F-1,CR-2026-014,Halyard Systems,Letters printed in Valletta,Malta,2026-01-05,2026-02-20,not informed,Letters with names were printed there.',
    'F-2,CR-2026-014,Nobody Known,Letters printed in Valletta,Malta,2026-01-05,,,',
    'F-3,CR-2026-014,Halyard Systems,Payroll,Atlantis,01/02/2026,,,'
  ].join('\n')

  test('OFF-9b: the contract manager brings in an auditor’s list, twice, and mends nothing that went in', () => by('Mina Okafor', async (page) => {
    await page.goto('/breaches/new')
    await follow(page, 'Bring in a list of findings, such as an auditor’s')
    await page.waitForURL(/breaches\/import$/)
    await page.locator('summary').getByText('Which columns the list may have').click()
    await checkPage(page, 'breaches-import')
    await press(page, 'Bring it in')
    await page.locator('.govuk-error-summary').getByText('Choose the file with the list').waitFor()
    const bring = async () => {
      await page.goto('/breaches/import')
      await page.locator('[name=source]').fill('Harbour audit 2026')
      await page.locator('input[type=file]').setInputFiles({ name: 'findings.csv', mimeType: 'text/csv', buffer: Buffer.from(list) })
      await send(page, 'Bring it in')
    }
    await bring()
    assert.match(await main(page), /Breaches opened\s+1[\s\S]*Nobody of this name stands in the contract’s chain/)
    await checkPage(page, 'breaches-imported')
    await shoot(page, 'contract-manager-findings')
    await bring()
    assert.match(await main(page), /Breaches opened\s+0[\s\S]*came before/)
    await page.locator('main table a', { hasText: 'BRE-' }).click()
    await page.locator('tbody a', { hasText: 'BRE-' }).click()
    await page.getByRole('heading', { level: 1 }).filter({ hasText: 'Letters printed in Valletta' }).waitFor()
    assert.match(await main(page), /Found by\s+Harbour audit 2026/)
    await checkPage(page, 'breach-from-list')
  }))

  test('OFF-8: whoever was told reads it on a page of their own, and chooses on a telephone how to be told', () => by('Ash Marlow', async (page) => {
    await page.goto('/account')
    await follow(page, 'Notices, and how you get them')
    await page.getByRole('heading', { level: 1, name: 'Notices' }).waitFor()
    assert.match(await main(page), /BRE-\d{4}-\d{6}[\s\S]*(Sent by e-mail|Being sent)/)
    await checkPage(page, 'notices')
    await shoot(page, 'supplier-notices-phone')
    await follow(page, 'Choose how you get notices')
    await page.waitForURL(/choose$/)
    await checkPage(page, 'notices-choose')
    const choose = (sort, how) => page.locator(`[name=${sort}][value=${how}]`).check()
    await choose('hand_over', 'at_once')
    await choose('before_due', 'daily')
    await choose('late', 'daily')
    await choose('other', 'page')
    await page.locator('[name=hour]').selectOption('18')
    await send(page, 'Save')
    await page.goto('/account/notices/choose')
    assert.equal(await page.locator('[name=other]:checked').inputValue(), 'page')
    assert.equal(await page.locator('[name=hour]').inputValue(), '18')
  }, { viewport: PHONE }))

  test('OFF-8: home tells what one was told lately', () => by('Mina Okafor', async (page) => {
    await page.goto('/')
    assert.match(await main(page), /What you were told lately/)
    await follow(page, 'All notices')
    await page.getByRole('heading', { level: 1, name: 'Notices' }).waitFor()
    await checkPage(page, 'notices-manager')
  }))
})
