// A proposal returned twice and then approved; an approval that turns stale, is confirmed anew, and lets work start; and one that is given in somebody's place.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkPage, missing, PHONE, shoot } from './lib.mjs'
import { as, demonstration, fillIn, findProposal, follow, judgeAll, main, path, press, send } from './people.mjs'

// A day so many days from today, as 2027-02-01.
const inDays = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10)

describe('approvals', { skip: missing() }, () => {
  const { here, by } = demonstration()
  const title = 'Survey calls from abroad'
  let proposal

  // Returns the proposal with a point about a question.
  const giveBack = async (page, reason, question, point) => {
    await page.goto(proposal)
    await follow(page, 'Return it with points to mend')
    await page.locator('[name=reason]').fill(reason)
    await page.getByRole('combobox', { name: 'Which question?' }).first().fill(question)
    await page.getByRole('option', { name: new RegExp(question) }).first().click()
    await page.locator('textarea[name="q.points.1.text"]').fill(point)
    await send(page, 'Return it with points to mend')
  }
  // Answers one section anew and hands the proposal in again.
  const handIn = async (page, section, answers, reply) => {
    await page.goto(`${proposal}/answers/${section}`)
    await fillIn(page, answers)
    await send(page, 'Save and go to the list')
    await follow(page, 'Check your answers')
    await page.locator('[name=reply]').fill(reply)
    await page.getByRole('checkbox', { name: /answers are true/ }).check()
    await press(page, 'Submit the proposal')
    await page.waitForURL('**/sent')
  }
  const passOn = async (page) => {
    await page.goto(proposal)
    await follow(page, 'Pass it on to the assessor')
    await send(page, 'Pass it on to the assessor')
  }

  test('OFF-11: three rounds: returned twice with points tied to questions, mended each time, then approved at the level that the pack asks for', async () => {
    await by('Mina Okafor', async (page) => {
      proposal = await findProposal(page, title)
      await giveBack(page, 'The way back is too short to judge.', 'How would the work come back home', 'Say how many days the way back takes.')
    })
    await by('Ash Marlow', async (page) => {
      await page.goto(proposal)
      assert.match(await main(page), /Points to mend[\s\S]*Say how many days the way back takes/)
      await handIn(page, 'ending', { exit_plan: 'The day team takes the calls back within four days.' }, 'It takes four days.')
    })
    await by('Mina Okafor', passOn)
    await by('Jude Ferris', (page) => giveBack(page, 'The days do not fit the survey.', 'From when until when do you ask for approval', 'Say from which day the survey really calls.'))
    await by('Ash Marlow', async (page) => {
      await page.goto(proposal)
      assert.match(await main(page), /Say from which day the survey really calls/)
      await handIn(page, 'work', { dates: { from: inDays(0), to: inDays(500) } }, 'From today.')
    }, { viewport: PHONE })
    await by('Mina Okafor', async (page) => {
      await page.goto(proposal)
      assert.match(await main(page), /round 3/i)
      await passOn(page)
    })
    await by('Jude Ferris', async (page) => {
      await judgeAll(page, proposal)
      await page.locator('[name=summary]').fill('Few people, and nothing personal.')
      await send(page, 'Record the assessment')
    })
    await by('Soren Vale', async (page) => {
      await page.goto(proposal)
      await follow(page, 'Make a recommendation')
      await page.getByRole('radio', { name: 'Approve' }).check()
      await page.locator('[name=reason]').fill('The risk left is low.')
      await send(page, 'Make a recommendation')
      assert.match(await main(page), /Who decides[\s\S]*Management[\s\S]*1 approval missing[\s\S]*May decide: Ruth Calloway/)
      await checkPage(page, 'proposal-levels')
    })
    await by('Ruth Calloway', async (page) => {
      await page.goto(`${proposal}/decide`)
      await follow(page, 'Approve')
      await page.locator('[name=reason]').fill('The risk left is low.')
      await checkPage(page, 'proposal-approve-levels')
      await press(page, 'Approve')
      await page.waitForURL('**/letter')
      await page.goto(proposal)
      assert.match(await main(page), /Who decides[\s\S]*Ruth Calloway approved on/)
      await shoot(page, 'management-levels', 900)
    })
  })

  test('OFF-6 OFF-9a OFF-Q4: a country fact changes, the approval is stale and nothing starts; confirmed anew, the work starts', async () => {
    const lead = await as(here.browser, here.demo, 'Ash Marlow')
    await lead.goto(proposal)
    await follow(lead, 'See the work that this approval covers, and start it')
    await lead.locator('tbody a').first().click()
    await lead.waitForURL(/\/arrangements\/[0-9a-f-]+$/)
    const work = path(lead)
    const start = lead.getByRole('button', { name: 'Start this work today' })
    assert.equal(await start.count(), 1, await main(lead))

    await by('Dev Ashby', async (page) => {
      await page.goto('/map/IN/change')
      await page.locator('input[name=mechanism][value=agreement]').check()
      await page.locator('[name=law]').fill('A new act lets the state ask for keys.')
      await send(page, 'Save')
    })
    // The page that was open still offers it, and starts nothing.
    await send(lead, start)
    assert.match(await main(lead), /Someone changed this meanwhile/)
    await lead.goto(work)
    assert.match(await main(lead), /Planned[\s\S]*Approval stale[\s\S]*must not start[\s\S]*Why the approval is stale[\s\S]*What the authority holds of India has changed/)
    assert.equal(await start.count(), 0)
    await checkPage(lead, 'arrangement-stale')

    await by('Ruth Calloway', async (page) => {
      await page.goto(proposal)
      assert.match(await main(page), /Stale[\s\S]*What carries transfers to India has changed[\s\S]*the law of India has changed/)
      await checkPage(page, 'proposal-stale')
      await shoot(page, 'management-stale', 900)
      await follow(page, 'Confirm the approval anew')
      await page.locator('[name=reason]').fill('The agreement covers this work, and the keys are at home.')
      await checkPage(page, 'approval-confirm')
      await send(page, 'Confirm the approval anew')
      assert.doesNotMatch(await main(page), /covers no new start/)
    })
    await lead.goto(work)
    await send(lead, start)
    assert.match(await main(lead), /This work is under way/)
    await lead.context().close()
  })

  test('OFF-11: management is away: a colleague is named for some days, decides in their place, and it is said for whom', async () => {
    const typeDay = async (page, name, day) => {
      const [year, month, date] = day.split('-')
      for (const [part, value] of [['day', date], ['month', month], ['year', year]]) await page.locator(`[name="${name}.${part}"]`).fill(String(Number(value)))
    }
    let waiting
    await by('Ruth Calloway', async (page) => {
      waiting = await page.locator('main table tbody a').first().getAttribute('href')
      await page.goto('/account')
      await follow(page, 'Who decides while you are away')
      await checkPage(page, 'delegations-none')
      await follow(page, 'Name somebody')
      await page.locator('main').getByLabel(/Who decides/).selectOption({ label: 'Lena Marsh' }).catch(() => page.getByRole('radio', { name: 'Lena Marsh' }).check())
      await typeDay(page, 'from', inDays(3))
      await typeDay(page, 'until', inDays(1))
      await page.locator('[name=reason]').fill('On leave.')
      await send(page, 'Let them decide')
      assert.match(await main(page), /The last day is before the first/)
      await typeDay(page, 'from', inDays(0))
      await typeDay(page, 'until', inDays(7))
      await checkPage(page, 'delegation-new')
      await shoot(page, 'management-delegation', 980)
      await send(page, 'Let them decide')
      assert.match(await main(page), /Lena Marsh[\s\S]*On leave\.[\s\S]*Runs/)
      await checkPage(page, 'delegations')
    })
    await by('Lena Marsh', async (page) => {
      assert.match(await main(page), /You may decide for Ruth Calloway until/)
      await follow(page, 'Switch role')
      await page.getByRole('radio', { name: /Management at .*, for Ruth Calloway/ }).check()
      await checkPage(page, 'switch-for')
      await send(page, 'Continue')
      assert.match(await page.locator('header').textContent(), /for Ruth Calloway/)
      await checkPage(page, 'home-deputy')
      await page.goto(`${waiting}/decide`)
      assert.match(await main(page), /You act in the place of Ruth Calloway/)
      await checkPage(page, 'decide-deputy')
      await follow(page, 'Approve')
      await page.locator('[name=reason]').fill('The risk left is low.')
      await send(page, 'Approve')
      await page.goto(waiting)
      assert.match(await main(page), /Lena Marsh, for Ruth Calloway approved on/)
      await page.goto('/account/delegations')
      await send(page, page.getByRole('button', { name: /^End/ }))
      assert.match(await page.locator('header').textContent(), /Legal/)
    }, { viewport: PHONE })
    await by('Ruth Calloway', async (page) => {
      await page.goto('/account/delegations')
      assert.match(await main(page), /Lena Marsh[\s\S]*Ended early/)
      await page.goto(`${waiting}/history`)
      assert.match(await main(page), /Lena Marsh, for Ruth Calloway/)
    })
  })
})
