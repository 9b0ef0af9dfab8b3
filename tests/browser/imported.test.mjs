// A contract that a public buyer really published: brought in, given its pack and its people, and a proposal on it taken to its decision.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { after, before, describe, test } from 'node:test'
import { watch } from './answers.mjs'
import { checkPage, checkQuickly, missing, open, startBrowser } from './lib.mjs'
import { fillIn, findProposal, follow, judgeAll, mailed, main, path, press, startDemo, visits } from './people.mjs'

const published = fileURLToPath(new URL('../../../shared/data/ocds/contracts_finder_api_page_visible.json', import.meta.url))
const without = missing() || (!existsSync(published) && 'the published contracts are not at hand (../shared/data)')
const PASSWORD = 'copper lantern drifts sideways'
const TITLE = 'Night watch for an imported contract'

describe('an imported contract', { skip: without }, () => {
  let demo, browser, contract, supplier
  before(async () => {
    demo = await startDemo()
    browser = await startBrowser()
    // The first release that names one supplier, under a title that no other has.
    const { releases } = JSON.parse(await readFile(published, 'utf8'))
    const titles = releases.map((release) => release.tender?.title)
    const suppliers = (release) => (release.parties ?? []).filter((party) => party.roles?.includes('supplier'))
    const one = releases.find((release) => suppliers(release).length === 1 && release.awards?.length && titles.filter((title) => title === release.tender?.title).length === 1)
    contract = one.tender.title.trim()
    supplier = suppliers(one)[0].name.trim()
  })
  after(async () => {
    await browser?.close()
    await demo?.stop()
  })
  const by = visits(() => ({ browser, demo }))
  const openContract = async (page) => {
    await page.goto('/contracts')
    await page.getByRole('searchbox').fill(contract)
    await press(page, 'Search')
    await page.locator('main table a', { hasText: contract }).first().click()
    await page.getByRole('heading', { level: 1, name: contract }).waitFor()
  }

  test('OUT-0 OFF-0: the contract manager brings published contracts in and puts the pack on one', () => by('Mina Okafor', async (page) => {
    await page.goto('/contracts')
    await follow(page, 'Take over published contracts')
    await checkPage(page, 'import-start')
    await page.locator('input[type=file]').setInputFiles(published)
    await press(page, 'Read the files')
    assert.match(await main(page), /Releases read\s+72/)
    await checkPage(page, 'import-preview')
    await press(page, 'Bring them in')
    assert.match(await main(page), /Imported/)
    await checkQuickly(page, 'import-applied')
    await openContract(page)
    await checkPage(page, 'imported-contract')
    await page.getByRole('tab', { name: 'Packs' }).click()
    await page.locator('details:has(select[name=pack]) > summary').click()
    const offshoring = await page.locator('select[name=pack] option[value^="offshoring "]').getAttribute('value')
    await page.locator('select[name=pack]').selectOption(offshoring)
    const put = page.locator('main form[action$="/packs"] button[type=submit]')
    // A withdrawn policy asks for a reason; the tab with the field to mend is the one that shows.
    await put.click()
    assert.match(await page.locator('.govuk-error-summary').innerText(), /Say why this contract needs it/)
    await checkQuickly(page, 'imported-contract-pack-error')
    assert.equal(await page.locator('select[name=pack]').inputValue(), offshoring)
    await page.locator('[name=reason]').fill('The contract names this policy.')
    await put.click()
    assert.match(await page.locator('main').textContent(), /The contract names this policy\./)
    await checkPage(page, 'imported-contract-pack')
  }))

  test('OWN-2: the administrator invites the lead of its supplier', () => by('Ada Penhallow', async (page) => {
    await page.goto('/accounts/invite')
    await page.locator('[name=email]').fill('lead@imported.example')
    await page.locator('[name=name]').fill('Robin Tarn')
    await page.getByRole('combobox', { name: 'Party' }).fill(supplier)
    await page.getByRole('option', { name: supplier, exact: true }).first().click()
    await page.locator('select[name=role]').selectOption('supplier_lead')
    await press(page, 'Send the invitation')
    await page.getByRole('heading', { level: 1, name: 'Robin Tarn' }).waitFor()
  }))

  test('OFF-8: the lead accepts, proposes and submits', async () => {
    const link = await mailed(demo, 'lead@imported.example', /\/sign-in\/link\/[\w-]+/)
    const page = await open(browser, demo.url)
    await page.goto(link)
    await page.locator('[name=password]').fill(PASSWORD)
    await press(page, 'Save the password')
    await page.waitForURL((url) => url.pathname === '/')
    await checkQuickly(page, 'home-new-supplier')
    await page.goto('/proposals/new')
    await page.getByRole('radio', { name: contract }).first().check()
    await press(page, 'Start now')
    await page.waitForURL('**/answers')
    await page.locator('main a[href$="/answers/work"]').click()
    const answers = { ...watch, work_title: TITLE, work_party: supplier }
    while (/\/answers\/\w+$/.test(path(page))) {
      const section = path(page).split('/').pop()
      await fillIn(page, answers)
      await Promise.all([page.waitForURL((url) => !url.pathname.endsWith(section)), press(page, 'Save and continue')])
    }
    await follow(page, 'Check your answers')
    await page.getByRole('checkbox', { name: /answers are true/ }).check()
    await press(page, 'Submit the proposal')
    await page.waitForURL('**/sent')
    assert.match(await page.locator('.govuk-panel').innerText(), /OFF-\d{4}-\d{6}/)
    await page.context().close()
  })

  test('OFF-8 OFF-10 OFF-11: it is checked, assessed, recommended and approved', async () => {
    await by('Mina Okafor', async (page) => {
      await findProposal(page, TITLE)
      await follow(page, 'Pass it on to the assessor')
      await press(page, 'Pass it on to the assessor')
    })
    await by('Jude Ferris', async (page) => {
      await judgeAll(page, await findProposal(page, TITLE))
      await page.locator('[name=summary]').fill('A small team at one site.')
      await press(page, 'Record the assessment')
    })
    await by('Soren Vale', async (page) => {
      await findProposal(page, TITLE)
      await follow(page, 'Make a recommendation')
      await page.getByRole('radio', { name: 'Approve' }).check()
      await page.locator('[name=reason]').fill('The risk left is low.')
      await press(page, 'Make a recommendation')
    })
    await by('Ruth Calloway', async (page) => {
      await findProposal(page, TITLE)
      await follow(page, 'Decide')
      await follow(page, 'Approve')
      await page.locator('[name=conditions]').fill('Tell us of every change of place.')
      await page.locator('[name=reason]').fill('The risk left is low.')
      await press(page, 'Approve')
      await page.waitForURL('**/letter')
      const letter = await main(page)
      assert.match(letter, /Approved[\s\S]*Tell us of every change of place\./)
      assert.ok(letter.includes(supplier), letter)
      await checkPage(page, 'imported-letter')
    })
  })
})
