# Papers: the labels that the layout adds. The caller of `papers::render` puts them into `papers::Words`.

papers-word-marking = Marking
papers-word-reference = Reference
papers-word-date = Date
papers-word-edition = Policy edition
papers-word-ledger-entry = Ledger entry
# Called with the placeholders of `Words::page` as page and pages; the layout replaces them on every page.
papers-word-page = Page { $page } of { $pages }
