// Bids: a bidder says what it plans abroad and answers the questionnaire with its bid, is asked for more, is chosen, and types nothing again.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { watch } from './answers.mjs'
import { checkPage, checkQuickly, missing, PHONE, shoot } from './lib.mjs'
import { demonstration, fillIn, follow, main, path, press, send, typeDay } from './people.mjs'

// The same plans, as the bidder has them: it has no site in the register yet.
const plans = {
  ...watch,
  work_title: 'Signs watched at night',
  work_party: 'Fairlead Digital',
  sites: [{ ...watch.sites[0], site_operator: 'Fairlead Digital' }],
  governing_contact: { ...watch.governing_contact, name: 'Tomas Vey', organisation: 'Fairlead Digital', email: 'tomas.vey@fairlead.example' }
}

describe('bids', { skip: missing() }, () => {
  const { by } = demonstration()
  const says = async (page, words) => await page.getByRole('textbox').last().fill(words)

  test('OFF-7: the procurement lead asks a party to bid for a contract that is not let yet', () => by('Petra Lindqvist', async (page) => {
    await page.goto('/bids')
    assert.match(await main(page), /Quayside signs: bid of Fairlead Digital/)
    await checkPage(page, 'bids')
    await shoot(page, 'procurement-lead-bids')
    await follow(page, 'Ask a party to bid')
    await checkPage(page, 'bid-which-contract')
    await page.locator('main a', { hasText: 'Quayside signs' }).click()
    await page.getByRole('heading', { level: 1, name: 'Ask a party to bid' }).waitFor()
    await checkPage(page, 'bid-invite')
    const party = page.getByLabel('Which party bids?')
    await party.fill('Halyard Systems')
    await page.getByRole('option', { name: 'Halyard Systems', exact: true }).first().click()
    await typeDay(page, 'due', '2020-02-01')
    await press(page, 'Ask it to bid')
    await page.locator('.govuk-error-summary').getByText('Choose a day that is still to come').waitFor()
    await page.locator('[name="due.year"]').fill('2030')
    await send(page, 'Ask it to bid')
    assert.match(await main(page), /The bid is not handed in yet/)
    await checkPage(page, 'bid-not-handed-in')
  }))

  let bid
  test('OFF-7: a bidder on a telephone finds its bid incomplete without the questionnaire, answers it and hands the bid in', () => by('Tomas Vey', async (page) => {
    await page.goto('/')
    await page.locator('main a', { hasText: 'BID-' }).first().click()
    await page.waitForURL(/\/bids\/[0-9a-f-]+$/)
    bid = path(page)
    await checkPage(page, 'bid-preparing')
    await follow(page, 'Does your bid plan work abroad?')
    await page.locator('[name=abroad][value=yes]').check()
    await checkPage(page, 'bid-plans')
    await send(page, 'Save')
    assert.match(await main(page), /It plans work abroad, and no questionnaire is submitted/)
    await page.setViewportSize(PHONE)
    await shoot(page, 'bidder-bid-phone')
    await follow(page, 'Hand the bid in')
    await page.getByText('The bid is incomplete').waitFor()
    await checkPage(page, 'bid-too-early')
    await page.goto(bid)
    await follow(page, 'Answer the questionnaire')
    await page.getByRole('radio', { name: 'Quayside signs: Fairlead Digital' }).check()
    await press(page, 'Start now')
    await page.waitForURL('**/answers')
    await page.locator('main a[href$="/answers/work"]').click()
    while (/\/answers\/\w+$/.test(path(page))) {
      const section = path(page).split('/').pop()
      await fillIn(page, plans)
      await Promise.all([page.waitForURL((url) => !url.pathname.endsWith(section)), press(page, 'Save and continue')])
    }
    await follow(page, 'Check your answers')
    await page.getByRole('checkbox', { name: /answers are true/ }).check()
    await press(page, 'Submit the proposal')
    await page.waitForURL('**/sent')
    assert.match(await main(page), /The procurement lead reads the proposal with the bid/)
    await page.goto(bid)
    assert.match(await main(page), /Nothing is missing[\s\S]*With the bid/)
    await follow(page, 'Hand the bid in')
    await checkQuickly(page, 'bid-hand-in')
    await send(page, 'Hand the bid in')
    assert.match(await main(page), /Being read/)
  }, { viewport: PHONE }))

  test('OFF-7: the procurement lead asks for more by a day, the bidder answers, and another bidder sees none of it', async () => {
    await by('Petra Lindqvist', async (page) => {
      await page.goto('/')
      assert.match(await main(page), /Bids that wait for you/)
      await page.goto(bid)
      await checkPage(page, 'bid-to-read')
      await shoot(page, 'procurement-lead-bid')
      await follow(page, 'Ask for more')
      await checkPage(page, 'bid-ask')
      await says(page, 'Who reaches the logs of the signs?')
      await typeDay(page, 'due', '2030-03-01')
      await send(page, 'Ask for more')
      assert.match(await main(page), /More asked for/)
    })
    await by('Tomas Vey', async (page) => {
      await page.goto(bid)
      assert.match(await main(page), /Who reaches the logs of the signs\?/)
      await follow(page, 'Answer')
      await checkQuickly(page, 'bid-answer')
      await says(page, 'Only the night watch, with named accounts.')
      await send(page, 'Answer')
    })
    await by('Carys Pike', async (page) => {
      assert.equal((await page.goto(bid)).status(), 404)
      await page.goto('/bids')
      assert.doesNotMatch(await main(page), /Fairlead/)
    })
  })

  test('OFF-7 OFF-8: chosen, the bidder is a supplier, and its questionnaire is with the contract manager as it is', async () => {
    await by('Petra Lindqvist', async (page) => {
      await page.goto(bid)
      await follow(page, 'Find it complete')
      await checkQuickly(page, 'bid-accept')
      await send(page, 'Find it complete')
      await follow(page, 'Choose this bid')
      await checkPage(page, 'bid-choose')
      await says(page, 'The best value, and its plans abroad are sound.')
      await page.getByRole('checkbox', { name: 'End the other bids for this contract as not chosen' }).check()
      await send(page, 'Choose this bid')
      assert.match(await main(page), /Chosen[\s\S]*The best value/)
      await page.goto('/bids?stage=not_chosen')
      assert.match(await main(page), /Quayside signs: bid of Capstan Group/)
    })
    await by('Mina Okafor', async (page) => {
      await page.goto('/proposals?stage=checking')
      assert.match(await main(page), /Signs watched at night/)
    })
    await by('Tomas Vey', async (page) => {
      await page.goto(bid)
      assert.match(await main(page), /works under the contract now/)
      await checkPage(page, 'bid-chosen')
    })
  })
})
