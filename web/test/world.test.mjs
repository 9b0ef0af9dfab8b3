// The map's outlines and the places of its marks belong together, and the file stays small.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { geoArea, geoCentroid, geoContains, geoDistance } from 'd3-geo'
import { FRAME, outlines, positions, projection, shapes } from '../world.mjs'

const rows = await positions()

test('every country has one position, and it lies within the map', () => {
  assert.equal(rows.length, 250)
  assert.equal(new Set(rows.map(({ code }) => code)).size, 250)
  assert.deepEqual(rows.map(({ code }) => code), rows.map(({ code }) => code).sort())
  for (const { code, north, east } of rows) {
    const [x, y] = projection()([east, north])
    assert.ok(x >= 0 && x <= FRAME.width && y >= 0, `${code} lies at ${x}, ${y}`)
    // Antarctica alone lies below the map: its mark is drawn at the lower edge.
    assert.ok(y <= FRAME.height || code === 'AQ', `${code} lies at ${x}, ${y}`)
  }
})

test('a position is the middle of the largest part of its country', async () => {
  const parts = ({ type, coordinates }) => type === 'Polygon' ? [{ type, coordinates }] : coordinates.map((one) => ({ type: 'Polygon', coordinates: one }))
  const byCode = new Map(rows.map((row) => [row.code, row]))
  let held = 0
  for (const { code, shape } of await shapes('50m')) {
    if (code === undefined) continue
    const largest = parts(shape.geometry).sort((a, b) => geoArea(b) - geoArea(a))[0]
    const { north, east } = byCode.get(code)
    const off = geoDistance([east, north], geoCentroid(largest)) * 180 / Math.PI
    assert.ok(off < 0.2, `${code} is ${off} degrees off`)
    held += 1
  }
  assert.equal(held, 236)
})

test('the outlines are one path a country, by code, in one small file', async () => {
  const svg = await outlines()
  const ids = [...svg.matchAll(/<path id="([A-Z]{2})"/g)].map(([, id]) => id)
  assert.equal(new Set(ids).size, ids.length)
  const known = new Set(rows.map(({ code }) => code))
  assert.ok(ids.every((id) => known.has(id)))
  // 177 shapes, Antarctica left out, two of them of no code.
  assert.equal(ids.length, 174)
  assert.equal([...svg.matchAll(/<path/g)].length, 176)
  for (const code of ['GB', 'IN', 'US', 'XK', 'NZ']) assert.ok(ids.includes(code), code)
  assert.ok(Buffer.byteLength(svg) < 120_000, `${Buffer.byteLength(svg)} bytes`)
  // Whoever opens the file finds nothing that runs, and nothing from elsewhere.
  assert.doesNotMatch(svg, /<script|<style|href|url\(/)
})

test('marks stand where outlines are', async () => {
  const india = (await shapes('110m')).find(({ code }) => code === 'IN').shape
  const { north, east } = rows.find(({ code }) => code === 'IN')
  assert.ok(geoContains(india, [east, north]))
})
