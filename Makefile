# Prerequisites: Rust (see rust-version in Cargo.toml), Node 20 or later with npm, make.

.PHONY: assets assets-test

# The style sheet, the script and the icon of the pages, into web/dist, which the program embeds.
assets: web/dist/manifest.json

web/node_modules/.installed: web/package-lock.json web/.npmrc
	cd web && npm ci --silent && touch node_modules/.installed

web/dist/manifest.json: web/node_modules/.installed web/package.json web/build.mjs $(shell find web/styles web/scripts web/images -type f)
	cd web && npm run --silent build

# Conditions in the browser agree with the server's; the brand's colours are legible.
assets-test: web/node_modules/.installed
	cd web && npm test --silent
