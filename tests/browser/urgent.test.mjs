// Work that cannot wait: management approves urgently, work starts at once, another person ratifies it; another one is refused, and ends at once.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkPage, missing, PHONE, shoot } from './lib.mjs'
import { demonstration, fillIn, findProposal, follow, main, path, press, send, typeDay } from './people.mjs'

// A day so many days from today, as 2027-02-01.
const inDays = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10)

describe('urgent approvals', { skip: missing() }, () => {
  const { by } = demonstration()
  let proposal
  let work

  test('OFF-11: one that is refused ends at once; what begins later can wait', async () => {
    // The survey is to begin today: the supplier says so.
    await by('Mina Okafor', async (page) => {
      proposal = await findProposal(page, 'Survey calls from abroad')
      await follow(page, 'Return it with points to mend')
      await page.locator('[name=reason]').fill('The days do not fit.')
      await page.locator('textarea[name="q.points.1.text"]').fill('Say from which day the survey really calls.')
      await send(page, 'Return it with points to mend')
      assert.doesNotMatch(await main(page), /Approve urgently/, 'the supplier has it, and contract managers give none')
    })
    await by('Ruth Calloway', async (page) => {
      await page.goto(proposal)
      assert.doesNotMatch(await main(page), /Approve urgently/, 'the supplier has it')
      await findProposal(page, 'Refund team in Pune')
      assert.doesNotMatch(await main(page), /Approve urgently/, 'it begins in January, and can wait')
    })
    await by('Ash Marlow', async (page) => {
      await page.goto(`${proposal}/answers/work`)
      await fillIn(page, { dates: { from: inDays(0), to: inDays(500) } })
      await send(page, 'Save and go to the list')
      await follow(page, 'Check your answers')
      await page.locator('[name=reply]').fill('From today: the old desk closes tonight.')
      await page.getByRole('checkbox', { name: /answers are true/ }).check()
      await press(page, 'Submit the proposal')
      await page.waitForURL('**/sent')
    })
    await by('Ruth Calloway', async (page) => {
      await page.goto(proposal)
      await follow(page, 'Approve urgently')
      await page.locator('[name=reason]').fill('Calls go unanswered.')
      await send(page, 'Approve urgently')
      assert.match(await main(page), /Urgent, to be ratified by/)
    })
    await by('Dev Ashby', async (page) => {
      await page.goto(proposal)
      await follow(page, 'Refuse the urgent approval')
      await send(page, 'Refuse the urgent approval')
      assert.match(await main(page), /There is a problem/)
      await page.locator('[name=reason]').fill('The survey can wait for the decision, which is near.')
      await checkPage(page, 'urgent-refuse')
      await send(page, 'Refuse the urgent approval')
      assert.match(await main(page), /Urgent approval refused[\s\S]*covers nothing any more[\s\S]*The survey can wait/)
      await checkPage(page, 'urgent-refused')
      await page.goto('/proposals')
      assert.match(await main(page), /Urgent approval refused/)
    })
    await by('Ash Marlow', async (page) => {
      await page.goto(proposal)
      assert.match(await main(page), /Urgent approval refused/)
      assert.doesNotMatch(await main(page), /The survey can wait|Calls go unanswered/)
    })
  })

  test('OFF-6 OFF-11: an urgent approval is given with what is wrong said first, covers work at once, and is ratified by somebody else', async () => {
    await by('Ruth Calloway', async (page) => {
      await page.goto(proposal)
      await follow(page, 'Approve urgently')
      assert.match(await main(page), /for at most 28 days[\s\S]*within 5 days, or it lapses/)
      await typeDay(page, 'until', inDays(40))
      await page.locator('[name=conditions]').fill('Tell us of each call that is cut off.\nKeep the recordings at home.')
      await page.locator('[name=reason]').fill('The old desk closes tonight, and travellers would reach nobody.')
      await send(page, 'Approve urgently')
      assert.match(await main(page), /There is a problem[\s\S]*28 days at most/)
      assert.equal(await page.locator('[name=reason]').inputValue(), 'The old desk closes tonight, and travellers would reach nobody.')
      await typeDay(page, 'until', inDays(20))
      await checkPage(page, 'urgent-give')
      await shoot(page, 'management-urgent', 900)
      await send(page, 'Approve urgently')
      assert.match(await main(page), /Urgent approval[\s\S]*Urgent, to be ratified by[\s\S]*Why it could not wait[\s\S]*The old desk closes tonight/)
      assert.doesNotMatch(await main(page), /Ratify the urgent approval/, 'nobody ratifies what they gave')
      await checkPage(page, 'urgent-given')
    })
    // The supplier reads all but why, and starts at once.
    await by('Ash Marlow', async (page) => {
      await page.goto(proposal)
      assert.match(await main(page), /Urgent, to be ratified by[\s\S]*may start at once[\s\S]*Keep the recordings at home/)
      assert.doesNotMatch(await main(page), /travellers would reach nobody|Ruth Calloway/)
      await checkPage(page, 'urgent-supplier')
      await follow(page, 'See the work that this approval covers, and start it')
      await page.locator('tbody a').first().click()
      await page.waitForURL(/\/arrangements\/[0-9a-f-]+$/)
      work = path(page)
      assert.match(await main(page), /Urgent approval[\s\S]*lapses after/)
      await send(page, 'Start this work today')
      assert.match(await main(page), /Under way/)
      await checkPage(page, 'urgent-work')
    }, { viewport: PHONE })
    await by('Dev Ashby', async (page) => {
      await page.goto('/')
      assert.match(await main(page), /Urgent approvals to ratify/)
      await page.locator('main a', { hasText: 'ratify or refuse by' }).click()
      assert.match(await main(page), /Ratify the urgent approval[\s\S]*Why it could not wait/)
      await checkPage(page, 'urgent-ratify')
      await page.locator('[name=reason]').fill('Travellers must reach somebody.')
      await send(page, 'Ratify the urgent approval')
      assert.match(await main(page), /Urgent, ratified, until/)
      await checkPage(page, 'urgent-ratified')
      await follow(page, 'Read the decision letter')
      assert.match(await main(page), /Approved urgently, and ratified/)
      await checkPage(page, 'urgent-letter')
    })
    await by('Ash Marlow', async (page) => {
      await page.goto(work)
      assert.match(await main(page), /Urgent, ratified, until[\s\S]*It was ratified/)
      await page.goto('/arrangements?cover=urgent')
      assert.match(await main(page), /Survey calls from abroad/)
    })
  })
})
