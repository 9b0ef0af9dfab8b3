// The countries' outlines as one file that browsers keep: a path for each country, by its two-letter code. Shapes are those of Natural
// Earth at 1:110,000,000, which are in the public domain; nothing is fetched.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { geoNaturalEarth1, geoPath } from 'd3-geo'
import { feature } from 'topojson-client'

const root = fileURLToPath(new URL('.', import.meta.url))

// The same numbers stand in crates/app/src/geography/drawing.rs, which puts marks over this file.
export const FRAME = { width: 1000, height: 440, scale: 182, x: 500, y: 256 }

// The two-letter code of each number of ISO 3166-1, and where each country is drawn.
export async function positions () {
  const text = await readFile(`${root}../crates/rules/src/country/positions.txt`, 'utf8')
  const rows = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(' '))
  return rows.map(([code, number, north, east]) => ({ code, number, north: Number(north), east: Number(east) }))
}

// The shapes of a size of Natural Earth, each with its code; those of no code of their own have none.
export async function shapes (size) {
  const atlas = JSON.parse(await readFile(`${root}node_modules/world-atlas/countries-${size}.json`, 'utf8'))
  const codes = new Map((await positions()).map(({ code, number }) => [number, code]))
  const known = new Set()
  return feature(atlas, atlas.objects.countries).features.map((shape) => {
    const code = shape.properties.name === 'Kosovo' ? 'XK' : codes.get(shape.id)
    // A few reefs and bases bear the number of the country that they belong to: the first shape is the country.
    const first = code !== undefined && !known.has(code)
    if (first) known.add(code)
    return { code: first ? code : undefined, shape }
  })
}

export function projection () {
  return geoNaturalEarth1().scale(FRAME.scale).translate([FRAME.x, FRAME.y])
}

// The file. Its grey is legible on light ground and on dark.
export async function outlines () {
  const draw = geoPath(projection().clipExtent([[0, 0], [FRAME.width, FRAME.height]])).digits(1)
  const paths = (await shapes('110m'))
    .filter(({ code }) => code !== 'AQ')
    .map(({ code, shape }) => ({ code, d: draw(shape) }))
    .filter(({ d }) => d !== null)
    .map(({ code, d }) => `<path${code === undefined ? '' : ` id="${code}"`} d="${d}"/>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${FRAME.width} ${FRAME.height}"><g fill="#93a4ad" fill-opacity=".38" stroke="#7a8b95" stroke-opacity=".75" stroke-width=".6">${paths.join('')}</g></svg>\n`
}
