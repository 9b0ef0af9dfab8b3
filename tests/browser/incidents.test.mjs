// Security incidents: reported at night from a telephone, completed later, triaged, decided and seen through.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkPage, checkQuickly, missing, open, PHONE, shoot } from './lib.mjs'
import { demonstration, follow, main, path, press, send } from './people.mjs'

// A day in three boxes, with the time beside it.
const moment = async (page, name, [day, month, year, time]) => {
  for (const [part, value] of [['date.day', day], ['date.month', month], ['date.year', year], ['time', time]]) {
    await page.locator(`[name="q.${name}.${part}"]`).fill(String(value))
  }
}

const today = () => {
  const now = new Date()
  return [now.getDate(), now.getMonth() + 1, now.getFullYear(), '00:05']
}

// What the shortest report asks, of something that is over.
const tell = async (page, happened, kind, reach) => {
  await page.locator('[name="q.what_happened"]').fill(happened)
  await moment(page, 'discovered', today())
  await page.getByLabel(kind, { exact: true }).check()
  await page.locator('[name="q.still_going_on"][value=over]').check()
  await page.locator('[name="q.reach_me"]').fill(reach)
}

describe('incidents', { skip: missing() }, () => {
  const { here, by } = demonstration()

  let incident, told
  test('SEC-24: a report in six answers, from a telephone, has its reference at once', () => by('Bo Kinsey', async (page) => {
    await page.goto('/incidents')
    await checkPage(page, 'incidents-list')
    await follow(page, 'Report an incident')
    await page.getByRole('heading', { level: 1, name: 'Report an incident' }).waitFor()
    await checkPage(page, 'incident-where')
    await page.locator('main a', { hasText: 'Halyard Systems' }).first().click()
    await page.waitForURL(/\/incidents\/new\/[0-9a-f-]+$/)
    await checkPage(page, 'incident-report')
    // What is lacking is said, and nothing of what was typed is lost.
    await page.locator('[name="q.what_happened"]').fill('A laptop of the night desk is gone. It was in the staff room until midnight.')
    await send(page, 'Send the report')
    await checkPage(page, 'incident-report-errors')
    assert.match(await page.locator('[name="q.what_happened"]').inputValue(), /night desk is gone/)
    await moment(page, 'discovered', today())
    await page.getByLabel('A computer, telephone, disk or memory stick').check()
    await page.getByLabel('Data about people').check()
    await page.locator('[name="q.still_going_on"][value=yes]').check()
    await page.locator('[name="q.reach_me"]').fill('Bo Kinsey, on the night telephone')
    await shoot(page, 'incident-report-phone')
    await send(page, 'Send the report')
    await page.getByText(/INC-\d{4}-\d{6}/).first().waitFor()
    await checkPage(page, 'incident-sent')
    await shoot(page, 'incident-sent-phone')
    incident = path(page).replace('/sent', '')
  }, { viewport: PHONE }))

  test('SEC-X2: the report is completed later, section by section, and what was sent before stays', () => by('Bo Kinsey', async (page) => {
    await page.goto(incident)
    assert.match(await main(page), /lacks \d+ answers/)
    assert.match(await main(page), /Do not notify the regulator/)
    await checkPage(page, 'incident-overview-supplier')
    await follow(page, 'Complete the report')
    await checkPage(page, 'incident-sections')
    await page.locator('main a', { hasText: 'What happened' }).first().click()
    await page.waitForURL(/answers\//)
    await checkPage(page, 'incident-section')
    await page.goto(`${incident}/answers/report`)
    await page.locator('[name="q.what_happened"]').fill('A laptop of the night desk is gone. It was in the staff room until midnight. A door was open.')
    await send(page, 'Save and go to the list')
    await page.goto(`${incident}/check`)
    await checkPage(page, 'incident-check')
    await send(page, 'Send it to the authority')
    assert.match(await main(page), /A door was open/)
    await follow(page, 'See what changed since the round before')
    await page.getByRole('heading', { name: 'What changed' }).waitFor()
    await checkPage(page, 'incident-changes')
  }))

  test('SEC-10, SEC-X1: security takes it up, puts the tests to what is known, and decides with a reason', () => by('Soren Vale', async (page) => {
    await page.goto('/')
    assert.match(await main(page), /Incidents that wait for you/)
    await page.goto(incident)
    await follow(page, 'Take it up')
    await checkPage(page, 'incident-take-up')
    await send(page, 'Take it up')
    await page.goto(`${incident}/triage`)
    await checkPage(page, 'incident-triage')
    await page.locator('[name=attempt][value=none]').check()
    for (const [name, code] of [['actions', 'not_known'], ['loss', 'not_known']]) {
      await page.locator(`[name=${name}][value=${code}]`).uncheck()
    }
    await page.locator('[name=actions][value=lost]').check()
    await page.locator('[name=loss][value=confidentiality]').check()
    await page.locator('[name=whereabouts][value=outside]').check()
    await page.locator('select[name=relies_on]').selectOption({ label: 'Recordings of help-desk calls: Authority data' }, { force: true })
    await send(page, 'Save, and put the tests to it')
    assert.match(await main(page), /Incident[\s\S]*SEC-X1/)
    assert.match(await page.locator('select[name=relies_on] option:checked').textContent(), /help-desk calls/)
    await checkPage(page, 'incident-triaged')
    await shoot(page, 'incident-triaged')
    await follow(page, 'Decide what it is')
    await checkPage(page, 'incident-decide')
    await page.locator('[name=verdict][value=incident]').check()
    await page.locator('[name=reason]').fill('The laptop is gone with data about people.')
    await send(page, 'Decide what it is')
    assert.match(await main(page), /Being acted on/)
    await checkPage(page, 'incident-decided')
  }))

  test('SEC-24: a remedial action is refused and then verified, and the incident is closed with what was learnt', async () => {
    await by('Soren Vale', async (page) => {
      await page.goto(`${incident}/tasks`)
      await page.getByLabel('What is to be done?').fill('Chain every laptop to its desk')
      await page.locator('[name=side][value=supplier]').check()
      await page.locator('[name=checks]').check()
      await send(page, 'Set the task')
      await checkPage(page, 'incident-tasks')
    })
    const done = (note) => by('Ash Marlow', async (page) => {
      await page.goto(`${incident}/tasks`)
      await page.locator('[name=note]').fill(note)
      await send(page, page.getByRole('button', { name: /Mark as done/ }).first())
    })
    const checked = (lacks) => by('Soren Vale', async (page) => {
      await page.goto(`${incident}/tasks`)
      if (lacks) await page.locator('[name=lacks]').fill(lacks)
      await send(page, page.locator(`button[name=found][value=${lacks ? 'lacking' : 'done'}]`))
    })
    await done('All are chained.')
    await checked('The one at the gate is not.')
    await by('Ash Marlow', async (page) => {
      await page.goto(`${incident}/tasks`)
      assert.match(await main(page), /The one at the gate is not/)
    })
    await done('That one too.')
    await checked()
    await by('Soren Vale', async (page) => {
      await page.goto(incident)
      await follow(page, 'Close it')
      await checkPage(page, 'incident-close')
      await page.locator('[name=reason]').fill('Laptops stay chained at night. The door has a new lock.')
      await send(page, 'Close it')
      assert.match(await main(page), /Closed/)
      await checkPage(page, 'incident-closed')
    })
  })

  test('SEC-X1f: a folder that turns out to be in the safe was misplaced, and the report is decided to be no incident', () => by('Soren Vale', async (page) => {
    await page.goto('/incidents')
    await page.locator('main table a', { hasText: 'Bowline Support' }).first().click()
    await page.waitForURL(/\/incidents\/[0-9a-f-]+$/)
    const folder = path(page)
    await follow(page, 'Take it up')
    await send(page, 'Take it up')
    await page.goto(`${folder}/triage`)
    await page.locator('[name=attempt][value=none]').check()
    for (const [name, off, on] of [['actions', 'not_known', 'lost'], ['loss', 'not_known', 'none_of_these']]) {
      await page.locator(`[name=${name}][value=${off}]`).uncheck()
      await page.locator(`[name=${name}][value=${on}]`).check()
    }
    await page.locator('[name=whereabouts][value=in_secure_facility]').check()
    for (const name of ['process_breakdown', 'exposed']) await page.locator(`[name=${name}][value=no]`).check()
    await send(page, 'Save, and put the tests to it')
    assert.match(await main(page), /this is no incident/)
    assert.match(await main(page), /[Mm]isplaced/)
    await checkPage(page, 'incident-misplaced')
    await follow(page, 'Decide what it is')
    await page.locator('[name=verdict][value=not_incident]').check()
    await page.locator('[name=reason]').fill('The folder lay in the safe.')
    await send(page, 'Decide what it is')
    assert.match(await main(page), /No incident/)
  }))

  test('SEC-24: somebody without an account reports by the contract’s link, from a telephone; called back, it opens nothing', async () => {
    let address
    await by('Ash Marlow', async (page) => {
      await page.goto('/incidents/new')
      await page.locator('main a', { hasText: 'Halyard Systems' }).first().click()
      await follow(page, 'Let people without an account report: reporting links')
      await checkPage(page, 'incident-links-none')
      await send(page, 'Make a link')
      await checkPage(page, 'incident-link-made')
      address = new URL(await page.locator('main code').innerText()).pathname
    })
    const page = await open(here.browser, here.demo.url, { viewport: PHONE })
    await page.goto(address)
    await checkPage(page, 'incident-by-link')
    await tell(page, 'A parcel for sam.bell@customers.example was open when it came.', 'Paper', 'Kim at the gate')
    await send(page, 'Send the report')
    await page.getByText(/INC-\d{4}-\d{6}/).first().waitFor()
    await page.getByText('It is withheld.').waitFor()
    await checkPage(page, 'incident-by-link-sent')
    await follow(page, 'Data about people in your report')
    await page.locator('mark', { hasText: 'sam.bell@customers.example' }).waitFor()
    await page.getByText('Remove it yourself').click()
    await checkPage(page, 'incident-by-link-screening')
    await shoot(page, 'incident-by-link-screening-phone')
    await page.locator('[name=text-what_happened]').fill('A parcel for a customer was open when it came.')
    await send(page, 'Send it so')
    assert.match(await main(page), /Nothing in what you sent looks like data about people/)
    await follow(page, 'Back to your reference')
    await page.getByText(/INC-\d{4}-\d{6}/).first().waitFor()
    await by('Ash Marlow', async (lead) => {
      await lead.goto('/incidents/new')
      await lead.locator('main a', { hasText: 'Halyard Systems' }).first().click()
      await follow(lead, 'Let people without an account report: reporting links')
      assert.match(await main(lead), /Reports/)
      await send(lead, lead.getByRole('button', { name: /Call it back/ }))
    })
    const gone = await page.goto(address)
    assert.equal(gone.status(), 404)
    await page.context().close()
  })

  test('SEC-25: data about people is found in place; it is removed, masked, and declared essential, and each look is recorded', async () => {
    const reported = async (words) => {
      let at
      await by('Bo Kinsey', async (page) => {
        await page.goto('/incidents/new')
        await page.locator('main a', { hasText: 'Halyard Systems' }).first().click()
        await page.locator('[name="q.what_happened"]').fill(words)
        await moment(page, 'discovered', today())
        await page.getByLabel('Data about people').check()
        await page.locator('[name="q.still_going_on"][value=over]').check()
        await page.locator('[name="q.reach_me"]').fill('Bo Kinsey')
        await send(page, 'Send the report')
        await page.getByText('It is withheld.').waitFor()
        at = path(page).replace('/sent', '')
        await follow(page, 'Data about people in your report')
        await page.locator('mark', { hasText: 'sam.bell@customers.example' }).first().waitFor()
        await checkPage(page, 'incident-screening')
        await shoot(page, 'incident-screening')
      })
      return at
    }
    const words = 'The booking of sam.bell@customers.example went to somebody else.'
    // Removed by hand.
    const removed = await reported(words)
    await by('Bo Kinsey', async (page) => {
      await page.goto(`${removed}/screening`)
      await follow(page, 'Remove it yourself')
      await page.locator('[name="q.what_happened"]').fill('The booking of one customer went to somebody else.')
      await send(page, 'Save and go to the list')
      await page.goto(`${removed}/check`)
      await send(page, 'Send it to the authority')
      await page.goto(`${removed}/screening`)
      assert.match(await main(page), /Nothing in what you sent looks like data about people/)
      await checkPage(page, 'incident-screening-none')
    })
    // The thread is looked through as well.
    await by('Bo Kinsey', async (page) => {
      await page.goto(`${removed}/thread`)
      await page.getByLabel('Your message').fill('Please write to sam.bell@customers.example.')
      await press(page, 'Send')
      await page.locator('.govuk-error-summary').getByText('This holds data about people').waitFor()
      await checkPage(page, 'incident-thread-people')
      await shoot(page, 'incident-thread-people')
      await page.getByRole('radio', { name: 'It has to stand there' }).check()
      await page.locator('[name=people_reason]').fill('Only they know when it came.')
      await send(page, 'Send')
    })
    await by('Soren Vale', async (page) => {
      await page.goto(`${removed}/thread`)
      assert.doesNotMatch(await page.content(), /sam\.bell/)
      await checkPage(page, 'incident-thread-withheld')
      await shoot(page, 'incident-thread-withheld')
      await send(page, page.getByRole('button', { name: /^Show it/ }))
      assert.match(await main(page), /sam\.bell@customers\.example/)
      await checkQuickly(page, 'incident-thread-shown')
    })
    // Masked with one button.
    const masked = await reported(words)
    await by('Bo Kinsey', async (page) => {
      await page.goto(`${masked}/screening`)
      await send(page, page.getByRole('button', { name: /^Mask it/ }))
      assert.match(await main(page), /Nothing in what you sent looks like data about people/)
    })
    await by('Soren Vale', async (page) => {
      await page.goto(masked)
      assert.doesNotMatch(await page.content(), /sam\.bell/)
    })
    // Declared essential: sealed, and a look leaves an entry.
    const needed = await reported(words)
    await by('Bo Kinsey', async (page) => {
      await page.goto(`${needed}/screening`)
      await page.getByText('The authority needs it', { exact: true }).click()
      await page.locator('[name=reason-what_happened]').fill('The customer must be warned today.')
      await send(page, 'Declare it essential')
      assert.match(await main(page), /Declared essential/)
      await checkPage(page, 'incident-essential')
    })
    await by('Soren Vale', async (page) => {
      await page.goto(needed)
      assert.doesNotMatch(await page.content(), /sam\.bell/)
      await send(page, page.getByRole('button', { name: /^Show/ }).first())
      assert.match(await main(page), /sam\.bell@customers\.example/)
      await page.goto(`${needed}/history`)
      assert.match(await main(page), /Sealed answer read/)
    })
  })

  test('SEC-24: what somebody telephoned is entered on their behalf', () => by('Mina Okafor', async (page) => {
    await page.goto('/incidents/new')
    await checkPage(page, 'incident-told-where')
    await page.locator('main a', { hasText: 'Halyard Systems' }).first().click()
    await page.locator('[name=told_by]').fill('Robin Sayers')
    await page.locator('[name=told_how]').fill('by telephone')
    await tell(page, 'A caller asked for a booking and was told it.', 'Data about people', 'The desk at the pier')
    await checkPage(page, 'incident-told')
    await send(page, 'Send the report')
    await page.getByText(/INC-\d{4}-\d{6}/).first().waitFor()
    told = path(page).replace('/sent', '')
    await page.goto(told)
    assert.match(await main(page), /Robin Sayers \(by telephone\)/)
  }))

  test('SEC-X1b, SEC-X1h: nothing of the authority’s was involved: the tests say that it is none, and security decides so, with a reason', () => by('Soren Vale', async (page) => {
    await page.goto(told)
    await follow(page, 'Take it up')
    await send(page, 'Take it up')
    await page.goto(`${told}/triage`)
    await page.locator('[name=asset_involved][value=no]').check()
    await page.locator('[name=attempt][value=none]').check()
    await send(page, 'Save, and put the tests to it')
    assert.match(await main(page), /this is no incident/)
    assert.doesNotMatch(await main(page), /[Mm]isplaced/)
    await checkPage(page, 'incident-none')
    await shoot(page, 'incident-none')
    await follow(page, 'Decide what it is')
    await page.locator('[name=verdict][value=not_incident]').check()
    await page.locator('[name=reason]').fill('The booking was the caller’s own, with another company.')
    await send(page, 'Decide what it is')
    assert.match(await main(page), /No incident/)
    await checkPage(page, 'incident-none-decided')
  }))

  test('SEC-X1j: beside the question which checks of a caller were made stands what the agreed plan says of them', () => by('Carys Pike', async (page) => {
    await page.goto('/incidents/new')
    await page.locator('main a', { hasText: 'Capstan Group' }).first().click()
    await tell(page, 'Somebody who said that he was from the harbour was told where the spare lamps lie.', 'Other information', 'The watch room')
    await send(page, 'Send the report')
    await page.getByText(/INC-\d{4}-\d{6}/).first().waitFor()
    await page.goto(`${path(page).replace('/sent', '')}/answers/callers`)
    await page.getByText('The watch room calls back by the number in its register.').waitFor()
    await checkPage(page, 'incident-callers')
    await shoot(page, 'incident-callers')
  }, { viewport: PHONE }))
})
