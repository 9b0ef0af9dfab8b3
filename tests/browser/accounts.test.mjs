// Signing in: the first administrator, an invitation, a second factor; and the page that everybody can use.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { checkPage, checkQuickly, missing, open, shoot, startBrowser, startServer } from './lib.mjs'
import { as, follow, mailed, main, path, press, send, startDemo } from './people.mjs'

const WEAK = 'password1234'
const STRONG = 'copper lantern drifts sideways'

describe('accounts', { skip: missing() }, () => {
  let demo, browser
  before(async () => {
    demo = await startDemo()
    browser = await startBrowser()
  })
  after(async () => {
    await browser?.close()
    await demo?.stop()
  })

  test('OWN-2: the first administrator chooses a password by a link that works once, signs out and in', async () => {
    const data = await mkdtemp(join(tmpdir(), 'vouchsafe-init-'))
    const told = await promisify(execFile)(process.env.VOUCHSAFE_BIN, ['init', '--data', data, '--email', 'ada@authority.example', '--name', 'Ada Penhallow'])
    const link = /\/sign-in\/link\/\S+/.exec(told.stdout)?.[0]
    assert.ok(link, `init prints a link. It said: ${told.stdout}`)
    const server = await startServer({ args: ({ port }) => ['serve', '--data', data, '--listen', `127.0.0.1:${port}`], env: ({ url }) => ({ VOUCHSAFE_PUBLIC_URL: url }) })
    try {
      const page = await open(browser, server.url)
      await page.goto(link)
      await checkPage(page, 'password-choose')
      await page.locator('[name=password]').fill(WEAK)
      await press(page, 'Save the password')
      assert.match(await page.locator('.govuk-error-summary').innerText(), /easy to guess/)
      await checkPage(page, 'password-weak')
      await page.locator('[name=password]').fill(STRONG)
      await press(page, 'Save the password')
      assert.equal(path(page), '/')
      await checkQuickly(page, 'home-empty')
      await page.locator('.vs-account summary').click()
      await press(page, 'Sign out')
      await page.waitForURL('**/sign-in')
      assert.equal((await page.goto(link)).status(), 410)
      await checkQuickly(page, 'link-ended')

      await page.goto('/accounts')
      assert.equal(path(page), '/sign-in')
      await page.locator('[name=email]').fill('ada@authority.example')
      await page.locator('[name=password]').fill('not the password at all')
      await press(page, 'Sign in')
      assert.match(await page.locator('.govuk-error-summary').innerText(), /address or the password is wrong/)
      await checkPage(page, 'sign-in-wrong')
      await page.locator('[name=password]').fill(STRONG)
      await press(page, 'Sign in')
      // On to where one wanted to go.
      assert.equal(path(page), '/accounts')
      await page.context().close()
    } finally {
      await server.stop()
      await rm(data, { recursive: true, force: true })
    }
  })

  test('OWN-3: a token for a program is made, shown once, used and revoked; the pages of the API stand by themselves', async () => {
    const page = await as(browser, demo, 'Mina Okafor')
    await page.goto('/account/tokens')
    await checkPage(page, 'tokens-none')
    await follow(page, 'Make a token')
    await checkPage(page, 'token-new')
    await press(page, 'Make a token')
    assert.match(await page.locator('.govuk-error-summary').innerText(), /Enter a name/)
    await page.getByLabel('Name', { exact: true }).fill('Night report')
    await page.getByLabel('Read proposals', { exact: true }).check()
    await press(page, 'Make a token')
    const token = await page.locator('[data-token]').innerText()
    await checkPage(page, 'token-made')
    const ask = address => page.request.get(address, { headers: { authorization: `Bearer ${token}` } })
    assert.equal((await ask('/api/v1/proposals')).status(), 200)
    assert.equal((await ask('/api/v1/contracts')).status(), 403)
    await follow(page, 'I have kept it')
    assert.doesNotMatch(await main(page), /Not used yet/)
    await checkPage(page, 'tokens')
    await press(page, 'Revoke Night report')
    assert.equal((await ask('/api/v1/proposals')).status(), 401)

    await follow(page, 'How programs use the API')
    await checkPage(page, 'api-docs')
    await page.getByRole('link', { name: 'proposals', exact: true }).click()
    await page.getByText('Begin a proposal', { exact: true }).first().waitFor()
    await shoot(page, 'api-docs-proposals')
    assert.deepEqual(page.troubles, [])
    await page.context().close()
  })

  test('OWN-2: somebody who is invited by e-mail sets a password and a second factor, and needs both', async () => {
    const admin = await as(browser, demo, 'Ada Penhallow')
    await admin.goto('/accounts/invite')
    await checkPage(admin, 'invite')
    await admin.locator('[name=email]').fill('wren.tallis@crossings.example')
    await admin.locator('[name=name]').fill('Wren Tallis')
    const party = admin.locator('select[name=party]')
    await party.selectOption({ label: 'Department of Crossings' })
    await admin.locator('select[name=role]').selectOption('assessor')
    await press(admin, 'Send the invitation')
    await admin.getByRole('heading', { level: 1, name: 'Wren Tallis' }).waitFor()
    await checkQuickly(admin, 'person-invited')
    await admin.context().close()

    const link = await mailed(demo, 'wren.tallis@crossings.example', /\/sign-in\/link\/[\w-]+/)
    const page = await open(browser, demo.url)
    await page.goto(link)
    await page.locator('[name=password]').fill(STRONG)
    await send(page, 'Save the password')
    await page.goto('/account/second-factor')
    const secret = (await page.locator('main p strong').innerText()).replace(/\s/g, '')
    await checkPage(page, 'second-factor')
    await page.locator('[name=code]').fill('000000')
    await press(page, 'Turn on')
    await page.locator('.govuk-error-summary').waitFor()
    await page.locator('[name=code]').fill(code(secret))
    await press(page, 'Turn on')
    const [recovery] = await page.locator('[data-recovery] code').allInnerTexts()
    await checkQuickly(page, 'recovery-codes')

    await page.locator('.vs-account summary').click()
    await press(page, 'Sign out')
    await page.locator('[name=email]').fill('wren.tallis@crossings.example')
    await page.locator('[name=password]').fill(STRONG)
    await press(page, 'Sign in')
    assert.equal(path(page), '/sign-in/code')
    await checkPage(page, 'sign-in-code')
    await page.locator('[name=code]').fill(recovery)
    await press(page, 'Continue')
    assert.equal(path(page), '/')
    await page.context().close()
  })

  test('OWN-2: who forgot a password asks for a link by e-mail, and the new password ends every session', async () => {
    const person = { email: 'isolde.marrow@crossings.example', name: 'Isolde Marrow' }
    const old = await invited(browser, demo, person)
    const page = await open(browser, demo.url)
    await page.goto('/sign-in')
    await page.getByRole('link', { name: /forgot/i }).click()
    await checkPage(page, 'password-forgotten')
    // Whoever has no account is told the same.
    await page.locator('[name=email]').fill('nobody@crossings.example')
    await page.locator('main form button').click()
    const told = (await main(page)).replace('nobody@crossings.example', '')
    await checkQuickly(page, 'password-asked')
    await page.goto('/sign-in/forgotten')
    await page.locator('[name=email]').fill(person.email)
    await page.locator('main form button').click()
    assert.equal((await main(page)).replace(person.email, ''), told)

    const link = await mailed(demo, person.email, /\/sign-in\/link\/[\w-]+/, [person.link])
    await page.goto(link)
    await checkQuickly(page, 'password-anew')
    await page.locator('[name=password]').fill('violet thimble orbit canoe')
    await press(page, 'Save the password')
    assert.equal(path(page), '/')
    await old.goto('/account')
    assert.equal(path(old), '/sign-in')
    await old.locator('[name=email]').fill(person.email)
    await old.locator('[name=password]').fill(STRONG)
    await press(old, 'Sign in')
    assert.match(await old.locator('.govuk-error-summary').innerText(), /address or the password is wrong/)
    assert.equal((await page.goto(link)).status(), 410)
    await old.context().close()
    await page.context().close()
  })

  test('OWN-2: one sees where one is signed in, and ends a session elsewhere', async () => {
    const person = { email: 'corin.vale@crossings.example', name: 'Corin Vale' }
    const desk = await invited(browser, demo, person)
    const phone = await open(browser, demo.url)
    await phone.goto('/sign-in')
    await phone.locator('[name=email]').fill(person.email)
    await phone.locator('[name=password]').fill(STRONG)
    await send(phone, 'Sign in')
    await desk.goto('/account')
    await checkPage(desk, 'account-sessions')
    const ends = desk.locator('form[action^="/account/sessions/"][action$="/end"]')
    assert.equal(await ends.count(), 1, 'the other session can be ended; one’s own is left by signing out')
    await ends.getByRole('button').click()
    assert.equal(path(desk), '/account')
    assert.equal(await ends.count(), 0)
    await phone.goto('/account')
    assert.equal(path(phone), '/sign-in')
    await desk.context().close()
    await phone.context().close()
  })

  test('OFF-3 OFF-5 OWN-1: anybody asks whether something is offshoring, and is told why', async () => {
    const page = await open(browser, demo.url)
    await page.goto('/check')
    await checkPage(page, 'check')
    const one = page.locator('fieldset[data-entry="activities.1"]')
    // People who are brought in are asked about instead of a country.
    const resident = one.locator('[data-question=resident]')
    assert.equal(await resident.isVisible(), false)
    await one.getByRole('radio', { name: 'People brought into the country' }).check()
    assert.equal(await resident.isVisible(), true)
    await one.getByRole('radio', { name: 'Hosting' }).check()
    assert.equal(await resident.isVisible(), false)
    // The list of countries lies over the page: neither its opening nor its closing moves what follows from under the pointer.
    const after = (scrolled) => one.locator('[data-question=information]').evaluate((element, scrolled) => element.getBoundingClientRect().top + (scrolled ? 0 : window.scrollY), scrolled)
    const onPage = await after(false)
    await one.getByRole('combobox').fill('Portugal')
    await one.getByRole('option', { name: 'Portugal', exact: true }).waitFor()
    assert.equal(await after(false), onPage)
    await one.getByRole('option', { name: 'Portugal', exact: true }).scrollIntoViewIfNeeded()
    const onScreen = await after(true)
    await one.getByRole('option', { name: 'Portugal', exact: true }).click()
    await one.getByRole('listbox').waitFor({ state: 'hidden' })
    assert.equal(await after(false), onPage)
    assert.equal(await after(true), onScreen)
    await one.locator('[data-question=information]').getByRole('radio', { name: 'Yes' }).check()
    await press(page, 'Add another activity')
    const two = page.locator('fieldset[data-entry="activities.2"]')
    await two.getByRole('radio', { name: 'Another service' }).check()
    await press(page, 'Check')
    const told = await page.locator('.vs-answer').innerText()
    assert.match(told, /Offshoring[\s\S]*OFF-3a/)
    assert.match(told, /Cannot tell yet/)
    await checkPage(page, 'check-answer')
    await page.setViewportSize({ width: 1280, height: 900 })
    await shoot(page, 'check-answer')
    await page.context().close()
  })
})

// A page of somebody of the authority who was invited and has chosen a password; `person.link` is the path of the invitation.
async function invited (browser, demo, person) {
  const admin = await as(browser, demo, 'Ada Penhallow')
  await admin.goto('/accounts/invite')
  await admin.locator('[name=email]').fill(person.email)
  await admin.locator('[name=name]').fill(person.name)
  await admin.locator('select[name=party]').selectOption({ label: 'Department of Crossings' })
  await admin.locator('select[name=role]').selectOption('assessor')
  await press(admin, 'Send the invitation')
  await admin.getByRole('heading', { level: 1, name: person.name }).waitFor()
  await admin.context().close()
  person.link = await mailed(demo, person.email, /\/sign-in\/link\/[\w-]+/)
  const page = await open(browser, demo.url)
  await page.goto(person.link)
  await page.locator('[name=password]').fill(STRONG)
  await press(page, 'Save the password')
  assert.equal(path(page), '/')
  return page
}

// The six digits that an authenticator app shows now for a secret.
function code (secret) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)))
  const hash = createHmac('sha1', key).update(step).digest()
  const at = hash[19] & 15
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0')
}
