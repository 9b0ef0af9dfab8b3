// The regulator: the authority's data controller decides and records what was sent, while a supplier cannot find it.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkPage, missing, PHONE, shoot } from './lib.mjs'
import { demonstration, follow, main, path, send } from './people.mjs'

const boxes = async (page, name, [day, month, year]) => {
  for (const [part, value] of [['day', day], ['month', month], ['year', year]]) await page.locator(`[name="${name}.${part}"]`).fill(String(value))
}
const soon = (days) => {
  const then = new Date(Date.now() + days * 86_400_000)
  return [then.getDate(), then.getMonth() + 1, then.getFullYear()]
}

describe('the regulator', { skip: missing() }, () => {
  const { by } = demonstration()

  let incident, attached
  test('SEC-27: whoever reports reads that they do not notify, and why', () => by('Ash Marlow', async (page) => {
    await page.goto('/incidents/new')
    await page.locator('main a', { hasText: 'Halyard Systems' }).first().click()
    await page.waitForURL(/\/incidents\/new\/[0-9a-f-]+$/)
    assert.match(await main(page), /In confidence when completed/)
    assert.match(await main(page), /Do not notify the regulator for the authority[\s\S]*The authority decides about its own data[\s\S]*A duty that a law puts on you yourself stands/)
    await checkPage(page, 'regulator-told-not-to')
    await shoot(page, 'regulator-told-not-to')
    await page.locator('[name="q.what_happened"]').fill('A disk with bookings is missing from the store.')
    await boxes(page, 'q.discovered.date', soon(0))
    await page.getByLabel('Data about people').check()
    await page.locator('[name="q.still_going_on"][value=not_known]').check()
    await page.locator('[name="q.reach_me"]').fill('Ash Marlow, until six')
    await send(page, 'Send the report')
    assert.match(await main(page), /Do not notify the regulator/)
    await checkPage(page, 'regulator-sent')
    await shoot(page, 'regulator-sent')
    incident = path(page).replace('/sent', '')
  }))

  test('SEC-27: the data controller finds the clock, decides with a reason, and records what was sent', () => by('Dev Ashby', async (page) => {
    await page.goto('/')
    assert.match(await main(page), /what waits for you[\s\S]*Regulator to be decided on: 7\d hours left/)
    await checkPage(page, 'regulator-home')
    await page.goto(incident)
    assert.match(await main(page), /Regulator to be decided on/)
    await follow(page, 'Regulator')
    await page.waitForURL(/\/regulator$/)
    assert.match(await main(page), /hours left[\s\S]*Decide whether the regulator is notified/)
    await checkPage(page, 'regulator')
    await shoot(page, 'regulator-waits')
    await follow(page, 'Put right when the authority became aware')
    await checkPage(page, 'regulator-aware')
    await page.goto(`${incident}/regulator`)
    await follow(page, 'Decide whether the regulator is notified')
    await page.waitForURL(/decide$/)
    await checkPage(page, 'regulator-decide')
    await page.locator('[name=risk][value=high]').check()
    await page.locator('[name=notify][value=notify]').check()
    await page.locator('[name=people][value=will_be]').check()
    await send(page, 'Decide whether the regulator is notified')
    assert.match(await main(page), /Say why, and on what it rests/)
    await checkPage(page, 'regulator-decide-errors')
    await page.locator('[name=reason]').fill('Names and sailing dates of about forty customers are on the disk, and nothing was encrypted.')
    await page.locator('[name=people_how]').fill('A letter to each, in plain words.')
    await boxes(page, 'people_on', soon(7))
    await page.locator('[name=people_by][value=authority]').check()
    await shoot(page, 'regulator-decide')
    await send(page, 'Decide whether the regulator is notified')
    assert.match(await main(page), /Notify the regulator, and record here what was sent/)
    await follow(page, 'Record what was sent')
    await page.waitForURL(/send$/)
    await checkPage(page, 'regulator-send')
    assert.equal(await page.locator('[name=by]').inputValue(), 'Dev Ashby')
    await page.locator('[name=reference]').fill('IC-2026-77')
    await page.locator('[name=what]').fill('What happened, about forty people, and whom to turn to.')
    await page.locator('[name=sector]').selectOption('Central Government')
    await boxes(page, 'next', soon(14))
    await shoot(page, 'regulator-send')
    await send(page, 'Record what was sent')
    assert.match(await main(page), /Send the regulator the next part[\s\S]*First notification sent[\s\S]*IC-2026-77/)
    await checkPage(page, 'regulator-recorded')
    await shoot(page, 'regulator-recorded')
    // What went out is attached where only those read it who read this.
    attached = await page.locator('main a[href^="/files/of/regulator/"]').getAttribute('href')
    await page.goto(attached)
    await checkPage(page, 'regulator-attach')
    await page.locator('input[type=file][name=file]').setInputFiles({ name: 'Notification.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\nWhat went out.\n') })
    await send(page, 'Add the file')
    await page.waitForURL(/\/regulator$/)
    assert.match(await main(page), /Notification\.pdf/)
    await checkPage(page, 'regulator-attached')
    await shoot(page, 'regulator-attached')
  }))

  test('SEC-27: security reads it and changes nothing', () => by('Soren Vale', async (page) => {
    await page.goto(`${incident}/regulator`)
    assert.match(await main(page), /Only the data controller decides here[\s\S]*IC-2026-77/)
    assert.equal(await page.locator('main a', { hasText: 'Decide again' }).count(), 0)
    await checkPage(page, 'regulator-read')
  }))

  test('SEC-27: a supplier cannot find it', () => by('Ash Marlow', async (page) => {
    for (const tab of ['', '/history', '/thread', '/tasks', '/files', '/answers']) {
      await page.goto(`${incident}${tab}`)
      const body = await page.content()
      assert.doesNotMatch(body, /IC-2026-77|forty customers|Notification\.pdf|\/regulator|Regulator to be|Next part to the regulator/, tab)
    }
    for (const list of ['/', '/incidents', '/account/notices']) {
      await page.goto(list)
      assert.doesNotMatch(await page.content(), /\/regulator|Next part to the regulator/, list)
    }
    for (const tab of ['', '/decide', '/send', '/aware']) assert.equal((await page.goto(`${incident}/regulator${tab}`)).status(), 404, tab)
    assert.equal((await page.goto(attached)).status(), 404)
    await checkPage(page, 'regulator-not-there')
  }))

  test('SEC-27: the record is read on a telephone', () => by('Dev Ashby', async (page) => {
    for (const tab of ['', '/decide', '/send']) {
      await page.goto(`${incident}/regulator${tab}`)
      await checkPage(page, `regulator-phone${tab.replace('/', '-')}`)
      await shoot(page, `regulator-phone${tab.replace('/', '-')}`)
    }
  }, { viewport: PHONE }))

  test('SEC-X2: the report and the acknowledgement are papers that the supplier gets', () => by('Ash Marlow', async (page) => {
    await page.goto(incident)
    for (const name of ['Get the report as PDF', 'Get the acknowledgement as PDF']) {
      await page.goto(incident)
      const got = page.waitForEvent('download')
      await page.getByRole('button', { name, exact: true }).click()
      assert.match((await got).suggestedFilename(), /^INC-\d{4}-\d{6}-(report|acknowledgement)\.pdf$/)
    }
    await page.goto(incident)
    assert.match(await main(page), /Report of an incident, made on[\s\S]*|Acknowledgement of a report, made on/)
    await checkPage(page, 'regulator-papers')
  }))
})
