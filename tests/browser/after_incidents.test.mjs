// What follows incidents: duplicates, weaknesses, telling the people concerned, notes of either side.
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

describe('what follows incidents', { skip: missing() }, () => {
  const { by } = demonstration()

  const report = (what) => by('Ash Marlow', async (page) => {
    await page.goto('/incidents/new')
    await page.locator('main a', { hasText: 'Halyard Systems' }).first().click()
    await page.waitForURL(/\/incidents\/new\/[0-9a-f-]+$/)
    await page.locator('[name="q.what_happened"]').fill(what)
    await boxes(page, 'q.discovered.date', soon(0))
    await page.getByLabel('Data about people').check()
    await page.locator('[name="q.still_going_on"][value=not_known]').check()
    await page.locator('[name="q.reach_me"]').fill('Ash Marlow, until six')
    await send(page, 'Send the report')
    const reference = (await main(page)).match(/INC-\d{4}-\d{6}/)[0]
    return { at: path(page).replace('/sent', ''), reference }
  })

  let first, second
  test('SEC-24: security merges what was reported twice, and the supplier reads which one goes on', async () => {
    first = await report('A disk with bookings is missing from the store.')
    second = await report('The disk of the store is still gone.')
    await by('Soren Vale', async (page) => {
      await page.goto(second.at)
      await follow(page, 'Merge it into another')
      await page.waitForURL(/merge$/)
      await checkPage(page, 'merge')
      await shoot(page, 'merge')
      await page.locator('[name=into][value=other]').check()
      await page.locator('[name=reference]').fill('INC-2026-999999')
      await page.locator('[name=reason]').fill('It is the same disk.')
      await send(page, 'Merge it into another')
      assert.match(await main(page), /There is no incident with this reference/)
      await checkPage(page, 'merge-errors')
      await page.locator(`[name=into][value="${first.reference}"]`).check()
      await send(page, 'Merge it into another')
      assert.match(await main(page), new RegExp(`Reported already[\\s\\S]*It goes on as ${first.reference}[\\s\\S]*It is the same disk`))
      await checkPage(page, 'merged')
      await shoot(page, 'merged')
      await page.goto(first.at)
      assert.match(await main(page), new RegExp(`Reported again as[\\s\\S]*${second.reference}`))
      await checkPage(page, 'merged-into')
    })
    await by('Ash Marlow', async (page) => {
      await page.goto(second.at)
      assert.match(await main(page), new RegExp(`It goes on as ${first.reference}`))
      await checkPage(page, 'merged-supplier')
      await shoot(page, 'merged-supplier-phone')
    }, { viewport: PHONE })
  })

  test('SEC-24: it was no duplicate after all', () => by('Soren Vale', async (page) => {
    await page.goto(second.at)
    await follow(page, 'It was no duplicate')
    await checkPage(page, 'separate')
    await page.locator('[name=reason]').fill('There are two disks.')
    await send(page, 'It was no duplicate')
    assert.match(await main(page), /Being looked at[\s\S]*There are two disks/)
  }))

  let weakness
  test('SEC-22: a weakness is noted with an incident, a task is set for it, and another incident shows it too', () => by('Soren Vale', async (page) => {
    await page.goto(first.at)
    await follow(page, 'Weaknesses')
    await page.waitForURL(/weaknesses$/)
    await checkPage(page, 'weaknesses-of-incident')
    await shoot(page, 'weaknesses-of-incident')
    await follow(page, 'Note a new weakness')
    await page.waitForURL(/weaknesses\/add/)
    await checkPage(page, 'weakness-add')
    await send(page, 'Save')
    await checkPage(page, 'weakness-add-errors')
    await page.locator('[name=name]').fill('Disks in the store are not counted')
    await page.locator('[name=found_in]').fill('The store of the booking desk')
    await page.locator('[name=about]').fill('Disks are taken out by whoever needs one. Nobody counts them.')
    await shoot(page, 'weakness-add')
    await send(page, 'Save')
    weakness = path(page)
    assert.match(await main(page), new RegExp(`Open[\\s\\S]*${first.reference}`))
    await page.locator('[name=reference]').fill(second.reference)
    await send(page, 'Tie an incident')
    assert.match(await main(page), new RegExp(`${second.reference}`))
    await page.locator('summary', { hasText: 'Order what is to be done' }).click()
    await page.locator('[name=title]').fill('Count the disks every evening')
    await page.locator('[name=incident][type=radio]').first().check()
    await page.locator('[name=side][value=supplier]').check()
    await page.locator('[name=checks]').check()
    await send(page, 'Set the task')
    assert.match(await main(page), /Count the disks every evening/)
    await checkPage(page, 'weakness')
    await shoot(page, 'weakness')
    await page.goto('/weaknesses')
    assert.match(await main(page), /Disks in the store are not counted/)
    await checkPage(page, 'weaknesses')
    await shoot(page, 'weaknesses')
  }))

  test('SEC-22: the supplier reads it on a telephone, and security says how it was resolved', async () => {
    await by('Ash Marlow', async (page) => {
      await page.goto(weakness)
      assert.match(await main(page), /Nobody counts them[\s\S]*Count the disks every evening/)
      assert.doesNotMatch(await main(page), /Untie|History/)
      await checkPage(page, 'weakness-supplier')
      await shoot(page, 'weakness-supplier-phone')
      await page.goto(first.at)
      assert.match(await main(page), /one weakness that is still open/)
    }, { viewport: PHONE })
    await by('Soren Vale', async (page) => {
      await page.goto(weakness)
      await follow(page, 'Say how it was resolved')
      await page.waitForURL(/resolve$/)
      await checkPage(page, 'weakness-resolve')
      await shoot(page, 'weakness-resolve')
      await page.locator('[name=how]').fill('Two people count the disks every evening and sign.')
      await boxes(page, 'on', soon(0))
      await send(page, 'Say how it was resolved')
      assert.match(await main(page), /Resolved[\s\S]*Two people count/)
      await checkPage(page, 'weakness-resolved')
    })
  })

  test('SEC-27: the data controller lets the supplier tell the people concerned, and records that it did', async () => {
    await by('Dev Ashby', async (page) => {
      await page.goto(`${first.at}/regulator/decide`)
      await page.locator('[name=risk][value=high]').check()
      await page.locator('[name=notify][value=notify]').check()
      await page.locator('[name=reason]').fill('Names of about forty customers are on the disk.')
      await page.locator('[name=people][value=will_be]').check()
      await page.locator('[name=people_how]').fill('A letter to each.')
      await boxes(page, 'people_on', soon(7))
      await page.locator('[name=people_by][value=supplier]').check()
      await send(page, 'Decide whether the regulator is notified')
      assert.match(await main(page), /Say what the supplier is to do/)
      await checkPage(page, 'people-decide-errors')
      await page.locator('[name=instruction]').fill('Write to each of the forty. Say what was lost and whom to telephone.')
      await send(page, 'Decide whether the regulator is notified')
      assert.match(await main(page), /People concerned to be told/)
      await checkPage(page, 'people-decided')
      await shoot(page, 'people-decided')
    })
    await by('Ash Marlow', async (page) => {
      await page.goto(`${first.at}/tasks`)
      assert.match(await main(page), /Tell the people concerned[\s\S]*Write to each of the forty/)
      assert.doesNotMatch(await page.content(), /forty customers|\/regulator/)
      await checkPage(page, 'people-task')
      await shoot(page, 'people-task-phone')
    }, { viewport: PHONE })
    await by('Dev Ashby', async (page) => {
      await page.goto(`${first.at}/regulator`)
      await follow(page, 'Record that they were told')
      await page.waitForURL(/people$/)
      await checkPage(page, 'people-told')
      await shoot(page, 'people-told')
      await boxes(page, 'on', soon(0))
      await page.locator('[name=how]').fill('Forty letters.')
      await send(page, 'Record that they were told')
      assert.match(await main(page), /The people concerned were told[\s\S]*Forty letters/)
    })
  })

  test('SEC-24: each side keeps notes that the other does not read', async () => {
    const note = (name, words) => by(name, async (page) => {
      await page.goto(`${first.at}/thread`)
      await page.locator('[name=body]').fill(words)
      await page.locator('[name=internal]').check()
      if (name === 'Ash Marlow') await shoot(page, 'notes-supplier')
      await send(page, 'Send')
      assert.match(await main(page), new RegExp(words))
      await checkPage(page, `notes-${name.split(' ')[0].toLowerCase()}`)
    })
    await note('Ash Marlow', 'Ask our insurers first')
    await note('Soren Vale', 'They were late before')
    await by('Ash Marlow', async (page) => {
      await page.goto(`${first.at}/thread`)
      assert.doesNotMatch(await page.content(), /They were late before/)
    })
    await by('Soren Vale', async (page) => {
      for (const tab of ['thread', 'history']) {
        await page.goto(`${first.at}/${tab}`)
        assert.doesNotMatch(await page.content(), /Ask our insurers|Note for your organisation/, tab)
      }
    })
  })
})
