# Weaknesses that incidents showed (SEC-21, SEC-22).

nav-weaknesses = Weaknesses
weakness-list-title = Weaknesses
weakness-list-search = Search by name
weakness-list-empty = No weaknesses yet
weakness-list-empty-text = A weakness is what let an incident happen, and may let the next. Note one on the page of the incident that showed it.
weakness-add = Note a weakness
weakness-change = Change { $name }
weakness-stale = Someone changed this weakness while you were writing. Compare the two versions below.
weakness-party-wrong = Choose a supplier from the list
weakness-contract-wrong = This supplier does not stand in the chain of that contract. Choose another one, or none.

weakness-field-name = What is it called?
weakness-field-name-hint = A few words by which others find it, such as “Laptops without a lock”. Whoever reads an incident that showed it reads this: name no other supplier.
weakness-field-state = State
weakness-field-state-open = Open
weakness-field-state-resolved = Resolved
weakness-field-party = Supplier
weakness-field-party-hint = Leave this empty if it is the authority’s own, or if many share it.
weakness-field-contract = Contract
weakness-field-contract-hint = Leave this empty if it lies under no contract alone.
weakness-field-found-in = Where was it found?
weakness-field-found-in-hint = A system, a place, or a way of working.
weakness-field-about = What is weak?
weakness-field-about-hint = Suppliers whose incidents showed it read this: name no other supplier.
weakness-field-noted-on = Noted on
weakness-field-resolved-on = Resolved on
weakness-field-resolution = How it was resolved

timeline-weakness-add = Noted
timeline-weakness-change = Changed
timeline-weakness-tie = { $reference } showed it
timeline-weakness-untie = { $reference } untied from it
timeline-weakness-resolve = Resolved: { $how }
timeline-weakness-reopen = Open again: { $why }

weakness-next-open = This is open. Order what resolves it, and say how it was resolved once it is.
weakness-resolve = Say how it was resolved
weakness-how = How was it resolved?
weakness-how-hint = Suppliers whose incidents showed it read this: name no other supplier.
weakness-people-out = This holds data about people: { $kinds }. Take it out: suppliers whose incidents showed the weakness read this.
weakness-how-missing = Say how it was resolved
weakness-on = On which day?
weakness-on-missing = Give the day on which it was resolved
weakness-on-to-come = This day has not come yet
weakness-resolve-tasks = These tasks are still open. They stay open when you go on.
weakness-resolved-already = This weakness is resolved already
weakness-reopen = It is open again
weakness-why = Why is it open again?
weakness-why-hint = How it had been resolved stays in its history.
weakness-why-missing = Say why it is open again
weakness-open-already = This weakness is open

weakness-incidents = Incidents that showed it
weakness-incidents-none = No incident that you read showed it
weakness-incidents-none-text = Weaknesses are tied to the incidents that showed them. More than one can show the same.
weakness-tie = Tie an incident
weakness-tie-reference = Which other incident showed it?
weakness-tie-reference-hint = Its reference, such as INC-2026-000001.
weakness-untie = Untie
weakness-tasks = What is done about it
weakness-tasks-none = Nothing is ordered yet
weakness-tasks-none-text = What is to be done about a weakness is set as a task of an incident that showed it.
weakness-order = Order what is to be done
weakness-order-with = With which incident?
weakness-order-with-hint = Whoever reads that incident does the task or sees it done.
weakness-order-with-missing = Choose the incident with which the task is set

incident-tab-weaknesses = Weaknesses
weakness-of-incident = Weaknesses that it showed
weakness-of-incident-about = A weakness is what let this happen, and may let the next. Several incidents may show the same one.
weakness-of-incident-none = No weakness is tied to this incident
weakness-of-incident-none-text = The authority notes here what the incident showed to be weak, and how that was resolved.
weakness-note = Note a new weakness
weakness-tie-existing = Or tie one that is noted already
weakness-tie-which = Which weakness did it show?
weakness-tie-it = Tie it
weakness-tie-missing = Choose a weakness
weakness-brief = { $count ->
    [one] It showed one weakness that is still open:
   *[other] It showed { $count } weaknesses that are still open:
  }
weakness-brief-closed = { $count ->
    [one] It is over, and one weakness that it showed is still open:
   *[other] It is over, and { $count } weaknesses that it showed are still open:
  }
moment-incident-weakness-tied = A weakness that it showed was tied to it
moment-incident-weakness-untied = A weakness was untied from it
