// Every page that the navigation reaches, for each role; and pages without JavaScript.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { checkPage, checkQuickly, missing, PHONE, shoot, startBrowser } from './lib.mjs'
import { as, findProposal, follow, main, path, press, startDemo } from './people.mjs'

// The pictures of the book that need no story: whose page, its address, the picture's name.
const BOOK = {
  'Ada Penhallow': { '/accounts': 'accounts', '/webhooks/add': 'webhook-add', '/account/tokens/new': 'token-new' },
  'Iris Quill': { '/ledger': 'ledger' },
  'Soren Vale': { '/': 'security-home' },
  'Petra Lindqvist': { '/parties': 'procurement-lead-parties' },
  'Oren Hale': { '/proposals': 'owner-proposals' },
  'Lena Marsh': { '/packs': 'legal-packs' },
  'Dev Ashby': { '/': 'data-controller-home' },
  'Ash Marlow': { '/sites': 'supplier-sites', '/obligations': 'supplier-duties', '/subprocessors': 'supplier-subprocessors' },
  'Bo Kinsey': { '/proposals': 'supplier-member-proposals' },
  'Nadia Rowe': { '/': 'sub-contractor-home' },
  'Tomas Vey': { '/': 'bidder-home' }
}

describe('pages', { skip: missing() }, () => {
  let demo, browser
  before(async () => {
    demo = await startDemo()
    browser = await startBrowser()
  })
  after(async () => {
    await browser?.close()
    await demo?.stop()
  })

  const people = ['Ada Penhallow', 'Soren Vale', 'Mina Okafor', 'Jude Ferris', 'Petra Lindqvist', 'Oren Hale', 'Ruth Calloway', 'Lena Marsh', 'Dev Ashby', 'Iris Quill', 'Ash Marlow', 'Bo Kinsey', 'Carys Pike', 'Nadia Rowe', 'Tomas Vey']
  for (const name of people) {
    test(`OWN-3: ${name} finds every page that is linked in order`, async () => {
      const page = await as(browser, demo, name)
      await page.goto('/')
      const seen = new Set(['/'])
      const found = await links(page)
      await checkQuickly(page, `${name} /`)
      for (const to of found) {
        if (seen.has(shape(to))) continue
        seen.add(shape(to))
        const answer = await page.goto(to)
        assert.equal(answer.status(), 200, `${to}, linked from the front page of ${name}`)
        await checkQuickly(page, `${name} ${to}`)
      }
      assert.ok(seen.size >= 5, [...seen].join(' '))
      for (const [to, picture] of Object.entries(BOOK[name] ?? {})) {
        assert.equal((await page.goto(to)).status(), 200, to)
        await shoot(page, picture, 640)
      }
      await page.context().close()
    })
  }

  test('OWN-3: the menus open by keyboard and close with Escape; on a telephone they unfold in place', async () => {
    const page = await as(browser, demo, 'Soren Vale')
    await page.goto('/rulings')
    const menu = page.locator('.vs-nav details', { has: page.locator('summary', { hasText: 'Contracts' }) })
    const rulings = menu.getByRole('link', { name: 'Rulings', exact: true })
    assert.equal(await rulings.isVisible(), false)
    await menu.locator('summary').focus()
    await page.keyboard.press('Enter')
    assert.equal(await rulings.getAttribute('aria-current'), 'true')
    await checkPage(page, 'menu-open')
    await rulings.focus()
    await page.keyboard.press('Escape')
    assert.equal(await rulings.isVisible(), false)
    await page.setViewportSize(PHONE)
    await page.getByRole('button', { name: 'Menu', exact: true }).click()
    await menu.locator('summary').click()
    await shoot(page, 'menu-open-phone', 900)
    await menu.getByRole('link', { name: 'Measures', exact: true }).click()
    await page.waitForURL('**/measures')
    await page.context().close()
  })

  test('a supplier answers without JavaScript', async () => {
    const page = await as(browser, demo, 'Bo Kinsey', { javaScriptEnabled: false, viewport: PHONE })
    await page.goto('/proposals/new')
    await page.getByRole('radio', { name: 'Ferry bookings: Halyard Systems' }).check()
    await press(page, 'Start now')
    assert.match(path(page), /\/answers$/)
    await page.locator('main a[href$="/answers/work"]').click()
    await page.locator('[name="q.work_title"]').fill('Without a script')
    await page.locator('[name="q.kinds"][value=access]').check()
    await press(page, 'Save and go to the list')
    assert.match(await main(page), /The work and who does it\s+In progress/)
    await page.goto(`${path(page)}/work`)
    assert.equal(await page.locator('[name="q.work_title"]').inputValue(), 'Without a script')
    await page.goto(path(page).replace(/work$/, 'sites'))
    await page.locator('[name="q.sites.1.site_country"]').fill('India')
    await page.locator('button[name=add][value=sites]').click()
    assert.equal(await page.locator('[name="q.sites.2.site_country"]').count(), 1)
    assert.equal(await page.locator('[name="q.sites.1.site_country"]').inputValue(), 'India')
    assert.deepEqual(page.troubles, [])
    await page.context().close()
  })

  test('a contract manager returns a proposal without JavaScript', async () => {
    const page = await as(browser, demo, 'Mina Okafor', { javaScriptEnabled: false })
    await findProposal(page, 'Survey calls from abroad')
    await follow(page, 'Return it with points to mend')
    await page.locator('[name=reason]').fill('One answer is too short.')
    await page.locator('textarea[name="q.points.1.text"]').fill('Say who holds the keys.')
    await press(page, 'Return it with points to mend')
    assert.match(await main(page), /Say who holds the keys\./)
    assert.deepEqual(page.troubles, [])
    await page.context().close()
  })
})

const links = (page) => page.evaluate(() => [...document.querySelectorAll('a[href]')]
  .filter((link) => link.origin === location.origin && !link.getAttribute('href').startsWith('#'))
  .map((link) => link.pathname + link.search))

// Addresses that differ only in which case they show, or how they filter, are one page.
const shape = (to) => to.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '{id}').replace(/\?.*/, '')
