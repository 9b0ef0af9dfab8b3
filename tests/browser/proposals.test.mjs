// A proposal from its start page to the decision, as both sides take it, in one demonstration.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { watch } from './answers.mjs'
import { checkPage, checkQuickly, missing, open, PHONE, shoot, startBrowser } from './lib.mjs'
import { as, fillIn, findProposal, follow, judgeAll as judgeEach, main, paper, path, press, send, startDemo, visits } from './people.mjs'

const judgeAll = (page, proposal) => judgeEach(page, proposal, () => checkPage(page, 'proposal-factor'))

describe('proposals', { skip: missing() }, () => {
  let demo, browser
  before(async () => {
    demo = await startDemo()
    browser = await startBrowser()
  })
  after(async () => {
    await browser?.close()
    await demo?.stop()
  })
  const sign = (name, options) => as(browser, demo, name, options)
  const by = visits(() => ({ browser, demo }))

  test('OFF-8 OFF-Q1 OFF-Q2 OFF-Q3 OFF-Q4 OFF-Q5: a supplier proposes on a telephone, section by section', () => by('Ash Marlow', async (page) => {
    await page.goto('/proposals/new')
    await checkPage(page, 'proposal-start')
    await page.getByRole('radio', { name: 'Ferry bookings: Halyard Systems' }).check()
    await press(page, 'Start now')
    await page.waitForURL('**/answers')
    const proposal = path(page).replace(/\/answers$/, '')
    await checkPage(page, 'proposal-sections')

    await page.locator('main a[href$="/answers/work"]').click()
    // What is typed saves itself, and says so; a page read again has it.
    await page.locator('[name="q.work_title"]').fill(watch.work_title)
    await page.locator('[data-saved=saved]').waitFor()
    await page.reload()
    assert.equal(await page.locator('[name="q.work_title"]').inputValue(), watch.work_title)
    // A condition shows a question only when it holds.
    const started = page.locator('[name="q.started_on.day"]')
    assert.equal(await started.isVisible(), false)
    await page.locator('[name="q.certainty"][value=already_started]').check()
    assert.equal(await started.isVisible(), true)

    const seen = []
    while (/\/answers\/\w+$/.test(path(page))) {
      const section = path(page).split('/').pop()
      assert.ok(!seen.includes(section), `the section ${section} comes back: ${await main(page)}`)
      seen.push(section)
      await fillIn(page, watch)
      if (section === 'business') await shoot(page, 'supplier-section-phone')
      if (['information', 'sites'].includes(section)) await checkPage(page, `proposal-${section}`)
      else await checkQuickly(page, `proposal-${section}`)
      await page.setViewportSize(PHONE)
      await Promise.all([page.waitForURL((url) => !url.pathname.endsWith(section)), press(page, 'Save and continue')])
    }
    assert.deepEqual(seen, ['work', 'business', 'information', 'connections', 'sites', 'countries', 'ending', 'contact'])
    assert.equal(path(page), `${proposal}/answers`)
    await shoot(page, 'supplier-sections-phone')

    await follow(page, 'Check your answers')
    const told = await main(page)
    for (const words of ['Sextant Hosting', 'Full watch', 'Pune office', 'Guards are checked by the landlord.']) assert.ok(told.includes(words), `the answers to check lack ${words}`)
    await checkPage(page, 'proposal-check')
    // Without the declaration nothing is sent.
    await press(page, 'Submit the proposal')
    assert.match(await page.locator('.govuk-error-summary').innerText(), /Confirm that the answers are true and complete/)
    await checkQuickly(page, 'proposal-check-undeclared')
    await page.getByRole('checkbox', { name: /answers are true/ }).check()
    await press(page, 'Submit the proposal')
    await page.waitForURL('**/sent')
    assert.match(await page.locator('.govuk-panel').innerText(), /OFF-\d{4}-\d{6}/)
    await checkPage(page, 'proposal-sent')
    await page.setViewportSize(PHONE)
    await shoot(page, 'supplier-sent-phone')
  }, { viewport: PHONE }))

  test('OFF-8 OFF-10 OWN-1: the contract manager passes it on, the assessor judges, security recommends', async () => {
    await by('Mina Okafor', async (page) => {
      await shoot(page, 'contract-manager-home')
      await checkPage(page, 'home-contract-manager')
      await findProposal(page, watch.work_title)
      await checkPage(page, 'proposal-overview')
      await shoot(page, 'contract-manager-proposal')
      // OWN-1: the answer with its reasons and their sources.
      await follow(page, 'Is it offshoring?')
      assert.match(await main(page), /OFF-3b/)
      await checkPage(page, 'proposal-classification')
      await page.goBack()
      await follow(page, 'Pass it on to the assessor')
      await page.getByRole('textbox', { name: /remark/ }).fill('Complete. Note the second release.')
      await checkQuickly(page, 'proposal-pass-on')
      await press(page, 'Pass it on to the assessor')
      assert.match(await main(page), /Being assessed/)
    })
    await by('Jude Ferris', async (page) => {
      const proposal = await findProposal(page, watch.work_title)
      await page.goto(`${proposal}/risk`)
      await checkQuickly(page, 'proposal-risk-open')
      const factors = await judgeAll(page, proposal)
      assert.ok(factors >= 3, `${factors} factors`)
      await checkPage(page, 'proposal-risk')
      await page.locator('[name=summary]').fill('Four people, one site, nothing personal.')
      await press(page, 'Record the assessment')
      assert.match(await main(page), /Recorded by Jude Ferris/)
      await shoot(page, 'assessor-risk')
      // The assessor is never offered the decision, and is refused it.
      assert.equal((await page.goto(`${proposal}/decide`)).status(), 403)
    })
    await by('Soren Vale', async (page) => {
      await findProposal(page, watch.work_title)
      await follow(page, 'Make a recommendation')
      await press(page, 'Make a recommendation')
      assert.match(await page.locator('.govuk-error-summary').innerText(), /Choose what you recommend/)
      await checkQuickly(page, 'proposal-recommend-errors')
      await page.getByRole('radio', { name: 'Approve' }).check()
      await page.locator('[name=reason]').fill('The controls are in place.')
      await press(page, 'Make a recommendation')
      assert.match(await main(page), /To be decided/)
    })
  })

  test('OFF-10 OFF-11: management approves with a condition, and the supplier reads the letter', async () => {
    const proposal = await by('Ruth Calloway', async (page) => {
      await checkPage(page, 'home-management')
      const proposal = await findProposal(page, watch.work_title)
      await follow(page, 'Decide')
      await checkPage(page, 'proposal-decide')
      await shoot(page, 'management-decide')
      await follow(page, 'Approve')
      await page.locator('[name=conditions]').fill('Tell us before more than six people keep watch.')
      await page.locator('[name=reason]').fill('The risk left is low.')
      await checkPage(page, 'proposal-approve')
      await press(page, 'Approve')
      await page.waitForURL('**/letter')
      assert.match(await main(page), /Approved[\s\S]*Tell us before more than six people keep watch\./)
      await checkPage(page, 'proposal-letter')
      await shoot(page, 'management-letter')
      return proposal
    })
    await by('Ash Marlow', async (page) => {
      await page.goto(proposal)
      const told = await main(page)
      assert.match(told, /Approved/)
      assert.doesNotMatch(told, /Note the second release/)
      await follow(page, 'Read the decision letter')
      assert.match(await main(page), /Tell us before more than six people keep watch\./)
      await page.goto(`${proposal}/history`)
      await checkPage(page, 'proposal-history-supplier')
      // What the authority writes to itself stays with it.
      assert.doesNotMatch(await main(page), /Note the second release|Mina Okafor|Ruth Calloway/)
    })
  })

  test('OFF-11: what an approval demands is shown by the supplier on a telephone, and checked', async () => {
    const condition = (page) => page.locator('.vs-task', { hasText: 'Tell us before more than six people keep watch.' })
    const tasks = await by('Ash Marlow', async (page) => {
      assert.match(await main(page), /Tasks to do/)
      const proposal = await findProposal(page, watch.work_title)
      await follow(page, 'Tasks')
      await page.waitForURL(/tasks$/)
      assert.match(await condition(page).innerText(), /A condition of the approval[\s\S]*by 1 February 2027/)
      await checkPage(page, 'tasks-of-an-approval')
      await condition(page).locator('summary').click()
      await condition(page).locator('[name=note]').fill('Our rota says how many there are.')
      await send(page, condition(page).getByRole('button', { name: /Mark as done/ }))
      assert.match(await condition(page).innerText(), /To be checked/)
      return `${proposal}/tasks`
    }, { viewport: PHONE })
    await by('Mina Okafor', async (page) => {
      assert.match(await main(page), /Tasks to check/)
      await page.goto(tasks)
      await checkPage(page, 'tasks-to-check')
      await shoot(page, 'contract-manager-tasks')
      await condition(page).locator('[name=lacks]').fill('Who reads the rota on Sundays?')
      await send(page, condition(page).getByRole('button', { name: /Something is lacking/ }))
      assert.match(await condition(page).innerText(), /What is lacking: Who reads the rota on Sundays\?/)
    })
    await by('Ash Marlow', async (page) => {
      await page.goto(tasks)
      await condition(page).locator('summary').click()
      await condition(page).locator('[name=note]').fill('The duty manager reads it every day.')
      await send(page, condition(page).getByRole('button', { name: /Mark as done/ }))
    })
    await by('Mina Okafor', async (page) => {
      await page.goto(tasks)
      await send(page, condition(page).getByRole('button', { name: /Found done/ }))
      assert.match(await condition(page).innerText(), /Checked/)
    })
  })

  test('OFF-6 OFF-6b OFF-9a: an approval brings its work along, which does not start before it holds', () => by('Ash Marlow', async (page) => {
    await findProposal(page, watch.work_title)
    await follow(page, 'See the work that this approval covers, and start it')
    await checkPage(page, 'arrangements-of-an-approval')
    await page.locator('tbody a').first().click()
    await page.waitForURL(/\/arrangements\/[0-9a-f-]+$/)
    const told = await main(page)
    assert.match(told, /Planned[\s\S]*Not covered[\s\S]*The approval begins on 1 February 2027\. \(OFF-6\)/)
    assert.equal(await page.getByRole('button', { name: 'Start this work today' }).count(), 0)
    await checkPage(page, 'arrangement-planned')
    await shoot(page, 'supplier-work')
  }))

  test('OFF-9b OFF-6b: work that nobody approved is reported on a telephone, and the authority finds it by country', async () => {
    await by('Nadia Rowe', async (page) => {
      await page.goto('/arrangements')
      await follow(page, 'Report work abroad')
      await checkPage(page, 'arrangement-whose')
      await follow(page, 'Bowline Support, tier 2')
      await checkPage(page, 'arrangement-report')
      await page.getByLabel('Name', { exact: true }).fill('Faults looked at from Porto')
      await page.getByLabel('Kind of work').selectOption('support')
      await page.getByRole('combobox', { name: 'Country' }).fill('Portugal')
      await page.getByRole('option', { name: 'Portugal', exact: true }).click()
      await page.locator('[name=people]').fill('2')
      const days = { 'from.day': '1', 'from.month': '11', 'from.year': '2026', 'to.day': '31', 'to.month': '1', 'to.year': '2027' }
      for (const [name, value] of Object.entries(days)) await page.locator(`[name="${name}"]`).fill(value)
      await page.getByRole('button', { name: 'Save' }).click()
      await page.waitForURL(/\/arrangements\/[0-9a-f-]+$/)
      assert.match(await main(page), /This work is under way and no approval covers it\./)
      await checkPage(page, 'arrangement-uncovered')
      await shoot(page, 'sub-contractor-work-phone')
    }, PHONE)
    await by('Mina Okafor', async (page) => {
      await page.goto('/arrangements?state=started')
      await checkPage(page, 'arrangements-started')
      await shoot(page, 'contract-manager-work')
      await page.goto('/arrangements?country=PT')
      assert.match(await main(page), /Faults looked at from Porto/)
      assert.doesNotMatch(await main(page), /Weekend calls answered in Nagpur/)
    })
  })

  test('OFF-3 OFF-12: a sub-processor somewhere in the EU is abroad, and asks for its country', () => by('Ash Marlow', async (page) => {
    await page.goto('/subprocessors?needs=ask_country')
    await checkPage(page, 'subprocessors')
    await follow(page, 'Ebb Logs')
    assert.match(await main(page), /That is abroad, whichever of its countries it is\./)
    await checkPage(page, 'subprocessor-union')
    await follow(page, 'Change')
    await page.getByRole('combobox', { name: 'Country' }).fill('Portugal')
    await page.getByRole('option', { name: 'Portugal', exact: true }).click()
    await checkPage(page, 'subprocessor-change')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Using it is work abroad.').waitFor()
    await checkPage(page, 'subprocessor-propose')
  }))

  test('OFF-11: the letter is a paper, and anybody who holds it can check it', async () => {
    const { words: told } = await by('Ash Marlow', async (page) => {
      const proposal = await findProposal(page, watch.work_title)
      await page.goto(`${proposal}/letter`)
      const letter = await paper(page, 'Get the letter as PDF', 'letter')
      assert.match(letter.named, /^OFF-\d{4}-\d{6}-letter\.pdf$/)
      await page.goto(proposal)
      assert.match(await main(page), /Decision letter, made on/)
      return letter
    })
    assert.match(told, /Tell us before more than six people keep watch\./)
    const code = /[0-9A-Z]{4}(-[0-9A-Z]{4}){4}/.exec(told)?.[0]
    assert.ok(code, told)
    const page = await open(browser, demo.url)
    await page.goto('/papers/check')
    await checkPage(page, 'paper-check')
    await page.locator('[name=code]').fill(code.toLowerCase().replaceAll('-', ' '))
    await press(page, 'Check')
    assert.match(await main(page), /This code is genuine[\s\S]*Decision letter/)
    await checkPage(page, 'paper-genuine')
    await page.locator('[name=code]').fill(code.replace(/.$/, (last) => last === '0' ? '1' : '0'))
    await press(page, 'Check')
    assert.match(await page.locator('.govuk-error-summary').innerText(), /made no paper with this code/)
    await page.context().close()
  })

  test('OFF-10 OFF-11: the assessment and the conditions are papers', async () => {
    await by('Jude Ferris', async (page) => {
      const proposal = await findProposal(page, watch.work_title)
      await page.goto(`${proposal}/risk`)
      await checkPage(page, 'proposal-risk-recorded')
      const { words: told } = await paper(page, 'Get the assessment as PDF', 'assessment')
      assert.match(told, /Assessment of risk/)
      assert.match(told, /Why this path[\s\S]*With controls[\s\S]*What an approval has to demand[\s\S]*Recommendation/)
    })
    await by('Ash Marlow', async (page) => {
      const proposal = await findProposal(page, watch.work_title)
      assert.doesNotMatch(await main(page), /Assessment of risk/)
      await page.goto(`${proposal}/letter`)
      await checkPage(page, 'proposal-letter-papers')
      const { words: told } = await paper(page, 'Get the conditions as PDF', 'schedule')
      assert.match(told, /Conditions of the approval/)
      assert.match(told, /1 +Tell us before more than six/)
    })
  })

  const returned = 'Survey calls from abroad'
  test('OFF-11: returned with points, answered and handed in again, what changed is shown', async () => {
    await by('Mina Okafor', async (page) => {
      await findProposal(page, returned)
      await follow(page, 'Return it with points to mend')
      await page.locator('[name=reason]').fill('Two answers are too short to judge.')
      await page.locator('textarea[name="q.points.1.text"]').fill('Say who holds the keys, and where.')
      await press(page, 'Add another point')
      await page.locator('textarea[name="q.points.2.text"]').fill('Say how long the way back takes.')
      await checkPage(page, 'proposal-return')
      await press(page, 'Return it with points to mend')
      assert.match(await main(page), /Say how long the way back takes\./)
    })
    await by('Ash Marlow', async (page) => {
      const proposal = await findProposal(page, returned)
      assert.match(await main(page), /Points to mend[\s\S]*Say who holds the keys/)
      await checkQuickly(page, 'proposal-returned')
      await page.goto(`${proposal}/answers/ending`)
      await page.locator('[name="q.exit_plan"]').fill('The day team takes the work back within three days.')
      await press(page, 'Save and go to the list')
      await follow(page, 'Check your answers')
      await page.locator('[name=reply]').fill('The keys stay at home. The way back takes three days.')
      await page.getByRole('checkbox', { name: /answers are true/ }).check()
      await press(page, 'Submit the proposal')
      await page.waitForURL('**/sent')
    })
    await by('Mina Okafor', async (page) => {
      await findProposal(page, returned)
      await follow(page, 'See what changed since the round before')
      assert.match(await main(page), /within three days/)
      await checkPage(page, 'proposal-changes')
      await page.goBack()
      await follow(page, 'Pass it on to the assessor')
      await press(page, 'Pass it on to the assessor')
    })
  })

  test('OFF-11: declined with reasons tied to assessed risks', async () => {
    await by('Jude Ferris', async (page) => {
      const proposal = await findProposal(page, returned)
      await judgeAll(page, proposal)
      await page.locator('[name=summary]').fill('The way back is not proved.')
      await press(page, 'Record the assessment')
    })
    await by('Soren Vale', async (page) => {
      await findProposal(page, returned)
      await follow(page, 'Make a recommendation')
      await page.getByRole('radio', { name: 'Decline' }).check()
      await page.locator('[name=reason]').fill('The way back is not proved.')
      await press(page, 'Make a recommendation')
    })
    const letter = await by('Ruth Calloway', async (page) => {
      await findProposal(page, returned)
      await follow(page, 'Decide')
      await follow(page, 'Decline')
      await page.locator('[name=reason]').fill('The risks named cannot be brought down far enough.')
      // Without a risk nothing is declined, and what was typed stays.
      await press(page, 'Decline')
      assert.match(await page.locator('.govuk-error-summary').innerText(), /at least one assessed risk/)
      assert.equal(await page.locator('[name=reason]').inputValue(), 'The risks named cannot be brought down far enough.')
      await checkPage(page, 'proposal-decline-errors')
      await page.locator('[name=factors]').first().check()
      await press(page, 'Decline')
      await page.waitForURL('**/letter')
      await checkPage(page, 'proposal-letter-declined')
      return path(page)
    })
    await by('Ash Marlow', async (page) => {
      await page.goto(letter)
      assert.match(await main(page), /Declined[\s\S]*cannot be brought down far enough[\s\S]*Risks that it rests on/)
    })
  })

  test('OWN-3: another supplier is told that the proposal is not there', async () => {
    const proposal = await by('Ash Marlow', (page) => findProposal(page, 'Refund team in Pune'))
    await by('Carys Pike', async (page) => {
      for (const at of ['', '/history', '/letter', '/thread', '/answers', '/risk']) assert.equal((await page.goto(proposal + at)).status(), 404, at)
      await checkPage(page, 'not-found')
      await page.goto('/proposals?q=Refund')
      assert.equal(await page.locator('main table').count(), 0)
    })
  })

  test('OWN-3: both sides write to each other, and a note stays inside', async () => {
    const title = 'Refund team in Pune'
    await by('Mina Okafor', async (page) => {
      const proposal = await findProposal(page, title)
      await page.goto(`${proposal}/thread`)
      await page.locator('[name=body]').fill('Who stands in when the line is down?')
      await press(page, 'Send')
      await page.locator('[name=body]').fill('Ask again before the decision.')
      await page.getByRole('checkbox', { name: /Internal note/ }).check()
      await press(page, 'Send')
      await checkPage(page, 'proposal-thread')
      await page.goto(`${proposal}/tasks`)
      await page.locator('[name=title]').fill('Send the drawing of the network')
      await page.getByRole('radio', { name: /supplier/i }).check()
      await press(page, 'Set the task')
      await checkPage(page, 'proposal-tasks')
    })
    await by('Ash Marlow', async (page) => {
      const proposal = await findProposal(page, title)
      await page.goto(`${proposal}/thread`)
      assert.match(await main(page), /Who stands in when the line is down\?/)
      assert.doesNotMatch(await main(page), /Ask again before the decision/)
      await page.goto(`${proposal}/tasks`)
      await send(page, page.getByRole('button', { name: /Mark as done/ }))
      assert.match(await main(page), /Done/)
    })
  })

  test('OFF-12: a sub-contractor drafts and never submits', () => by('Nadia Rowe', async (page) => {
    const proposal = await findProposal(page, 'Second night shift')
    await page.goto(`${proposal}/check`)
    await checkQuickly(page, 'proposal-check-sub-contractor')
    assert.match(await main(page), /Only the lead contractor/)
    assert.equal(await page.getByRole('button', { name: 'Submit the proposal' }).count(), 0)
  }))
})
