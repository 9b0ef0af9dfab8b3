# Editions of packs: installed, compared, put in use; contracts moved.

edition-install-title = Install an edition of a pack
edition-install-lead = Upload the pack. You then see what it changes, and decide.
edition-install-more = Installing changes nothing yet: you put the edition in use afterwards.
edition-file = The pack
edition-file-hint = A ZIP of its folder, or pack.yaml alone where it has no forms.
edition-file-look = Upload and look
edition-file-missing = Choose the file of the pack.
edition-file-faults = The pack has faults. Nothing was installed.
edition-faults = { $count ->
    [one] 1 fault
   *[other] { $count } faults
}
edition-faults-text = Each line names file and line. Mend them and upload the pack again.
edition-preview-title = { $title }, edition { $edition }
edition-uploaded = Uploaded
edition-uploaded-at = { $date }. Nothing is installed yet.
edition-author = Author
edition-manager = Kept current by
edition-note = What this edition changes
edition-holds = Holds
edition-holds-text = Duties: { $duties }. Forms: { $forms }.
edition-digest = Digest of its files
edition-touched = What rests on this pack here
edition-touched-text = Cases under way: { $cases }. They keep the edition that they began with. Contracts that name this pack: { $contracts }. They stay on their edition until you move them.
edition-touched-nothing = No contract names this pack, and no case answers its forms.
edition-touched-caption = Contracts and cases by edition
edition-contracts = Contracts
edition-cases = Cases under way
edition-dropped-title = { $count ->
    [one] 1 question is no longer asked
   *[other] { $count } questions are no longer asked
}
edition-dropped-text = Answers stay with their cases. A new case on edition { $edition } is not asked, and leaves them out when it takes answers over.
edition-dropped-caption = Questions that are no longer asked
edition-question = Question
edition-answers = Cases with an answer
edition-confirm-title = Install it?
edition-confirm-text = Its files are kept as they are. No contract and no case changes by that.
edition-confirm = Install this edition
edition-dropping = { $answers ->
    [one] I know that new cases are no longer asked for 1 answer that a case here holds
   *[other] I know that new cases are no longer asked for { $answers } answers that cases here hold
}
edition-dropping-missing = Say that you know: questions that cases here have answered are no longer asked. Questions: { $questions }. Answers: { $answers }.
edition-discard = Discard the upload
edition-there-already = { $pack } of edition { $edition } is installed already, with the same files.
edition-built-in = Edition { $edition } of { $pack } came with the program and cannot be replaced. Give yours another edition.
edition-other-content = { $pack } of edition { $edition } is there already with other files. An edition never changes: give yours another edition.
edition-reason = Why?
edition-reason-hint = Everybody at the authority reads this beside the edition.
edition-reason-missing = Say why.
edition-use-title = Put { $title } { $edition } in use
edition-use-text = New contracts and new cases take this edition from now on.
edition-use-instead = It takes the place of edition { $edition }.
edition-use-cases = { $count ->
    [0] No case is under way.
    [one] 1 case is under way and keeps its form, its thresholds and its levels to its end.
   *[other] { $count } cases are under way and keep their forms, thresholds and levels to their end.
}
edition-use-contracts = { $count ->
    [0] No contract names this pack.
    [one] 1 contract stays on its edition until you move it.
   *[other] { $count } contracts stay on their editions until you move them.
}
edition-use-do = Put it in use
edition-in-use-already = { $pack } of edition { $edition } is in use already.
edition-withdraw-title = Take { $title } { $edition } out of use
edition-withdraw-text = No new contract and no new case takes it then. Contracts and cases that have it keep it.
edition-withdraw-do = Take it out of use
edition-out-already = { $pack } of edition { $edition } is out of use already.
edition-unfit = { $pack } of edition { $edition } cannot be put in use: proposals cannot be worked with without { $what }, each of the type that it has now. Install an edition that has them.
edition-needed = { $pack } must have an edition in use. Put another one in use first.
edition-difference-title = What differs in { $title } { $edition }
edition-difference-from = Compare with
edition-of = Edition { $edition }
edition-difference-show = Compare
edition-difference-between = From edition { $old } to edition { $new }.
edition-difference-see = See edition { $edition }
edition-difference-see-from = See what differs from edition { $edition }
edition-difference-heading = What differs from edition { $edition }, which is in use
edition-difference-only = There is no other edition to compare it with.
edition-difference-first = No edition of this pack is in use, so there is nothing to compare it with.
edition-difference-none = Nothing differs but what the edition says of itself.
edition-difference-counts = { $added } added, { $changed } changed, { $removed } removed.
edition-difference-more = See all { $count }
edition-which = Which
edition-part = What
edition-before = Before
edition-now = Now
edition-added = Added
edition-removed = Removed
edition-not-there = Not there
edition-order = As a whole
edition-yes = Yes
edition-no = No
edition-move-title = Move contracts to { $title } { $edition }
edition-move-lead = The duties of a contract follow the edition that it is on. Choose which contracts move.
edition-move-which = Which contracts?
edition-move-on = Now on edition { $edition }.
edition-move-same = The same duties are owed in the same places.
edition-move-comes = { $count ->
    [one] 1 duty comes: { $duties }.
   *[other] { $count } duties come: { $duties }.
}
edition-move-goes = { $count ->
    [one] 1 duty goes: { $duties }.
   *[other] { $count } duties go: { $duties }.
}
edition-move-duty = { $count ->
    [one] { $duty }
   *[other] { $duty } ({ $count } places)
}
edition-move-reason = Why do they move?
edition-move-reason-hint = Needed for a policy that is a draft or withdrawn, and for an earlier edition.
edition-move-do = Move the chosen contracts
edition-move-none = Choose at least one contract.
edition-move-many = Choose at most { $most } contracts at once.
edition-move-not-on = The pack is on one of these contracts in no edition. Put it on there first.
edition-move-more = These are the first { $most }. Move them, and the next ones follow.
edition-move-empty = No contract is left to move
edition-move-empty-text = Every contract under way that names this pack is on this edition.
edition-move-waits = This edition is not in use
edition-move-waits-text = Put it in use first. Then contracts can be moved to it.
edition-back = Back to the edition
edition-area-about = The edition itself
edition-area-source = The policy behind it
edition-area-parents = What it answers to
edition-area-events = What duties count from
edition-area-contract-facts = What is asked of contracts
edition-area-obligations = Duties
edition-area-clauses = Clauses
edition-area-examples = Examples
edition-area-thresholds = Thresholds
edition-area-risk-methods = How risk is judged
edition-area-control-sets = Controls
edition-area-review-intervals = Review intervals
edition-area-screening-standards = What is checked of people
edition-area-decision-levels = Who decides
edition-area-urgent-approval = Urgent approvals
edition-area-incidents = Incidents: how severe, and how soon
edition-area-countries = Countries
edition-area-country-default = Every other country
edition-area-calendar = Days that are not worked
edition-area-form = Forms
edition-area-sections = Sections
edition-area-questions = Questions
edition-part-title = Title
edition-part-text = Text
edition-part-summary = Summary
edition-part-edition = Edition
edition-part-date = Date
edition-part-author = Author
edition-part-manager = Kept current by
edition-part-change-note = What it changes
edition-part-owed-by = Owed by
edition-part-flows-down = Flows down
edition-part-when = When
edition-part-condition = Only if
edition-part-evidence = What shows it
edition-part-shown-by = Shown by
edition-part-blocked-until-ruling = Blocked until a ruling
edition-part-source = Source
edition-part-controls = Controls
edition-part-supersedes = Stricter than
edition-part-label = Question
edition-part-hint = Help
edition-part-help = Help
edition-part-type = Kind of answer
edition-part-required = Required
edition-part-sensitive = Kept sealed
edition-part-options = Choices
edition-part-max-length = Most characters
edition-part-max-words = Most words
edition-part-formats = Kinds of file
edition-part-max-mib = Largest file in MiB
edition-part-at-least = Not below
edition-part-must = Must hold
edition-part-min = Least
edition-part-max = Most
edition-part-integer = Whole numbers only
edition-part-allow-unknown = “Not known” allowed
edition-part-refuse = Refused
edition-part-country = Country
edition-part-item = One entry
edition-part-min-items = Fewest entries
edition-part-max-items = Most entries
edition-part-section = Section
edition-part-group = Within
edition-part-order = Order
edition-part-value = Number
edition-part-unit = Unit
edition-part-every = How often
edition-part-role = Who decides
edition-part-quorum = How many
edition-part-days = Days
edition-part-roles = Roles
edition-part-ratify = Ratifying
edition-part-refusals = Refusals in a row
edition-part-marking = Marking
edition-part-form = Form
edition-part-severity = How severe
edition-part-people = People
edition-part-records = Records
edition-part-services-down = Services down
edition-part-special-category = Data that the law protects specially
edition-part-encrypted-at-most = Most for what was encrypted
edition-part-loss = Loss
edition-part-categories = Categories
edition-part-service-levels = How soon
edition-part-low = Low
edition-part-moderate = Moderate
edition-part-high = High
edition-part-critical = Critical
edition-part-acknowledge = Acknowledged
edition-part-first-update = First update
edition-part-close = Closed
edition-part-status = Standing
edition-part-withdrawn-on = Withdrawn on
edition-part-superseded-by = What took its place
edition-part-publisher = Publisher
edition-part-prefix = Beginning of its paragraphs
edition-part-note = Note
edition-part-framework = Framework
edition-part-requirement = Requirement
edition-part-facts = Facts
edition-part-outcome = Outcome
edition-part-outcomes = Outcomes
edition-part-likelihood = Likelihood
edition-part-impact = Impact
edition-part-ratings = Ratings
edition-part-matrix = Matrix
edition-part-factors = Factors
edition-part-paths = Paths
edition-part-asks = Asks
edition-part-reason = Reason
edition-part-review = Review
edition-part-level = Level
edition-part-rating = Rating
edition-part-checks = Checks
edition-part-adequacy = Adequacy
edition-part-adequacy-note = What that covers
edition-part-transfer = Transfer
edition-part-local-conditions = Local conditions
edition-part-as-of = As of
edition-part-reference = Where it is written
edition-part-weekend = Weekend
edition-part-holidays = Holidays
edition-part-intro = Introduction
edition-part-minutes = Minutes
edition-part-have-ready = What to have at hand
edition-part-read-by = Who reads it
edition-part-after = What happens after
edition-part-standard = Standard
edition-part-id = Id
edition-part-pack = Pack
