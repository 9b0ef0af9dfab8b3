## Who decides in whose place

delegation-title = Who decides while you are away
delegation-about = For days on which you are away, name a colleague who decides in your place. They decide and do no more of your role. Every decision says that it was made for you. You can still decide yourself.
delegation-new = Name somebody
delegation-new-about = They get an e-mail, and find your cases under “Switch role” from the first day on. On the day after the last one it ends by itself. Nobody decides in your place what you had a hand in, or they had.
delegation-make = Let them decide
delegation-not-yours = Nothing is decided in your role, so there is nothing to pass on. Work that you took on is passed on case by case.
delegation-not-in-anothers-place = You act in somebody else’s place, and what is theirs to give you cannot pass on. Switch to your own role first.
delegation-given = You named
delegation-given-none = Nobody decides in your place.
delegation-had = You stand in for
delegation-all = Everybody’s
delegation-had-none = You decide in nobody’s place.
delegation-to = Who decides
delegation-to-hint = Somebody with a role here, who audits nothing.
delegation-by = Who is away
delegation-role = In which of your roles
delegation-role-one = In your role: { $role }.
delegation-from = First day
delegation-until = Last day
delegation-when = Days
delegation-days = { $from } to { $until }
delegation-reason = Why
delegation-reason-hint = For example: on leave. The person whom you name reads it, and whoever keeps or audits accounts.
delegation-planned = To come
delegation-runs = Runs
delegation-over = Over
delegation-ended = Ended early
delegation-end = End
delegation-switch = Switch role
delegation-see = See or end it
delegation-now-had = You may decide for { $name } until { $until }.
delegation-now-acting = You are acting for them now.
delegation-now-given = { $name } may decide for you until { $until }.
delegation-nobody = Nobody can stand in
delegation-nobody-text = Nobody else has a role at the authority that goes with deciding. An administrator can invite somebody.
delegation-days-order = The last day is before the first. Enter a last day on or after it
delegation-from-past = The first day is past. Enter today or a later day
delegation-too-long = At most { $max } days. If you are away for longer, ask an administrator to give the role to somebody
delegation-taken = Somebody decides for you from { $from } to { $until } already. End that first, or choose other days
delegation-reason-missing = Enter why somebody decides in your place
delegation-role-wrong = Choose a role of yours that decides
delegation-to-missing = Choose who decides in your place
delegation-to-self = Choose somebody else: you decide for yourself already
delegation-until-gone = Your own account ends before that. Enter an earlier last day
delegation-to-wrong = Choose somebody else: they need an active account here until the last day that may do more than read, and must not audit
delegation-ended-already = It has ended already.
delegation-stale = Somebody changed it meanwhile. Look at it again.
delegation-mail-made-subject = You decide for { $name } from { $from }
delegation-mail-made =
    { $name } asks you to decide in their place in { $service }, as { $role }, from { $from } to { $until }.

    Sign in and choose “Switch role” under your name. Every decision that you make then says that you made it for them.

    If you cannot, end it here:

    { $link }
delegation-mail-ended-subject = You no longer decide for { $name }
delegation-mail-ended =
    You no longer decide for { $name } in { $service } as { $role }. It was to run from { $from } to { $until }.

    { $link }
delegation-mail-back-subject = { $name } no longer decides for you
delegation-mail-back =
    { $name } no longer decides for you in { $service } as { $role }. It was to run from { $from } to { $until }.

    Until you name somebody else, your decisions wait for you:

    { $link }
moment-delegation-make = Named who decides in their place
moment-delegation-end = Ended that somebody decides in another’s place
