# The page on which a share of the master key is printed. `authority`, `address`: the service. `key`, `set`: names in hexadecimal digits.
keys-share-head =
    SHARE { $number } OF { $total } OF A MASTER KEY
    { $authority }, Vouchsafe at { $address }
    Key { $key }. Set { $set }. Made on { $day }.

    The master key opens all that this service keeps sealed. It was split into
    { $total } shares. Any { $threshold } of them make it again; fewer tell nothing of it.
    These are the lines of this share:
keys-share-foot =
    HOW TO KEEP IT
    Put this page into an envelope, seal it and sign across the flap. Keep it where
    the other shares are not: in your own safe, never in a mailbox or a picture.
    Make no copy. When you leave, hand it over against a signature.
    If it is lost or was seen by others, tell whoever runs the service at once.

    HOW TO USE IT
    { $threshold } holders come together at the service. There they type the numbered
    lines above, after this command:  vouchsafe keys restore
    A slip is found, and the group is named. The letters I, L, O and U never occur.
    Capital or small letters, blanks and hyphens do not matter.

    When a newer set is made of the same key, this one still works. When the key is
    changed, it opens only backups from before.
