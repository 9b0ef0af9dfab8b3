// A security plan, known and changed: written on a telephone, agreed, told of a change that is considered, changed, compared; and a change with work abroad.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { plan, secondDesk } from './plan-answers.mjs'
import { checkPage, checkQuickly, missing, PHONE, shoot } from './lib.mjs'
import { demonstration, fillIn, follow, main, paper, path, press, send } from './people.mjs'

// Answers section after section, from the list on, until the list is shown again; `look` is called on each.
async function answerAll (page, given, first, look = () => {}) {
  await page.locator(`main a[href$="/answers/${first}"]`).click()
  const seen = []
  while (/\/answers\/\w+$/.test(path(page))) {
    const section = path(page).split('/').pop()
    assert.ok(!seen.includes(section), `the section ${section} comes back: ${await main(page)}`)
    seen.push(section)
    await fillIn(page, given)
    await look(section)
    await Promise.all([page.waitForURL((url) => !url.pathname.endsWith(section)), press(page, 'Save and continue')])
  }
  return seen
}

// The site of the plan, in the register.
async function addSite (page) {
  await page.goto('/sites/add')
  await page.locator('[name=name]').fill('North quay office')
  const radio = page.locator('input[type=radio][name=kind][value=office]')
  if (await radio.count() > 0) await radio.check()
  else await page.locator('select[name=kind]').selectOption('office')
  if (await page.locator('select[name=party]').count() > 0) await page.locator('select[name=party]').selectOption({ label: 'Halyard Systems' })
  await page.locator('[id=country]').fill('United King')
  await page.getByRole('option', { name: /United Kingdom/ }).first().click()
  await page.locator('[name=address]').fill('1 Quay Street, Harbourtown')
  await page.locator('[name=people]').fill('12')
  await send(page, page.locator('main form button').last())
  await page.getByRole('heading', { level: 1, name: 'North quay office' }).waitFor()
}

// The boxes of a register's form by name, and its country.
async function fill (page, boxes, country) {
  for (const [name, text] of Object.entries(boxes)) await page.locator(`[name=${name}]`).fill(text)
  await page.locator('[id=country]').fill(country)
  await page.getByRole('option', { name: country }).first().click()
}

async function handIn (page, what) {
  await follow(page, 'Check your answers')
  await checkPage(page, `${what}-check`)
  await page.getByRole('checkbox').check()
  await send(page, page.locator('main form button[type=submit], main form button:not([type])').last())
  await page.waitForURL('**/sent')
  await checkPage(page, `${what}-sent`)
  return path(page).replace('/sent', '')
}

