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
pack-guidance = What to do in special cases
pack-guidance-more = { $title }: more at { $site }
pack-duty = Duty
pack-owed-by = Owed by
pack-flows-down = Flows down to every sub-contractor
pack-blocked-until-ruling = Blocked until a ruling on the contract allows it
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
pack-use = Here
pack-use-waiting = Not in use yet
pack-use-current = In use
pack-use-earlier = Earlier edition
pack-use-withdrawn = Taken out of use
pack-here = How it stands here
pack-origin = Where it comes from
pack-origin-built-in = It came with the program.
pack-origin-folder = It lies in the folder of packs.
pack-origin-installed = It was installed here.
pack-installed-at = Installed on { $date }.
pack-put = Since
pack-put-at = { $date }. Reason: { $reason }
pack-digest = Digest of its files
pack-others = Other editions:
pack-difference = See what differs
pack-install = Install an edition
pack-offers = Waiting for you to confirm
pack-offer = { $pack }, edition { $edition }
pack-offer-since = uploaded on { $date }
pack-put-in-use = Put in use
pack-move = Move contracts to it
pack-withdraw = Take out of use
# What is wrong with a pack that was handed in.
pack-fault = { $fault }
pack-file-too-large = Choose a file of at most { $mib } MiB.
pack-file-not-one = Choose a ZIP of the pack’s folder, or its pack.yaml.
pack-file-broken = The ZIP cannot be read. Pack the folder again, without a password.
pack-file-many = A pack has at most { $most } files.
pack-file-unpacked = The files of a pack are at most { $mib } MiB together.
pack-file-name = “{ $name }” is no name of a file in a pack. A pack holds pack.yaml and forms/NAME.yaml.
pack-file-link = “{ $name }” is a link. Put the file itself into the ZIP.
pack-file-not-text = “{ $name }” is no text in UTF-8. A pack holds pack.yaml and forms/NAME.yaml.
pack-file-twice = “{ $name }” is in the ZIP twice.
timeline-pack-offer = Edition uploaded
timeline-pack-discard = Upload discarded
timeline-pack-install = Edition installed
timeline-pack-put-in-use = Edition put in use
timeline-pack-withdraw = Edition taken out of use
