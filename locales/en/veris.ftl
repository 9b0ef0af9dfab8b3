# What is said of an incident that is read from VERIS.
veris-not-json = Line { $line } holds something that is not JSON. Ask whoever made the file for it again.
veris-not-text = Line { $line } holds bytes that are not UTF-8 text. Save the file as UTF-8, then import it again.
veris-cut-off = What begins on line { $line } breaks off before its end. Get the file again, then import it again.
veris-too-deep = What begins on line { $line } is nested too deeply to be an incident.
veris-number = What begins on line { $line } holds a number that is too large.
veris-too-large = What begins on line { $line } is larger than { $mib } MiB, the most that an incident may be.
veris-not-an-object = What begins on line { $line } is not a JSON object. Write each incident as one.
veris-no-incident = What begins on line { $line } is no incident. It has none of the fields that tell one, such as incident_id or timeline.
veris-edition = This is VERIS { $edition }. Convert it to VERIS 1.3 or 1.4, then import it again.
veris-missing = { $path } is missing. Fill it in, then import it again.
veris-wrong-type = { $path } must be { $expected ->
    [text] a text
    [texts] a list of texts
    [whole] a whole number, zero or more
    [number] a number
    [objects] a list of objects
    [categories] a list of categories
   *[object] an object
}.
veris-out-of-range = { $path } is { $value }. It must be from { $min } to { $max }.
veris-too-long = { $path } is longer than { $max } characters. Shorten it, then import it again.
veris-too-many = { $path } has more than { $max } { $max ->
    [1] entry
   *[other] entries
}.
veris-nul = { $path } holds the character U+0000, which cannot be kept. Take it out, then import it again.
veris-not-ours = { $path } cannot be read. Take the part “vouchsafe” out of “plus”, then import it again.
veris-duplicate = Another incident with the id { $id }, but with other content, came before in this input.
veris-repeated = The same incident came before in this input.
veris-no-date = { $path } says { $date }, which is not a date. It is kept as written, and counts only as far as it makes sense.
veris-unknown-word = { $path } says “{ $word }”, which VERIS 1.3 and 1.4 do not know. It is kept as written, and adds no category.
veris-more = { $count } more { $count ->
    [one] thing was
   *[other] things were
} noted.
