// Sections answered by link: a supplier passes one on, somebody without an account answers it on a telephone, passes another on and hands back; the
// supplier sees each state, takes it and calls one back.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { watch } from './answers.mjs'
import { checkPage, checkQuickly, missing, open, PHONE, shoot } from './lib.mjs'
import { demonstration, fillIn, follow, mailed, main, path, press, send, typeDay } from './people.mjs'

// What a supplier without people here sent by post.
const onPaper = {
  ...watch,
  work_title: 'Cranes watched at night',
  work_party: 'Gantry Works',
  sites: [{ ...watch.sites[0], site_operator: 'Gantry Works' }],
  governing_contact: { ...watch.governing_contact, name: 'Noor Hale', organisation: 'Gantry Works', email: 'noor.hale@gantry.example' }
}

describe('links', { skip: missing() }, () => {
  const { here, by } = demonstration()
  // Somebody without an account, in a browser that was never here before.
  const stranger = async (what, options) => {
    const page = await open(here.browser, here.demo.url, options)
    try {
      return await what(page)
    } finally {
      await page.context().close()
    }
  }
  const linkTo = async (to, known = []) => await mailed(here.demo, to, /\/asked\/proposals\/[\w-]{43}/, known)
  let proposal
  let link
  let below

  test('OFF-8: a supplier passes sections to somebody by name and address', () => by('Ash Marlow', async (page) => {
    await page.goto('/proposals/new')
    await page.getByRole('radio', { name: 'Ferry bookings: Halyard Systems' }).check()
    await press(page, 'Start now')
    await page.waitForURL('**/answers')
    proposal = path(page).replace(/\/answers$/, '')
    await follow(page, 'Ask somebody else to answer a section')
    await page.getByRole('heading', { level: 2, name: 'Sections passed on' }).waitFor()
    assert.match(await main(page), /Nothing is passed on/)
    await checkPage(page, 'passing-empty')
    await send(page, 'Send the link')
    await page.locator('.govuk-error-summary').getByText('Enter a name').waitFor()
    await checkPage(page, 'passing-wrong')
    await page.getByLabel('Who should answer?').fill('Robin Vale')
    await page.getByLabel('Their e-mail address').fill('robin.vale@helpers.example')
    await page.getByRole('checkbox', { name: 'Ending the work' }).check()
    await page.getByRole('checkbox', { name: 'Governing contact' }).check()
    await page.getByLabel('What should they know?').fill('The night desk knows how long it takes.')
    await send(page, 'Send the link')
    assert.match(await main(page), /Robin Vale[\s\S]*Being answered/)
    link = await linkTo('robin.vale@helpers.example')
    await page.reload()
    assert.match(await main(page), /Delivered to the mail server/)
    await checkPage(page, 'passing-list')
    await shoot(page, 'supplier-passing')
  }))

  test('OFF-8: whoever was asked answers on a telephone, passes a section on and hands back, without an account', async () => {
    await stranger(async (page) => {
      await page.goto(link)
      assert.match(await main(page), /Hello Robin Vale[\s\S]*Ash Marlow at Halyard Systems asks you/)
      assert.match(await main(page), /The night desk knows/)
      await checkPage(page, 'asked-start')
      await shoot(page, 'asked-start-phone')
      await follow(page, 'Ending the work')
      await page.getByRole('heading', { level: 1, name: 'Ending the work' }).waitFor()
      await fillIn(page, { exit_plan: 'The day desk takes it back within a week.' })
      await page.getByText(/Saved at/).waitFor()
      await checkPage(page, 'asked-section')
      await shoot(page, 'asked-section-phone')
      await send(page, 'Save')
      assert.match(await main(page), /Ending the work\s+Answered/)
      await follow(page, 'Pass a section on')
      await page.getByRole('heading', { level: 1, name: 'Pass a section on' }).waitFor()
      await page.getByLabel('Who should answer?').fill('Kim Dale')
      await page.getByLabel('Their e-mail address').fill('kim.dale@helpers.example')
      await page.getByRole('checkbox', { name: 'Governing contact' }).check()
      await checkPage(page, 'asked-pass-on')
      await send(page, 'Send the link')
      assert.match(await main(page), /You passed on[\s\S]*Kim Dale/)
      below = await linkTo('kim.dale@helpers.example')
    }, { viewport: PHONE })
    await stranger(async (page) => {
      await page.goto(below)
      assert.match(await main(page), /Robin Vale at Halyard Systems asks you/)
      assert.doesNotMatch(await main(page), /Ending the work/)
      await follow(page, 'Governing contact')
      await page.getByRole('heading', { level: 1, name: 'Governing contact' }).waitFor()
      await fillIn(page, { governing_contact: watch.governing_contact, contact_informed: true })
      await send(page, 'Save, then hand back')
      await page.getByRole('heading', { level: 1, name: 'Hand your answers back' }).waitFor()
      await checkPage(page, 'asked-done')
      await press(page, 'Hand back')
      await page.getByRole('heading', { level: 1, name: 'Thank you' }).waitFor()
      await checkPage(page, 'asked-thanks')
    }, { viewport: PHONE })
    await stranger(async (page) => {
      await page.goto(`${link}/contact`)
      assert.match(await main(page), /answered already, and sealed/)
      assert.equal(await page.locator('[name="q.governing_contact.name"]').inputValue(), '', 'what Kim answered stays closed')
      await checkQuickly(page, 'asked-sealed')
      await page.goto(`${link}/done`)
      await press(page, 'Hand back')
      await page.getByRole('heading', { level: 1, name: 'Thank you' }).waitFor()
      assert.equal((await page.goto(link)).status(), 410)
      assert.match(await main(page), /You handed your answers back/)
      await checkPage(page, 'asked-handed-back')
    })
  })

  test('OFF-8: the supplier sees each state, asks again, takes what came and calls one back', async () => {
    await by('Ash Marlow', async (page) => {
      await page.goto(`${proposal}/passed`)
      assert.match(await main(page), /Robin Vale[\s\S]*Handed back[\s\S]*Kim Dale[\s\S]*asked by Robin Vale/)
      await checkPage(page, 'passing-handed-back')
      await follow(page, 'Robin Vale')
      await page.getByRole('heading', { level: 1, name: /Robin Vale/ }).waitFor()
      await checkPage(page, 'passing-one')
      await shoot(page, 'supplier-passed')
      await page.getByLabel('What is still lacking?').fill('Who takes the keys back?')
      await send(page, 'Ask again')
      assert.match(await main(page), /Being answered/)
      const again = await linkTo('robin.vale@helpers.example', [link])
      await stranger(async (other) => {
        assert.equal((await other.goto(link)).status(), 404, 'the former link is nothing any more')
        await other.goto(again)
        assert.match(await main(other), /Who takes the keys back\?/)
        await other.goto(`${again}/done`)
        await press(other, 'Hand back')
        await other.getByRole('heading', { level: 1, name: 'Thank you' }).waitFor()
      })
      await page.reload()
      await send(page, 'Take them as they are')
      assert.match(await main(page), /Taken/)
      await page.goto(`${proposal}/answers/ending`)
      assert.match(await page.locator('[name="q.exit_plan"]').inputValue(), /The day desk takes it back/)

      await page.goto(`${proposal}/passed`)
      await page.getByLabel('Who should answer?').fill('Lou Fen')
      await page.getByLabel('Their e-mail address').fill('lou.fen@helpers.example')
      await page.getByRole('checkbox', { name: 'Ending the work' }).check()
      await typeDay(page, 'until', '2020-02-01')
      await send(page, 'Send the link')
      await page.locator('.govuk-error-summary').getByText('Choose today or a later day').waitFor()
      for (const part of ['day', 'month', 'year']) await page.locator(`[name="until.${part}"]`).fill('')
      await send(page, 'Send the link')
      const lou = await linkTo('lou.fen@helpers.example')
      await follow(page, 'Lou Fen')
      await send(page, 'Call it back')
      assert.match(await main(page), /Called back/)
      await stranger(async (other) => {
        assert.equal((await other.goto(lou)).status(), 410)
        assert.match(await main(other), /This link was called back[\s\S]*ask whoever sent you the link/)
        assert.doesNotMatch(await other.locator('body').innerText(), /Marlow|Halyard|Lou/)
        await checkPage(other, 'asked-revoked')
      })
    })
  })

  test('OFF-8: a contract manager enters what came on paper for a supplier without people here; somebody else checks it', async () => {
    let entered
    await by('Mina Okafor', async (page) => {
      await page.goto('/parties/add')
      await page.locator('[name=name]').fill('Gantry Works')
      await page.locator('main form button[type=submit]').first().click()
      await page.getByRole('heading', { level: 1, name: 'Gantry Works' }).waitFor()
      await page.goto('/contracts')
      await page.locator('main table a', { hasText: 'Ferry bookings' }).first().click()
      await page.locator('a[href="#chain"]').first().click()
      await page.locator('summary', { hasText: 'Add a party to the chain' }).click()
      const party = page.getByLabel('Which party joins?')
      await party.fill('Gantry Works')
      await page.getByRole('option', { name: 'Gantry Works' }).first().click()
      await send(page, 'Add to the chain')
      await page.goto('/proposals')
      await follow(page, 'Enter one on behalf of a supplier')
      await page.getByRole('heading', { level: 1, name: 'Enter one on behalf of a supplier' }).waitFor()
      await checkPage(page, 'behalf-for-whom')
      await page.locator('main a', { hasText: 'Gantry Works' }).click()
      await page.getByLabel('Why do you enter it?').waitFor()
      await page.getByRole('radio', { name: 'On paper' }).check()
      await typeDay(page, 'came_on', '2026-02-27')
      await page.getByLabel('Why do you enter it?').fill('They have nobody here yet, and sent it by post.')
      await checkPage(page, 'behalf-begin')
      await send(page, 'Begin')
      assert.match(await main(page), /Entered on behalf of Gantry Works by Mina Okafor[\s\S]*On paper, on 27 February 2026/)
      entered = path(page)
      await checkPage(page, 'behalf-draft')
      await follow(page, 'Attach the scanned paper or the e-mail')
      await page.locator('input[type=file][name=file]').setInputFiles({ name: 'scan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\nscan\n') })
      await send(page, 'Add the file')
      await page.goto(`${entered}/answers`)
      await page.locator('main a[href$="/answers/work"]').click()
      while (/\/answers\/\w+$/.test(path(page))) {
        const section = path(page).split('/').pop()
        await fillIn(page, onPaper)
        await Promise.all([page.waitForURL((url) => !url.pathname.endsWith(section)), press(page, 'Save and continue')])
      }
      await page.goto(`${entered}/check`)
      await page.getByRole('checkbox', { name: /those of the paper or e-mail that is attached/ }).check()
      await checkQuickly(page, 'behalf-check')
      await press(page, 'Submit the proposal')
      await page.waitForURL('**/sent')
      await page.goto(entered)
      assert.match(await main(page), /Entered on behalf of Gantry Works by Mina Okafor/)
      assert.doesNotMatch(await main(page), /Pass it on to the assessor|Return it with points/, 'whoever entered it does not check it')
      await checkPage(page, 'behalf-submitted')
      await shoot(page, 'contract-manager-behalf')
      await page.goto('/proposals')
      assert.match(await main(page), /Entered on behalf of Gantry Works by Mina Okafor/)
    })
    await by('Petra Lindqvist', async (page) => {
      await page.goto(entered)
      assert.match(await main(page), /Entered on behalf of Gantry Works by Mina Okafor/)
    })
  })
})
