// A breach, from the report that opened it to the letter about what follows.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkPage, missing, PHONE, shoot } from './lib.mjs'
import { demonstration, follow, main, paper, path, press, send, through } from './people.mjs'

describe('breaches', { skip: missing() }, () => {
  const { by } = demonstration()
  const says = async (page, words) => await page.getByRole('textbox').first().fill(words)

  let breach
  test('OFF-9b: what was reported has opened a breach, whose facts are established and asked about', () => by('Mina Okafor', async (page) => {
    await page.goto('/')
    assert.match(await main(page), /Breaches that wait for you[\s\S]*Weekend calls answered in Nagpur/)
    await through(page, 'Abroad', 'Breaches')
    await page.getByRole('heading', { level: 1, name: 'Breaches' }).waitFor()
    await checkPage(page, 'breaches')
    await page.locator('tbody a').first().click()
    await page.waitForURL(/\/breaches\/[0-9a-f-]+$/)
    breach = path(page)
    assert.match(await main(page), /Not informed beforehand[\s\S]*There is no approval at all/)
    await checkPage(page, 'breach-opened')
    // Management is not asked before it can know.
    await follow(page, 'Put it before management')
    await page.getByText('What happened is not said yet.').waitFor()
    await checkPage(page, 'breach-too-early')
    await follow(page, 'Establish the facts')
    await page.waitForURL(/facts$/)
    await checkPage(page, 'breach-facts')
    await page.locator('[name=facts]').fill('Two people of the weekend team answered calls from Nagpur and looked bookings up.')
    await page.locator('[name=containment]').fill('Their access was taken away on the day on which it was reported.')
    await send(page, 'Save')
    await follow(page, 'Ask the supplier')
    await checkPage(page, 'breach-ask')
    await says(page, 'Since when did they have access, and who gave it to them?')
    await send(page, 'Ask the supplier')
    assert.match(await main(page), /Supplier to answer/)
  }))

  test('OFF-9b OFF-12: the lead contractor answers on a telephone, for the party below it', () => by('Ash Marlow', async (page) => {
    await page.goto('/')
    await page.locator('main a', { hasText: 'BRE-' }).first().click()
    await page.waitForURL(new RegExp(breach))
    assert.match(await main(page), /Since when did they have access/)
    await checkPage(page, 'breach-asked')
    await shoot(page, 'supplier-breach-phone')
    await page.locator('main').getByRole('link', { name: 'Answer', exact: true }).first().click()
    await checkPage(page, 'breach-answer')
    await says(page, 'Since the weekend before. Our rota tool gave it to them without anybody looking.')
    await send(page, 'Answer')
    assert.match(await main(page), /Establishing facts/)
    assert.doesNotMatch(await main(page), /Put it before management/)
  }, { viewport: PHONE }))

  test('OFF-9b: management decides what follows, case by case, and the supplier has the letter', async () => {
    await by('Mina Okafor', async (page) => {
      await page.goto(breach)
      assert.match(await main(page), /Our rota tool gave it to them/)
      await shoot(page, 'contract-manager-breach')
      await follow(page, 'Put it before management')
      await says(page, 'They told us themselves. A warning will do.')
      await send(page, 'Put it before management')
    })
    await by('Ruth Calloway', async (page) => {
      await page.goto(breach)
      await checkPage(page, 'breach-before-management')
      await follow(page, 'Decide what follows')
      await checkPage(page, 'breach-decide')
      await says(page, 'The calls were few, and they were told of at once.')
      await press(page, 'Decide what follows')
      await page.locator('.govuk-error-summary').getByText('Choose what follows').waitFor()
      await page.getByRole('checkbox', { name: 'The work stops until an approval covers it' }).check()
      await page.getByRole('checkbox', { name: 'A warning in writing' }).check()
      await shoot(page, 'management-breach')
      await send(page, 'Decide what follows')
      assert.match(await main(page), /Being acted on[\s\S]*The work stops until an approval covers it/)
    })
    const { words: told } = await by('Ash Marlow', async (page) => {
      await page.goto(breach)
      assert.doesNotMatch(await main(page), /A warning will do/, 'what the authority writes to itself stays with it')
      await follow(page, 'Read the letter')
      await page.getByRole('heading', { level: 1, name: /Our decision on a breach/ }).waitFor()
      await checkPage(page, 'breach-letter')
      const letter = await paper(page, 'Get the letter as PDF', 'breach-letter')
      assert.match(letter.named, /^BRE-\d{4}-\d{6}-letter\.pdf$/)
      return letter
    })
    assert.match(told, /A warning in writing/)
    await by('Carys Pike', async (page) => {
      await page.goto('/breaches')
      assert.match(await main(page), /No breaches/)
      await checkPage(page, 'breaches-none')
      assert.equal((await page.goto(breach)).status(), 404)
    })
  })

  test('OFF-9b: one that nobody reported is opened by hand', () => by('Mina Okafor', async (page) => {
    await page.goto('/breaches')
    await follow(page, 'Open a breach')
    await checkPage(page, 'breach-whose')
    await follow(page, 'Bowline Support, tier 2')
    await page.locator('[name=title]').fill('A second laptop in Nagpur')
    await page.getByRole('radio', { name: 'Not informed beforehand' }).check()
    await send(page, 'Open the breach')
    await page.locator('.govuk-error-summary').waitFor()
    await checkPage(page, 'breach-open-refused')
    for (const [part, value] of [['day', '1'], ['month', '11'], ['year', '2026']]) await page.locator(`[name="began.${part}"]`).fill(value)
    await send(page, 'Open the breach')
    assert.match(await main(page), /A second laptop in Nagpur[\s\S]*Not informed beforehand/)
    await checkPage(page, 'breach-by-hand')
  }))
})
