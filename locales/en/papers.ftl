# Papers: the labels that the layout adds, and the page on which a paper is checked.

papers-word-marking = Marking
papers-word-reference = Reference
papers-word-date = Date
papers-word-edition = Policy edition
papers-word-ledger-entry = Ledger entry
papers-word-code = Code
# Called with the placeholders of `Words::page` as page and pages; the layout replaces them on every page.
papers-word-page = Page { $page } of { $pages }

# At the end of every paper.
papers-check-here = Anybody can check that this paper is genuine: enter the code { $code } at { $address }.

papers-check-title = Is this paper genuine?
papers-check-lead = Every letter and statement that we make bears a code. Enter it to see what we know of the paper. The page shows nothing of its contents.
papers-code = Code on the paper
papers-code-hint = 20 letters and digits in groups of four, for example K7QF-2M9X-4TBD-0RWE-H3JC. It stands on the first page.
papers-code-malformed = Enter all 20 letters and digits of the code. It has no letter U.
papers-code-unknown = We made no paper with this code. Compare each group with the paper, and ask the sender if it stays unknown.
papers-check-button = Check
papers-genuine = This code is genuine.
papers-genuine-text = { $authority } made one paper with it. Compare what stands here with the paper in your hand; if anything differs, it was changed.
papers-fact-kind = What it is
papers-fact-reference = Reference
papers-fact-date = Made on
papers-fact-edition = Policy edition
papers-fact-entry = Ledger entry
papers-fact-digest = SHA-256 of the file
papers-kind-letter = Decision letter
papers-kind-proposal = Proposal as handed in
papers-kind-obligations = Statement of duties
papers-kind-assessment = Assessment of risk
papers-kind-schedule = Conditions of the approval
papers-kind-report = Report of an incident
papers-kind-acknowledgement = Acknowledgement of a report
papers-kind-plan = Security plan
papers-kind-change = Change of the security plan
papers-list = Papers
papers-link = { $kind }, made on { $date }
papers-size = PDF, { $kib } KiB
papers-make-letter = Get the letter as PDF
papers-make-proposal = Get the answers as PDF
papers-make-assessment = Get the assessment as PDF
papers-make-schedule = Get the conditions as PDF
papers-make-report = Get the report as PDF
papers-make-acknowledgement = Get the acknowledgement as PDF
papers-make-plan = Get the plan as PDF
papers-make-change = Get the change as PDF
papers-make-obligations = Get a statement of these duties as PDF