describe('security plans', { skip: missing() }, () => {
  const { by } = demonstration()

  let first
  test('SEC-8a SEC-8b: a supplier writes its plan on a telephone, and hands it in', () => by('Ash Marlow', async (page) => {
    await addSite(page)
    await page.goto('/plans')
    await checkPage(page, 'plans-empty')
    await follow(page, 'Write a security plan')
    await checkPage(page, 'plan-start')
    await page.getByRole('radio', { name: 'Ferry bookings: Halyard Systems' }).check()
    await send(page, 'Start now')
    await checkPage(page, 'plan-sections')
    const seen = await answerAll(page, plan, 'terms', (section) => ['terms', 'premises', 'assurance'].includes(section) ? checkPage(page, `plan-${section}`) : undefined)
    assert.equal(seen.length, 14)
    await page.setViewportSize(PHONE)
    await shoot(page, 'plan-sections-phone')
    first = await handIn(page, 'plan')
    assert.match(first, /^\/plans\/[0-9a-f-]+$/)
  }, { viewport: PHONE }))

  test('SEC-8b SEC-8e: security agrees it with a reason; what it promises to test becomes tasks', () => by('Soren Vale', async (page) => {
    await page.goto('/')
    assert.match(await main(page), /Security plans that wait for you/)
    await page.goto(first)
    await checkPage(page, 'plan-overview-security')
    await shoot(page, 'plan-overview-security')
    await follow(page, 'Agree the plan')
    await checkPage(page, 'plan-agree')
    await page.locator('[name=reason]').fill('It covers what we ask for.')
    await send(page, 'Agree the plan')
    assert.match(await main(page), /Version 1/)
    await checkPage(page, 'plan-agreed')
    assert.match((await paper(page, 'Get the plan as PDF', 'plan')).words, /Security plan: [\s\S]*Version 1[\s\S]*Premises/)
    await follow(page, 'Tasks')
    await page.getByRole('heading', { name: 'A penetration test: The booking desk' }).waitFor()
    await checkPage(page, 'plan-tasks')
  }))

  test('SEC-9: a change that is merely considered is told of, and ends with the plan as it is', async () => {
    let change
    await by('Ash Marlow', async (page) => {
      await page.goto('/plan-changes/new')
      await checkPage(page, 'plan-change-new')
      await follow(page, 'Tell of a change that you consider')
      await page.locator('[name=title]').fill('Another cleaner for the office')
      await page.locator('[name=added][value=other]').check()
      await page.locator('[name=handles][value=no]').check()
      await page.locator('[name=about]').fill('Another company might clean the office from March on. It enters no room with screens.')
      await checkPage(page, 'plan-change-notice')
      await send(page, 'Send the notice')
      await checkPage(page, 'plan-change-notice-sent')
      await shoot(page, 'plan-change-notice-sent')
      change = path(page).replace('/sent', '')
    })
    await by('Soren Vale', async (page) => {
      await page.goto(change)
      await checkPage(page, 'plan-change-considered')
      await shoot(page, 'plan-change-considered')
      await follow(page, 'Leave the plan as it is')
      await page.locator('[name=reason]').fill('Cleaners enter no room with screens; the plan says so already.')
      await checkQuickly(page, 'plan-change-no-change')
      await send(page, 'Leave the plan as it is')
      assert.match(await main(page), /No plan change/)
    })
  })

  test('SEC-9: a system and a transfer route that are added prompt at the plan, and one notice tells of both', async () => {
    let change
    await by('Ash Marlow', async (page) => {
      await page.goto('/systems')
      await checkPage(page, 'systems')
      await follow(page, 'Add a system')
      await fill(page, { name: 'Mirror of the bookings', holds: 'Bookings of the last month.', protection: 'Encrypted at rest; keys kept by Halyard.' }, 'Ireland')
      await page.locator('select[name=kind]').selectOption('storage')
      await checkPage(page, 'system-add')
      await shoot(page, 'system-add')
      await send(page, page.locator('main form button').last())
      await page.getByRole('heading', { level: 1, name: 'Mirror of the bookings' }).waitFor()
      await checkPage(page, 'system')
      await shoot(page, 'system')
      await page.goto('/transfer-routes')
      await checkPage(page, 'transfer-routes')
      await follow(page, 'Add a transfer route')
      await fill(page, { name: 'Bookings to the mirror', from_end: 'Booking platform', to_end: 'Mirror of the bookings', carries: 'Bookings, each hour.', encryption: 'TLS 1.3' }, 'Ireland')
      await page.locator('select[name=kind]').selectOption('api')
      await page.locator('[name=direction][value=onward]').check()
      await checkPage(page, 'transfer-route-add')
      await send(page, page.locator('main form button').last())
      await page.getByRole('heading', { level: 1, name: 'Bookings to the mirror' }).waitFor()
      await page.goto(first)
      assert.match(await main(page), /A system was added[\s\S]*A transfer route was added/)
      await checkPage(page, 'plan-prompts')
      await shoot(page, 'plan-prompts')
      await follow(page, 'Tell of all of it')
      await page.locator('[name=title]').fill('A mirror of the bookings')
      await page.locator('[name=added][value=system]').check()
      await page.locator('[name=added][value=transfer_route]').check()
      await page.locator('[name=handles][value=yes]').check()
      await page.locator('[name=about]').fill('A copy of the bookings would be kept in Ireland.')
      await send(page, 'Send the notice')
      change = path(page).replace('/sent', '')
      await page.goto(first)
      assert.doesNotMatch(await main(page), /A system was added/)
    })
    await by('Soren Vale', async (page) => {
      await page.goto(change)
      await checkPage(page, 'plan-change-tells-of')
      await page.locator('main a[href^="/transfer-routes/"]').waitFor()
      await send(page, page.locator('main a[href^="/systems/"]'))
      await page.getByRole('heading', { level: 1, name: 'Mirror of the bookings' }).waitFor()
      await page.goto(change)
      await follow(page, 'Leave the plan as it is')
      await page.locator('[name=reason]').fill('The mirror is not built.')
      await send(page, 'Leave the plan as it is')
    })
  })

  test('SEC-28 SEC-29 SEC-X3: a change is asked for, agreed with a condition, and makes the next version, which is compared', async () => {
    let change, next
    await by('Ash Marlow', async (page) => {
      await page.goto('/plan-changes/new')
      await follow(page, 'Ask for a change')
      await checkPage(page, 'plan-change-start')
      await send(page, 'Start now')
      await answerAll(page, secondDesk, 'request', (section) => checkQuickly(page, `plan-change-${section}`))
      change = await handIn(page, 'plan-change')
    })
    await by('Soren Vale', async (page) => {
      await page.goto(change)
      await checkPage(page, 'plan-change-submitted')
      await follow(page, 'Agree the request')
      await page.locator('[name=reason]').fill('It is protected as the first one is.')
      await page.locator('[name=conditions]').fill('Show the first restore of the second desk.')
      await checkPage(page, 'plan-change-agree')
      await send(page, 'Agree the request')
      await checkPage(page, 'plan-change-agreed')
      await shoot(page, 'plan-change-agreed')
      assert.match((await paper(page, 'Get the change as PDF', 'plan-change')).words, /CHG-\d{4}-\d{6}[\s\S]*Show the first restore of the second desk/)
    })
    await by('Ash Marlow', async (page) => {
      await page.goto(change)
      await follow(page, 'The plan’s next version')
      next = path(page)
      await follow(page, 'Answer the questions')
      assert.match(await main(page), /sections that the change names wait for you/)
      await checkPage(page, 'plan-next-sections')
      await page.goto(`${next}/answers/systems`)
      await checkPage(page, 'plan-next-section')
      const more = { ...plan, systems: [...plan.systems, { ...plan.systems[0], system_name: 'Second booking desk' }] }
      await fillIn(page, more)
      await send(page, 'Save and go to the list')
      await page.goto(`${next}/answers/handling`)
      await send(page, 'Save and go to the list')
      await handIn(page, 'plan-next')
    })
    await by('Soren Vale', async (page) => {
      await page.goto(next)
      await follow(page, 'What differs from version 1')
      assert.match(await main(page), /Second booking desk/)
      await checkPage(page, 'plan-compare')
      await shoot(page, 'plan-compare')
      await page.goto(next)
      await follow(page, 'Agree the plan')
      await page.locator('[name=reason]').fill('As the change was agreed.')
      await send(page, 'Agree the plan')
      assert.match(await main(page), /Version 2/)
      await page.goto(change)
      assert.match(await main(page), /In effect/)
      await page.goto(first)
      assert.match(await main(page), /Version 2 took the place of this one/)
      await checkPage(page, 'plan-superseded')
      await page.goto('/plans')
      await checkPage(page, 'plans')
    })
  })

  test('SEC-9 OFF-6: a change with work abroad is not agreed without its proposal', async () => {
    let change
    await by('Ash Marlow', async (page) => {
      await page.goto('/plan-changes/new')
      await follow(page, 'Ask for a change')
      await send(page, 'Start now')
      await answerAll(page, { ...secondDesk, change_title: 'Night calls from Lisbon', offshore: true }, 'request')
      await follow(page, 'Check your answers')
      assert.match(await main(page), /no proposal belongs to it yet/)
      await page.getByRole('checkbox').check()
      await send(page, 'Submit the request')
      change = path(page).replace('/sent', '')
    })
    await by('Soren Vale', async (page) => {
      await page.goto(`${change}/step/agree`)
      await page.locator('[name=reason]').fill('Fine.')
      await send(page, 'Agree the request')
      assert.match(await page.locator('body').innerText(), /no proposal belongs to it/)
      await checkPage(page, 'plan-change-not-linked')
    })
    await by('Ash Marlow', async (page) => {
      await page.goto(change)
      await checkPage(page, 'plan-change-abroad')
      await shoot(page, 'plan-change-abroad')
      await send(page, 'Open a proposal')
      assert.match(path(page), /^\/proposals\/.*\/answers$/)
      await page.goto(change)
      assert.match(await main(page), /take effect together/)
    })
    await by('Soren Vale', async (page) => {
      await page.goto(`${change}/step/agree`)
      await page.locator('[name=reason]').fill('Together with its proposal.')
      await send(page, 'Agree the request')
      assert.match(await main(page), /does not take effect yet/)
      assert.match(await main(page), /is not decided yet/)
      await checkPage(page, 'plan-change-together')
    })
  })
})
