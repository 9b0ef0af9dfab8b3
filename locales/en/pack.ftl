nav-packs = Packs
pack-list-title = Policy packs
pack-list-lead = A pack is one policy as we apply it: who owes what, which questions are asked, how risk is judged.
pack-title = Policy
pack-status = Standing
pack-edition = Edition
pack-date = Date
pack-status-draft = Draft
pack-status-in-force = In force
pack-status-withdrawn = Withdrawn
pack-status-superseded = Superseded
pack-parents = What it answers to
pack-duties = Duties
pack-duty = Duty
pack-owed-by = Owed by
pack-flows-down = Flows down to every sub-contractor
pack-when = When
pack-evidence = What shows it
pack-source = Source
pack-when-always = At all times
pack-when-before = Before: { $what }
pack-when-on = On: { $what }
pack-when-within = Within { $interval } of: { $what }
pack-when-every = Every { $interval }, from: { $what }
pack-waits-before = Before this, whose day is not known yet: { $what }
pack-waits-on = When this happens: { $what }
pack-waits-within = Within { $interval } of this: { $what }
pack-waits-every = Every { $interval }, once this has happened: { $what }
pack-every = Every { $interval }
pack-thresholds = Thresholds
pack-intervals = Review intervals
pack-forms = Forms
pack-owed-supplier = Supplier
pack-owed-lead-supplier = Lead supplier
pack-owed-bidder = Bidder
pack-owed-administrator = Administrator
pack-owed-security = Security
pack-owed-contract-manager = Contract manager
pack-owed-assessor = Assessor
pack-owed-procurement-lead = Procurement lead
pack-owed-owner = Owner
pack-owed-management = Management
pack-owed-legal = Legal
pack-owed-data-controller = Data controller
pack-owed-internal-audit = Internal audit
pack-years = { $count ->
    [one] 1 year
   *[other] { $count } years
}
pack-months = { $count ->
    [one] 1 month
   *[other] { $count } months
}
pack-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
pack-working-days = { $count ->
    [one] 1 working day
   *[other] { $count } working days
}
pack-unit-people = people
pack-unit-records = records
pack-unit-sites = sites
pack-unit-countries = countries
pack-unit-items = items
pack-unit-count = { "" }
pack-unit-minutes = minutes
pack-unit-hours = hours
pack-unit-days = days
pack-unit-working-days = working days
pack-unit-weeks = weeks
pack-unit-months = months
pack-unit-years = years
pack-unit-percent = percent
