# Where a pack and the policy behind it stand.

packs-edition = { $pack }, edition { $edition } of { $date }, by { $author }, kept current by: { $manager }. { $note }
packs-standing-draft = “{ $policy }” is a draft and not yet in force.
packs-standing-in-force = “{ $policy }” is in force.
packs-standing-withdrawn = Its publisher has withdrawn “{ $policy }”. We do not know the date.
packs-standing-withdrawn-on = Its publisher withdrew “{ $policy }” on { $date }.
packs-standing-superseded = Another policy has replaced “{ $policy }”. We do not know the date.
packs-standing-superseded-on = Another policy replaced “{ $policy }” on { $date }.
packs-successor = “{ $title }” takes its place. We do not know its date.
packs-successor-dated = “{ $title }” of { $date } takes its place.
packs-successor-untitled = A policy of { $date } takes its place. We do not know its title.
packs-successor-unknown = We do not yet know what takes its place.
packs-successor-unseen = We have not seen the new text.
