home-title = My work
home-mine = Waits for you ({ $count })
home-mine-caption = What waits for you, oldest first
home-mine-empty = Nothing waits for you
home-mine-empty-text = Well done. You get an e-mail when something does.
home-overdue = { $count ->
    [one] 1 duty of yours is overdue
   *[other] { $count } duties of yours are overdue
}
home-theirs = You wait for
home-theirs-empty = You are waiting for nobody.
home-portfolio = Proposals by stage
home-all = All proposals
