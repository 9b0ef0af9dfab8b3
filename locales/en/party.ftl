party-name-missing = Enter the party's name
party-stale = Someone changed this party while you were writing. Compare the two versions below.
