// Which document governs a duty, a question that becomes a ruling, what is authority data, and the terms of data protection.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkPage, missing, PHONE, shoot } from './lib.mjs'
import { demonstration, follow, main, path, press, send } from './people.mjs'

describe('rulings and terms', { skip: missing() }, () => {
  const { by } = demonstration()
  const label = (page, words) => page.getByLabel(words, { exact: true })

  let duty, ruling
  test('SEC-1: legal reads what governs a duty, and records what the contract asks', () => by('Lena Marsh', async (page) => {
    await page.goto('/obligations')
    const link = page.locator('main tr', { hasText: 'Ferry bookings' }).locator('a', { hasText: 'Answer questions about rules' })
    while (!await link.count()) {
      const next = await page.locator('a[rel=next]').getAttribute('href')
      await page.goto(new URL(next, page.url()).href)
    }
    await link.first().click()
    await page.getByRole('heading', { level: 2, name: 'Which document governs' }).waitFor()
    // The story's contract asks for less time than the pack.
    assert.match(await main(page), /Stricter one applies[\s\S]*At most 5 working days[\s\S]*At most 10 working days/)
    assert.match(await main(page), /Schedule 4, paragraph 2\.6/)
    await checkPage(page, 'duty-governing')
    await shoot(page, 'legal-governing')
    await page.getByRole('link', { name: /Change what is recorded/ }).click()
    await page.getByRole('heading', { level: 1, name: 'What the contract asks' }).waitFor()
    await checkPage(page, 'duty-term')
    await page.locator('[name=value]').fill('ten')
    await press(page, 'Save')
    await page.locator('.govuk-error-summary').getByText('Enter a whole number').waitFor()
    await page.locator('[name=value]').fill('10')
    await send(page, 'Save')
    assert.match(await main(page), /Governed One document governs[\s\S]*Contract\s+Governs/)
  }))

  test('SEC-36 SEC-39: on a telephone, the lead asks about a rule that is blocked', () => by('Ash Marlow', async (page) => {
    await page.goto('/rulings')
    await page.getByText('No questions about rules').waitFor()
    await checkPage(page, 'rulings-none')
    await follow(page, 'Ask about a rule')
    await checkPage(page, 'ruling-choose')
    await page.locator('main a', { hasText: 'Halyard Systems' }).first().click()
    await page.locator('[name=question]').waitFor()
    await checkPage(page, 'ruling-ask')
    await shoot(page, 'supplier-ruling-phone')
    await page.locator('select[name=rule]').selectOption({ value: 'provider_security.no_electronic_retention_without_ruling' }, { force: true })
    await press(page, 'Ask')
    await page.locator('.govuk-error-summary').getByText('Write your question').waitFor()
    await page.locator('[name=question]').fill('May we keep scans of booking forms, and destroy the paper?')
    await send(page, 'Ask')
    ruling = path(page)
    assert.match(await main(page), /RUL-\d{4}-000003[\s\S]*To be ruled on/)
    await checkPage(page, 'ruling-asked')
    await follow(page, 'See the duty, and what governs it')
    await page.getByText('Blocked', { exact: true }).first().waitFor()
    duty = path(page)
    await checkPage(page, 'duty-blocked')
  }, { viewport: PHONE }))

  test('SEC-36 SEC-39: security rules, and the duty says so to the whole chain', async () => {
    await by('Soren Vale', async (page) => {
      await page.goto('/')
      assert.match(await main(page), /Questions about rules that wait for you/)
      await page.goto(ruling)
      await follow(page, 'Rule')
      await checkPage(page, 'ruling-rule')
      await page.getByRole('radio', { name: 'Yes, it allows it' }).check()
      await page.getByRole('radio', { name: 'Something in words' }).check()
      await page.locator('[name=words]').fill('Scan, check the scan, then destroy the paper within thirty days.')
      await press(page, 'Rule')
      await page.locator('.govuk-error-summary').waitFor()
      await page.locator('[name=reason]').fill('The scanner keeps a seal over each page.')
      await shoot(page, 'security-ruling')
      await send(page, 'Rule')
      assert.match(await main(page), /Ruled[\s\S]*Allowed by this ruling[\s\S]*thirty days/)
      await checkPage(page, 'ruling-ruled')
    })
    await by('Ash Marlow', async (page) => {
      await page.goto(duty)
      assert.match(await main(page), /Ruled[\s\S]*Scan, check the scan[\s\S]*seal over each page/)
      await checkPage(page, 'duty-ruled')
    }, { viewport: PHONE })
    await by('Lena Marsh', async (page) => {
      await page.goto(ruling)
      await follow(page, 'Take the ruling back')
      await checkPage(page, 'ruling-revoke')
      await page.locator('[name=reason]').fill('The seal can be copied.')
      await send(page, 'Take the ruling back')
      assert.match(await main(page), /Taken back/)
      await page.goto('/rulings')
      await checkPage(page, 'rulings')
    })
    await by('Nadia Rowe', async (page) => {
      await page.goto(ruling)
      await page.getByRole('heading', { level: 1 }).waitFor()
      assert.doesNotMatch(await main(page), /scans of booking forms/)
    })
  })

  test('SEC-9b OFF-2b: the data controller decides what is authority data; anybody tries it out', async () => {
    await by('Dev Ashby', async (page) => {
      await page.goto('/authority-data')
      await page.getByText('Recordings of help-desk calls').first().waitFor()
      await checkPage(page, 'authority-data')
      await follow(page, 'Decide about a piece of information')
      await checkPage(page, 'authority-data-add')
      await label(page, 'What it is').fill('Timetables on the supplier’s own site')
      await page.locator('select[name=contract]').selectOption({ label: 'Ferry bookings' }, { force: true })
      for (const name of ['received_from_authority', 'received_for_authority', 'processed_because_of_contract', 'held_because_of_contract', 'passed_on_because_of_contract', 'personal_data', 'authority_controls']) {
        await page.locator(`[name=${name}][value=no]`).check()
      }
      await page.locator('[name=made_because_of_contract][value=not_known]').check()
      await page.locator('[name=medium][value=electronic]').check()
      await shoot(page, 'data-controller-authority-data')
      await page.locator('main form button').last().click()
      await page.getByText('Say whether you made it because of the contract').waitFor()
      assert.match(await main(page), /Not known yet[\s\S]*Decided by Dev Ashby/)
      await checkPage(page, 'authority-data-one')
    })
    await by('Bo Kinsey', async (page) => {
      await page.goto('/check/authority-data')
      await checkPage(page, 'check-authority-data')
      await page.locator('[name=held_because_of_contract][value=yes]').check()
      await press(page, 'Decide')
      await page.getByText('You hold it because of the contract').waitFor()
      await checkPage(page, 'check-authority-data-answer')
    }, { viewport: PHONE })
  })

  test('SEC-6b SEC-7: terms and measures of a contract, kept by the authority and read by the supplier', async () => {
    await by('Lena Marsh', async (page) => {
      await page.goto('/data-protection')
      await page.locator('main tbody a').first().click()
      await page.getByRole('heading', { level: 1, name: 'Data protection: Ferry bookings' }).waitFor()
      await checkPage(page, 'data-protection')
      await shoot(page, 'legal-data-protection')
      await page.locator('main a[href$="/change"]').first().click()
      await checkPage(page, 'data-protection-change')
      await page.locator('[name=controller]').first().waitFor()
      await page.locator('[name=processor][value=authority]').check()
      await page.locator('main form button').last().click()
      await page.locator('.govuk-error-summary').getByText('Nobody is processor for themselves').waitFor()
      await page.locator('[name=processor][value=supplier]').check()
      await page.locator('[name=terms]').fill('On written instructions only. Sub-processors with consent, asked for thirty days before.')
      await page.locator('main form button').last().click()
      await page.getByText('Version 2').first().waitFor()
    })
    await by('Nadia Rowe', async (page) => {
      await page.goto('/measures')
      await page.locator('main a', { hasText: 'Disks are encrypted' }).first().click()
      await page.getByText('keys are kept apart').waitFor()
      await checkPage(page, 'measure')
      await page.goto('/data-protection')
      await page.locator('main tbody a').first().click()
      await page.getByText('asked for thirty days before').waitFor()
    }, { viewport: PHONE })
  })
})
