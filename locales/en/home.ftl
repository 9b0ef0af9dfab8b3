home-title = My work
home-mine = Waits for you ({ $count })
home-mine-caption = What waits for you, oldest first
home-mine-empty = Nothing waits for you
home-mine-empty-text = Well done. You get an e-mail when something does.
home-uncovered = { $count ->
    [one] 1 piece of work abroad is under way without an approval
   *[other] { $count } pieces of work abroad are under way without an approval
}
home-stale = { $count ->
    [one] 1 piece of work abroad has an approval that is stale
   *[other] { $count } pieces of work abroad have an approval that is stale
}
home-unreviewed = { $count ->
    [one] 1 piece of work abroad goes on under an approval whose review is overdue
   *[other] { $count } pieces of work abroad go on under an approval whose review is overdue
}
home-overdue = { $count ->
    [one] 1 duty of yours is overdue
   *[other] { $count } duties of yours are overdue
}
home-theirs = You wait for
home-theirs-empty = You are waiting for nobody.
home-parts = What waits for your role
home-roles = Proposals by who must act
home-bidder = Your organisation has no place in a contract yet. Nothing waits for you here.
home-bidder-now = What you can do now
home-bidder-check = Check whether work that you plan counts as offshoring
home-bidder-packs = Read the policies that apply to suppliers
home-bidder-account = Look after your account
home-bidder-later = What comes later
home-bidder-tender = You answer with a bid when a tender is opened for your organisation. You get an e-mail then.
home-bidder-contract = Once you have a place in a contract with { $authority }, you can propose work abroad here.
home-portfolio = Proposals by stage
home-all = All proposals
bid-home = Bids that wait for you
breach-home = Breaches that wait for you
ruling-home = Questions about rules that wait for you
home-urgent = Urgent approvals to ratify
home-urgent-one = { $reference }: ratify or refuse by { $day }
home-tasks-doing = Tasks to do
home-tasks-checking = Tasks to check
home-tasks-of = { $reference }: { $count ->
    [one] one task
   *[other] { $count } tasks
  }
home-tasks-near = { $tasks }: { $near }
home-tasks-first = { $reference }: { $count ->
    [one] one task
   *[other] { $count } tasks
  }, the first by { $date }
incident-home = Incidents that wait for you
home-mail = { $count ->
    [one] 1 e-mail about an incident waits for somebody
   *[other] { $count } e-mails about incidents wait for somebody
}
