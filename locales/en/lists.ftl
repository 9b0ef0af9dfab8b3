# Lists taken out as files.

list-export = Download this list
list-export-text = The file holds every row that you find here, with this search and these filters. That you took it is recorded.
list-export-go = Download
list-filter-bare = Leave out the question mark: begin with the first name.
list-format = Kind of file
list-format-csv = CSV, for most programs
list-format-xlsx = Excel workbook
list-format-json = JSON, for programs
list-format-unknown = Choose one of the kinds of file that the page offers.
list-too-large = This list is too long for one file. Filter it, or choose CSV. The command “vouchsafe export” has no such limit.
list-sealed = { $label } (sealed, left out)
list-currency = { $label }: currency
list-id = Id
list-about = About
list-about-list = List
list-about-made = Made
list-about-by = By
list-about-filter = Search and filters
list-about-rows = Rows
list-about-left-out = Left out, because sealed
list-name = Name
list-supplier = Supplier
list-contract = Contract
list-pack = Policy
list-edition = Edition
list-submitted = Submitted
list-closed = Closed
list-rating = Rating
list-evidence-on = Evidence of
list-state-since = At this stage since
list-roles = Roles
list-read-only = Only reads
list-membership = Membership
list-duty-source = Source

# A whole case as one archive.

archive-title = Download the whole case
archive-text = One archive holds answers, messages, decisions, papers and files, with proofs that anybody can check. That you took it is recorded.
archive-with-sealed = Sealed answers and their files are in it, open.
archive-without-sealed = Sealed answers and their files are left out.
archive-too-large = The files of this case are larger than an archive can be, which is 3.5 GB. Download them one by one.
archive-file-version = version { $number }
archive-file-harmful = Left out: the virus scanner finds something in this file now.
archive-file-destroyed = Left out: the key of this file was destroyed.
archive-go = Download the case
archive-sealed = Sealed answers
archive-sealed-opened = Opened in this archive
archive-sealed-left-out = Left out of this archive
archive-decisions = Decisions
archive-points = Points to mend
archive-proofs = The files entries.jsonl and proofs.jsonl prove that the ledger holds what this tells of. The program ledger-verify checks the whole archive.
