// Journeys through the service as its users take them. Each starts a server of its own.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { checkPage, missing, open, startBrowser, startServer } from './lib.mjs'

const serve = { args: ({ port, data }) => ['serve', '--data', data, '--listen', `127.0.0.1:${port}`] }

describe('signed out', { skip: missing() }, () => {
  let server, browser
  before(async () => {
    server = await startServer(serve)
    browser = await startBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  test('shows a front page that everybody can use', async () => {
    const page = await open(browser, server.url)
    const response = await page.goto('/')
    assert.equal(response.status(), 200)
    await checkPage(page, 'front')
  })
})
