// Webhooks: an administrator has another system told of changes, sees that a message did not arrive, and sends it again.
import assert from 'node:assert/strict'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { checkPage, checkQuickly, missing, PHONE, startBrowser } from './lib.mjs'
import { follow, main, path, press, send, startDemo, visits, through } from './people.mjs'

// A port of this machine on which nobody listens.
async function closedPort () {
  const probe = createServer()
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return port
}

// The other system, once it runs: it keeps what it is sent.
async function receiver (port) {
  const got = []
  const server = createHttpServer((request, response) => {
    let body = ''
    request.on('data', (part) => { body += part })
    request.on('end', () => {
      got.push({ headers: request.headers, body: JSON.parse(body) })
      response.writeHead(204).end()
    })
  })
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
  return { got, stop: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve) }) }
}

describe('webhooks', { skip: missing() }, () => {
  let demo, browser, port, other
  before(async () => {
    port = await closedPort()
    demo = await startDemo({ VOUCHSAFE_WEBHOOKS_ALLOW_PRIVATE: 'true' })
    browser = await startBrowser()
  })
  after(async () => {
    await other?.stop()
    await browser?.close()
    await demo?.stop()
  })
  const by = visits(() => ({ browser, demo }))
  const ada = (what, options) => by('Ada Penhallow', what, options)
  // The page of the hook, as soon as it says so.
  const says = async (page, wanted) => {
    for (const until = Date.now() + 15000; Date.now() < until; await wait(200)) {
      await page.reload()
      if (wanted.test(await main(page))) return
    }
    assert.fail(`${wanted} does not appear:\n${await main(page)}`)
  }

  let hook
  test('an administrator adds a webhook, and what is wrong with it is said', () => ada(async (page) => {
    await page.goto('/')
    await through(page, 'Administration', 'Webhooks')
    await checkPage(page, 'webhooks-none')
    await follow(page, 'Add a webhook')
    await page.locator('[name=name]').fill('Ticket system')
    await page.locator('[name=url]').fill(`http://ada:secret@127.0.0.1:${port}/hook`)
    await press(page, 'Save')
    assert.match(await page.locator('.govuk-error-summary').innerText(), /Leave the password out of the address/)
    await checkPage(page, 'webhook-refused')
    await page.locator('[name=url]').fill(`http://127.0.0.1:${port}/hook`)
    await page.locator('[name=actions]').fill('site.\nparty.add')
    await press(page, 'Save')
    await page.getByRole('heading', { level: 1, name: 'Ticket system' }).waitFor()
    hook = path(page)
    assert.match(await main(page), /No messages yet/)
    await press(page, 'Show the secret')
    assert.match(await main(page), /whsec_/)
    await checkQuickly(page, 'webhook-secret')
  }))

  test('a message that does not arrive is listed with the reason', () => ada(async (page) => {
    await page.goto(hook)
    await send(page, 'Send a test message')
    await says(page, /webhook\.test[\s\S]*To be sent[\s\S]*no connection \(try 1\)/)
    await page.goto('/parties/add')
    await page.locator('[name=name]').fill('Bowline Support')
    await page.locator('main form button[type=submit]').first().click()
    await page.getByRole('heading', { level: 1, name: 'Bowline Support' }).waitFor()
    await page.goto(hook)
    await says(page, /party\.add[\s\S]*no connection \(try 1\)/)
    await checkPage(page, 'webhook-not-delivered')
  }))

  test('once the other system runs, it is sent again, on a telephone too', () => ada(async (page) => {
    other = await receiver(port)
    await page.goto(hook)
    await send(page, page.locator('main tbody tr', { hasText: 'party.add' }).getByRole('button', { name: /^Send again/ }))
    await says(page, /party\.add[\s\S]*Delivered[\s\S]*answered 204/)
    const [told] = other.got
    assert.equal(told.body.type, 'party.add')
    assert.ok(told.headers['webhook-id'] && told.headers['webhook-signature'].startsWith('v1,'), JSON.stringify(told.headers))
    assert.ok(!JSON.stringify(told.body).includes('Bowline'), 'what people wrote stays here')
    await page.locator('main').getByRole('link', { name: 'Delivered', exact: true }).click()
    assert.ok(!(await main(page)).includes('webhook.test'))
    await checkPage(page, 'webhook-delivered')
  }, { viewport: PHONE }))
})
