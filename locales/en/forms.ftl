# What is wrong with an answer, and what to do. $label is the question as asked.
# The catalogue's arguments arrive as text; $name, $item and the numbers are short.

forms-enter = Enter an answer to “{ $label }”.
forms-choose = Choose an answer to “{ $label }”.
forms-too-few-entries = Add at least { $min } to “{ $label }”: { $item }.
forms-too-many-entries = Keep “{ $label }” to { $max } entries or fewer.

forms-enter-amount = Enter the amount for “{ $label }”.
forms-enter-currency = Choose the currency for “{ $label }”.
forms-enter-from = Enter the first day of “{ $label }”.
forms-enter-to = Enter the last day of “{ $label }”.
forms-enter-moment-date = Enter the date for “{ $label }”.
forms-enter-lines = Enter the building and street for “{ $label }”.
forms-enter-town = Enter the town or city for “{ $label }”.
forms-enter-postcode = Enter the postcode for “{ $label }”.
forms-enter-country = Enter the country for “{ $label }”.
forms-choose-file = Choose a file for “{ $label }”.
forms-not-file = The file of “{ $label }” is no longer here. Choose one again.
forms-enter-note = Describe the document for “{ $label }”.
forms-enter-reference = Enter the reference of the document for “{ $label }”.
forms-enter-date = Enter the date of the document for “{ $label }”.
forms-enter-name = Enter the name of the person for “{ $label }”.
forms-enter-role = Enter the person’s role for “{ $label }”.
forms-enter-organisation = Enter the person’s organisation for “{ $label }”.
forms-enter-email = Enter the e-mail address for “{ $label }”.
forms-enter-telephone = Enter the telephone number for “{ $label }”.
forms-enter-address = Enter the postal address for “{ $label }”.
forms-enter-responsibility = Say what the person is responsible for, for “{ $label }”.

forms-not-text = Enter words as the answer to “{ $label }”.
forms-too-long = Shorten the answer to “{ $label }” to { $max } characters or fewer. It has { $length }.
forms-too-many-words = Shorten the answer to “{ $label }” to { $max } words or fewer. It has { $length }.
forms-too-many-choices = Choose { $max } or fewer for “{ $label }”. You chose { $length }.
forms-too-few-choices = Choose at least { $min } for “{ $label }”.
forms-must = Correct the answer to “{ $label }”: { $says }
forms-below-other = Enter { $min } or more for “{ $label }”, which must not be below the answer beside it.
forms-before-other = Enter { $min } or later for “{ $label }”, which must not be before the answer beside it.
forms-file-format = Choose a file for “{ $label }” that ends in one of these: { $formats }.
forms-file-too-large = Choose a file of { $mib } MiB or less for “{ $label }”.
forms-one-line = Put the answer to “{ $label }” on one line.
forms-control-characters = Retype the answer to “{ $label }”. It holds characters that cannot be shown.
forms-not-number = Enter a number for “{ $label }”, for example 12.5.
forms-not-whole-number = Enter a whole number for “{ $label }”, for example 12.
forms-too-small = Enter { $min } or more for “{ $label }”.
forms-too-large = Enter { $max } or less for “{ $label }”.
forms-not-amount = Enter an amount for “{ $label }”, for example 1250 or 1250.50.
forms-not-currency = Choose the currency for “{ $label }”, for example GBP.
forms-not-date = Enter a real date for “{ $label }”, for example 27 3 2027.
forms-not-time = Enter the time for “{ $label }” as a 24-hour clock shows it, such as 14:30. Leave it empty if it is not known.
forms-date-too-early = Enter { $min } or a later date for “{ $label }”.
forms-date-too-late = Enter { $max } or an earlier date for “{ $label }”.
forms-period-order = Enter a last day that is not before the first day of “{ $label }”.
forms-not-yes-no = Choose one of the answers to “{ $label }”.
forms-not-option = Choose from the options of “{ $label }”.
forms-not-list = Answer “{ $label }” with a list.
forms-repeated = Choose each answer to “{ $label }” once.
forms-not-country = Enter a country that we know for “{ $label }”, for example India.
forms-not-party = Choose an organisation from the register for “{ $label }”.
forms-site-elsewhere = The site chosen for “{ $label }” lies in { $country }. Choose another site, or correct the country.
forms-not-site = Choose a site from the register for “{ $label }”.
forms-not-email = Enter an e-mail address for “{ $label }”, for example name@organisation.example.
forms-not-telephone = Enter a telephone number for “{ $label }”, for example +44 20 7946 0000.
forms-wrong-shape = Answer each part of “{ $label }”.
forms-unknown-question = Take out “{ $name }”. This form does not ask for it.

forms-home-address = Enter a work address for “{ $label }”. Do not give anyone’s home address.
forms-home-yes = Take this address out. Do not give anyone’s home address; answer the questions on home working instead.
