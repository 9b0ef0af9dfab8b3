// The map and its tables, a country with what is held of it, and concentration.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { checkPage, missing, PHONE, shoot, startBrowser } from './lib.mjs'
import { follow, main, path, send, startDemo, visits } from './people.mjs'

describe('the map', { skip: missing() }, () => {
  let demo, browser
  before(async () => {
    demo = await startDemo()
    browser = await startBrowser()
  })
  after(async () => {
    await browser?.close()
    await demo?.stop()
  })
  const by = visits(() => ({ browser, demo }))

  test('OFF-6b: the map shows by country what its tables say, and is narrowed by tier and country', () => by('Mina Okafor', async (page) => {
    await page.goto('/')
    await page.getByRole('link', { name: 'Map', exact: true }).first().click()
    await page.getByRole('heading', { level: 1, name: 'Map' }).waitFor()
    // The outlines have come, as one file that browsers keep.
    const outlines = await page.locator('svg.vs-map__world image').getAttribute('href')
    const file = await page.request.get(outlines)
    assert.match(file.headers()['cache-control'], /immutable/)
    assert.match(file.headers()['content-type'], /image\/svg\+xml/)
    assert.match(await file.text(), /<path id="IN"/)
    assert.ok(await page.locator('svg.vs-map__world g').count() > 0)
    assert.match(await main(page), /India[\s\S]*not covered[\s\S]*By tier[\s\S]*By supplier/)
    await checkPage(page, 'map')
    await shoot(page, 'contract-manager-map', 900)
    const html = await (await page.request.get('/map')).text()
    assert.ok(html.length < 60_000, `${html.length} bytes`)
    await page.getByLabel('Find a country').fill('Netherlands Antilles')
    await send(page, 'Show')
    assert.match(await main(page), /no longer a country code/)
    await checkPage(page, 'map-no-country')
    await page.getByLabel('Find a country').fill('india')
    await send(page, 'Show')
    await page.locator('tbody a', { hasText: 'India' }).first().click()
    await page.waitForURL(/\/map\/IN$/)
    await checkPage(page, 'map-country')
  }))

  test('OFF-6b OWN-3: a supplier sees its own on a telephone', () => by('Ash Marlow', async (page) => {
    await page.goto('/map')
    assert.match(await main(page), /By country/)
    assert.doesNotMatch(await main(page), /Transfers of personal data|Concentration/)
    await checkPage(page, 'map-supplier')
  }, { viewport: PHONE }))

  test('OFF-Q4: the data controller records what carries transfers to a country, and what is lacking goes away', () => by('Dev Ashby', async (page) => {
    await page.goto('/map/IN')
    assert.match(await main(page), /Needs a safeguard[\s\S]*Nothing carries transfers/)
    await follow(page, 'Record what we hold')
    await page.waitForURL(/change$/)
    await checkPage(page, 'country-change')
    await page.locator('[name=review_on\\.day]').fill('1')
    await page.locator('[name=review_on\\.month]').fill('2')
    await page.locator('[name=review_on\\.year]').fill('2020')
    await send(page, 'Save')
    assert.match(await main(page), /Enter when the risk was assessed/)
    await checkPage(page, 'country-change-wrong')
    await page.locator('input[name=mechanism][value=clauses]').check()
    await page.locator('[name=assessment]').fill('Access by the state is possible. Data is encrypted and the keys are at home.')
    await page.locator('[name=law]').fill('Confidentiality can be enforced, if slowly.')
    await page.locator('[name=onward]').fill('Only within the group, on the same clauses.')
    for (const [part, value] of [['day', '1'], ['month', '2'], ['year', '2024']]) await page.locator(`[name="assessed_on.${part}"]`).fill(value)
    await page.locator('[name=review_on\\.year]').fill('2099')
    await send(page, 'Save')
    assert.equal(path(page), '/map/IN')
    assert.doesNotMatch(await main(page), /What is lacking/)
    await page.getByRole('tab', { name: 'What we hold' }).click()
    assert.match(await main(page), /Standard clauses with addendum[\s\S]*1 February 2024/)
    await checkPage(page, 'country-held')
    await shoot(page, 'data-controller-country', 900)
    await page.getByRole('tab', { name: 'Proposals and approvals' }).click()
    assert.match(await main(page), /Open proposals/)
    await checkPage(page, 'country-proposals')
  }))

  test('OFF-6b: management sees on whom most rests, in bars and in numbers', () => by('Ruth Calloway', async (page) => {
    await page.goto('/map')
    await follow(page, 'Concentration')
    await page.getByRole('heading', { level: 1, name: 'Concentration' }).waitFor()
    assert.match(await main(page), /Countries[\s\S]*India[\s\S]*%[\s\S]*Suppliers[\s\S]*Sub-contractors/)
    assert.ok(await page.locator('svg.vs-bar').count() > 3)
    await checkPage(page, 'concentration')
    await shoot(page, 'management-concentration', 900)
  }))

  test('OFF-6b: a supplier on whose owner something hangs stands on the owner’s country', () => by('Mina Okafor', async (page) => {
    await page.goto('/parties')
    await page.locator('tbody a', { hasText: 'Halyard' }).first().click()
    await follow(page, 'Change')
    await page.locator('[name=owner]').fill('Sextant Holdings')
    await page.getByRole('combobox', { name: 'Country of the owner' }).fill('Portugal')
    await page.getByRole('option', { name: 'Portugal' }).first().click()
    await send(page, 'Save')
    assert.match(path(page), /^\/parties\/[0-9a-f-]+$/)
    await page.getByText('Sextant Holdings').first().waitFor()
    await page.goto('/map/PT')
    assert.match(await main(page), /Suppliers elsewhere with an owner there[\s\S]*Sextant Holdings/)
  }))
})
