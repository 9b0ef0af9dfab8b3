// Builds dist/: one style sheet, one script, the icon, the countries' outlines, each named by its content, and manifest.json
// that maps plain names to those.
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import * as sass from 'sass'
import { outlines } from './world.mjs'

const root = fileURLToPath(new URL('.', import.meta.url))
const dist = `${root}dist/`

// GOV.UK's and the Ministry of Justice's style sheets each configure the same modules and cannot be
// loaded in one compilation: they are compiled apart and joined.
function styles () {
  const compiled = ['govuk', 'moj', 'vouchsafe'].map((name) =>
    sass.compile(`${root}styles/${name}.scss`, {
      loadPaths: [root, `${root}node_modules`],
      quietDeps: true,
      silenceDeprecations: ['if-function'],
      style: 'expanded'
    }).css
  )
  // The browser's own style sheet of the search box, as its package brings it.
  return compiled.join('\n')
}

async function build () {
  const searchBox = await readFile(`${root}node_modules/accessible-autocomplete/dist/accessible-autocomplete.min.css`, 'utf8')
  const css = await esbuild.transform(`${searchBox.replace(/\/\*#.*?\*\//g, '')}\n${styles()}`, { loader: 'css', minify: true, legalComments: 'none', target: ['chrome100', 'firefox100', 'safari15'] })
  const js = await esbuild.build({
    entryPoints: [`${root}scripts/main.js`],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2019',
    legalComments: 'none',
    write: false,
    logLevel: 'warning'
  })
  const files = {
    'app.css': css.code,
    'app.js': js.outputFiles[0].text,
    'icon.svg': await readFile(`${root}images/icon.svg`, 'utf8'),
    'world.svg': await outlines()
  }

  await rm(dist, { recursive: true, force: true })
  await mkdir(dist, { recursive: true })
  const manifest = {}
  for (const [name, text] of Object.entries(files)) {
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 16)
    manifest[name] = name.replace('.', `-${digest}.`)
    await writeFile(dist + manifest[name], text)
  }
  await writeFile(`${dist}manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`)
  for (const [name, text] of Object.entries(files)) console.log(`${manifest[name]}  ${Math.ceil(Buffer.byteLength(text) / 1024)} kB`)
}

await build()
